// The buttons of a section: edit, lock, ask again, answer a suggestion.
import { drop, openEditor } from "./editing.js";
import { api, one, refused, reload, send } from "./page.js";
import { addRow, move, strike } from "./rows.js";

const DO = {
  edit: (part) => openEditor(part),
  cancel: (part, button) => {
    if (button.closest(".again")) button.closest(".again").hidden = true;
    else drop(part);
    one("[data-do=edit]", part)?.focus();
  },
  add: (part) => one("textarea", addRow(one(".editor", part))).focus(),
  up: (part, button) => move(button, -1),
  down: (part, button) => move(button, 1),
  remove: (part, button) => strike(button.closest(".edit-row")),
  again: (part) => { const form = one(".again", part); form.hidden = false; one("input", form).focus(); },
  lock: (part) => lock(part, true),
  unlock: (part) => lock(part, false),
  accept: (part) => answerSuggestion(part, true),
  refuse: (part) => answerSuggestion(part, false),
};

async function lock(part, locked) {
  const answer = await send("PATCH", api(`/sections/${part.dataset.key}`), { locked }, { "If-Match": `"${part.dataset.tag}"` });
  if (answer.ok) reload(locked ? "Locked: no draft and no other editor changes it." : "Unlocked.");
  else refused(answer);
}

async function answerSuggestion(part, accept) {
  const answer = await send("POST", api(`/sections/${part.dataset.key}/suggestion`), { accept });
  if (answer.ok) reload(accept ? "The suggestion stands in the draft." : "The suggestion is dropped.");
  else refused(answer);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) DO[button.dataset.do](button.closest(".part"), button);
});

