// The rows of an open section: one sentence each, checked as it is left.
import { all, api, element, one, send } from "./page.js";

export function claimOf(row) {
  return { ...JSON.parse(row.dataset.content), text: one("textarea", row).value.trim() };
}

function changed(row) {
  return claimOf(row).text !== (JSON.parse(row.dataset.content).text || "");
}

/** New words without passages: those are looked for by the service. */
function asWritten(row) {
  const claim = claimOf(row);
  return changed(row) ? { ...claim, cites: claim.cites || [] } : claim;
}

export async function check(row) {
  const text = one("textarea", row).value.trim();
  if (!text || row.dataset.checked === text || !changed(row)) return;
  row.dataset.checked = text;
  const beside = one(".beside", row);
  beside.className = "beside";
  beside.textContent = "Checking…";
  const key = row.closest(".part").dataset.key;
  const answer = await send("POST", api(`/sections/${key}/check`), { claims: [asWritten(row)] });
  if (one("textarea", row).value.trim() !== text) return;
  beside.replaceChildren();
  if (!answer.ok) {
    row.dataset.checked = "";
    beside.textContent = `Not checked: ${answer.body.detail}`;
    return;
  }
  const verdict = answer.body.claims[0].verdict;
  const good = verdict.label === "supported";
  const open = verdict.label === "unchecked" && verdict.failures.length === 0;
  const words = good ? "✓ Supported by its sources." : open ? "Not checked." : `✗ ${verdict.label}; it would be withheld.`;
  if (!open) beside.classList.add(good ? "good" : "bad");
  beside.append(element("strong", words));
  for (const failure of verdict.failures) beside.append(element("div", `${failure.check}: ${failure.reason}`));
  for (const warning of verdict.warnings) beside.append(element("div", `! ${warning}`));
  for (const span of verdict.evidence.slice(0, 2)) beside.append(element("div", `“${span.text}” (${span.source})`, "quiet"));
}

/** Adds a row at the end: a new sentence, unless one is given. */
export function addRow(form, row = one("#blank-row").content.firstElementChild.cloneNode(true)) {
  one(".rows", form).append(row);
  return row;
}

/** Takes a sentence out, or back in. */
export function strike(row) {
  const gone = row.classList.toggle("gone");
  one("[data-do=remove]", row).textContent = gone ? "Keep" : "Remove";
  one("textarea", row).readOnly = gone;
}

function isRemoved(row) {
  return row.classList.contains("gone") || !one("textarea", row).value.trim();
}

/** What an open section says now, as the service takes it. */
export function edits(form) {
  return all(".edit-row", form)
    .filter((row) => !isRemoved(row) || (row.dataset.claim && row.dataset.shown === "yes"))
    .map((row) => {
      const edit = {};
      const reason = one("[name=reason]", row)?.value;
      if (row.dataset.claim) edit.id = row.dataset.claim;
      if (reason && (isRemoved(row) || changed(row))) edit.reason = reason;
      if (isRemoved(row)) return { ...edit, remove: true };
      if (!row.dataset.claim || changed(row)) edit.claim = asWritten(row);
      const why = one("[name=restore]", row)?.value.trim();
      if (why) edit.restore = why;
      if (why && one("[name=public]", row)?.checked) edit.public = true;
      return edit;
    });
}

export function move(button, step) {
  const row = button.closest(".edit-row");
  const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (step < 0) other.before(row); else other.after(row);
  button.focus();
}
