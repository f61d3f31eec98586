// The editors' desk: evidence beside the sentence, editing in place, drafts as they arrive.
// Reading needs none of this. Everything that changes anything goes through /v1.
import "./actions.js";
import "./copying.js";
import "./drafting.js";
import "./holds.js";
import "./hooks.js";
import "./presence.js";
import "./reports.js";
import "./restoring.js";
import "./sections.js";
import "./session.js";
import "./similar.js";
import "./work.js";
import { openEditor } from "./editing.js";
import { moveInDraft } from "./evidence.js";
import { moveInList } from "./list.js";
import { openAgain } from "./open_edits.js";
import { one, say, takeUp } from "./page.js";
import { KEYS, closeReview } from "./review.js";

document.documentElement.classList.add("js");

/** Closes the sheet, and lets go of a field, so that keys command again. */
function leave(field) {
  closeReview();
  if (field === document.activeElement && field.matches("main :is(input, textarea, select)")) field.blur();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") { say(""); one(".evidence")?.classList.remove("open"); leave(event.target); return; }
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  if (one("dialog[open]")) return;
  const move = one(".row") ? moveInList : moveInDraft;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "d" && one("#draft-now:enabled")) {
    event.preventDefault();
    one("#draft-now").focus();
  } else if (event.key === "/" && one("input[type=search]")) {
    event.preventDefault();
    one("input[type=search]").focus();
  } else if (event.key === "e" && one(".sentence.chosen")) {
    event.preventDefault();
    const chosen = one(".sentence.chosen");
    openEditor(chosen.closest(".part"), chosen.dataset.claim);
  } else if (KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
});

takeUp(openAgain());
