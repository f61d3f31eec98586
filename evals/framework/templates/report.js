"use strict";
// Sorts and filters the table of claims.  Without it the table is whole, worst first.
const table = document.querySelector(".claims");
const body = table.tBodies[0];
const rows = [...body.rows];
const order = new Map(rows.map((row, place) => [row, place]));
const controls = document.querySelector(".filters");
const search = controls.querySelector("input");
const choices = [...controls.querySelectorAll("select")];
const told = controls.querySelector("output");
const texts = new Map();

function text(row) {
  if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
  return texts.get(row);
}

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const kept =
      choices.every((one) => !one.value || JSON.parse(row.dataset[one.name]).includes(one.value)) &&
      words.every((word) => text(row).includes(word));
    row.hidden = !kept;
    shown += kept;
  }
  told.textContent = `${shown} of ${rows.length} shown`;
}

function value(row, column) {
  const cell = row.cells[column];
  return "number" in cell.dataset ? Number(cell.dataset.number) : cell.textContent.trim().toLowerCase();
}

function sort(heading) {
  const up = heading.ariaSort !== "ascending";
  const column = heading.cellIndex;
  const way = up ? 1 : -1;
  const keys = new Map(rows.map((row) => [row, value(row, column)]));
  rows.sort((a, b) => {
    const [one, other] = [keys.get(a), keys.get(b)];
    return (one < other ? -way : one > other ? way : 0) || order.get(a) - order.get(b);
  });
  body.append(...rows);
  for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
  heading.ariaSort = up ? "ascending" : "descending";
}

for (const heading of table.tHead.rows[0].cells) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...heading.childNodes);
  button.addEventListener("click", () => sort(heading));
  heading.append(button);
}
search.addEventListener("input", filter);
for (const one of choices) one.addEventListener("change", filter);
controls.hidden = false;
filter();
