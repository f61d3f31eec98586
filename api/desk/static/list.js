// The list: moving from row to row.
import { all, one } from "./page.js";

export function moveInList(step) {
  const rows = all(".row");
  const at = rows.findIndex((row) => row.classList.contains("at"));
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  if (!next) return;
  rows.forEach((row) => row.classList.toggle("at", row === next));
  one(".go", next).focus();
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.(".row");
  if (row) all(".row").forEach((other) => other.classList.toggle("at", other === row));
});
