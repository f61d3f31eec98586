// A withheld sentence shown all the same, for a written reason.
import { api, fault, one, reload, send } from "./page.js";
import { edits } from "./rows.js";

const dialog = one("#restore");
const form = one("#restore-form");

function open(button) {
  const claim = button.closest(".claim");
  form.reset();
  fault(form, "");
  dialog.dataset.claim = button.dataset.restore;
  dialog.dataset.part = claim.closest(".part").id;
  one("#restore-text").textContent = one("del", claim).textContent;
  one("#restore-why").textContent = one(".why", claim).textContent;
  dialog.showModal();
  form.elements.because.focus();
}

async function restore() {
  const part = document.getElementById(dialog.dataset.part);
  const why = { restore: form.elements.because.value.trim() };
  if (form.elements.readers.value === "public") why.public = true;
  const all = edits(one(".editor", part));
  const answer = await send(
    "PATCH", api(`/sections/${part.dataset.key}`),
    { edits: all.map((edit) => (edit.id === dialog.dataset.claim ? { ...edit, ...why } : edit)) },
    { "If-Match": `"${part.dataset.tag}"` },
  );
  if (!answer.ok) {
    fault(form, answer.body.detail || `The service answered ${answer.status}.`, answer.body.field && "because");
    return;
  }
  dialog.close();
  reload("The sentence is shown. It needs an approval like the rest.");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-restore]");
  if (button) open(button);
});
form?.addEventListener("submit", (event) => { event.preventDefault(); restore(); });
one("#restore-close")?.addEventListener("click", () => dialog.close());
