// Answers to readers' reports.
import { api, refused, reload, send } from "./page.js";

for (const form of document.querySelectorAll("form.answer-report")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = { outcome: event.submitter.value };
    const note = form.elements.note.value.trim();
    if (note) body.note = note;
    const answer = await send("POST", api(`/reports/${form.dataset.number}/answer`), body);
    if (answer.ok) reload("The report is answered.", null, "reports");
    else refused(answer, form);
  });
}
