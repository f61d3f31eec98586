// Work on the whole incident: forecasts, sources, merging, splitting.
import { api, fault, go, one, refused, reload, say, send } from "./page.js";

for (const form of document.querySelectorAll("form.resolution")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = { outcome: event.submitter.value };
    const note = form.elements.note.value.trim();
    if (note) body.note = note;
    const answer = await send("POST", `/v1/forecasts/${form.dataset.number}/resolution`, body);
    if (answer.ok) reload("The forecast is resolved.");
    else refused(answer);
  });
}

one("#source-form")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const item = Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim()));
  if (item.published_at) item.published_at = new Date(item.published_at).toISOString();
  fault(form, "");
  if (!item.text && !item.url) { fault(form, "Give a text, or an address to fetch it from.", "url"); return; }
  const fetched = !item.text && !item.title;
  if (fetched) say("Fetching…", true);
  event.submitter.disabled = true; // a site is asked once
  const answer = await send("POST", api("/items"), [item]);
  event.submitter.disabled = false;
  say("");
  const rejected = answer.body.rejected?.[0];
  if (!answer.ok) fault(form, answer.body.detail || `The service answered ${answer.status}.`, fetched && "url");
  else if (rejected) fault(form, `Not added: ${rejected.reason}`, rejected.field);
  else if (answer.body.accepted.length) reload("Added. Redraft to use it.");
  else reload("This item was known already; it belongs to this incident.");
});

one("#merge-form")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const into = event.target.elements.into.value.trim();
  const answer = await send("POST", api("/merge"), { into });
  if (answer.ok) go(`/incidents/${encodeURIComponent(answer.body.id)}`, `Merged into ${answer.body.id}.`);
  else refused(answer, event.target);
});

/** Shows items in another incident as well; they stay on this page. */
async function alsoShow(items, into, form) {
  if (!into) { say("Choose the incident that shows them as well."); form.elements.likely.focus(); return; }
  const answer = await send("POST", api("/also-shown"), { items, into });
  if (answer.ok) reload(`Also shown in ${answer.body.id}.`, "", "mend");
  else refused(answer, form);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-show-no-longer]");
  if (!button) return;
  const answer = await send("DELETE", api(`/also-shown?items=${encodeURIComponent(button.dataset.showNoLonger)}`));
  if (answer.ok) reload("No longer shown here; it stays at home.", "", "mend");
  else refused(answer);
});

one("#split-form")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const items = form.getAll("items");
  if (!items.length) { say("Choose the items that move."); return; }
  const into = form.get("into").trim() || form.get("likely");
  if (event.submitter?.value === "also") { alsoShow(items, into, event.target); return; }
  const answer = into ? await send("POST", api("/move"), { items, into }) : await send("POST", api("/split"), { items });
  if (answer.ok) go(`/incidents/${answer.body.id}`, `Now in ${answer.body.id}.`);
  else refused(answer, event.target);
});
