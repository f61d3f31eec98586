// What one section's work loads again keeps the edits of other sections: words, caret and focus.
import { openEditor, tagOf } from "./editing.js";
import { all, incident, isGoing, one } from "./page.js";
import { addRow, check, strike } from "./rows.js";

const OPEN = "open-edits";
const fields = (row) => all("textarea, input, select", row);

/** An open edit as it stands: its sentences in their order, each with what is written and chosen. */
function kept(form) {
  const part = form.closest(".part");
  const rows = all(".edit-row", form).map((row) => {
    const { claim, content, shown } = row.dataset;
    const { selectionStart, selectionEnd } = one("textarea", row);
    const values = fields(row).map((field) => field.type === "checkbox" ? field.checked : field.value);
    const focus = fields(row).indexOf(document.activeElement);
    const gone = row.classList.contains("gone");
    return { data: { claim, content, shown }, values, caret: [selectionStart, selectionEnd], focus, gone };
  });
  return { key: part.dataset.key, tag: tagOf(part), rows };
}

/** Opens an edit as it was kept. Where its section has changed since then, saving it is a conflict. */
function open({ key, tag, rows }) {
  const part = document.getElementById(key);
  const form = part && one(".editor", part);
  if (!form) return null;
  openEditor(part);
  form.dataset.tag = tag;
  const there = new Map(all(".edit-row", form).map((row) => [row.dataset.claim, row]));
  one(".rows", form).replaceChildren();
  let focused = null;
  for (const { data, values, caret, focus, gone } of rows) {
    const row = addRow(form, there.get(data.claim));
    Object.assign(row.dataset, data);
    fields(row).forEach((field, n) => {
      if (field.type === "checkbox") field.checked = values[n]; else field.value = values[n];
    });
    if (gone) strike(row);
    one("textarea", row).setSelectionRange(...caret);
    if (focus >= 0) focused = fields(row)[focus];
    else check(row);
  }
  return focused;
}

/** Opens the edits that were open when the page was loaded again, and gives the field of theirs in
 *  which the editor was. */
export function openAgain() {
  const { of, edits } = JSON.parse(sessionStorage.getItem(OPEN) || "{}");
  sessionStorage.removeItem(OPEN);
  return of === incident && edits ? edits.map(open).find(Boolean) : null;
}

window.addEventListener("pagehide", () => {
  const forms = isGoing() ? all(".editor:not([hidden])") : [];
  if (forms.length) sessionStorage.setItem(OPEN, JSON.stringify({ of: incident, edits: forms.map(kept) }));
});
