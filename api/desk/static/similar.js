// Incidents that look like this story: to merge here, or to move an item to.
import { api, element, incident, may, one, refused, reload, root, say, send } from "./page.js";

/** Puts the suggestions where they belong on the page of an incident, when they have come. */
async function suggest(place) {
  let text;
  try {
    const answer = await fetch(`${root}/incidents/${incident}/similar`);
    if (!answer.ok) return;
    text = await answer.text();
  } catch { return; } // the page works without
  const found = new DOMParser().parseFromString(text, "text/html").querySelector("#similar");
  if (!found?.querySelector("form")) return;
  place.replaceChildren(document.importNode(found, true));
  const likely = Number(found.dataset.likely);
  const note = one("#similar-note");
  if (!likely) return;
  const link = element("a", likely === 1 ? "Another incident looks like this story." : `${likely} other incidents look like this story.`);
  link.href = "#similar";
  note.replaceChildren(link);
  note.hidden = false;
}

/** Merges what was chosen, one after another: what went before a fault stays merged. */
async function merge(form) {
  const ids = new FormData(form).getAll("incidents");
  if (!ids.length) { say("Choose the incidents that are this story."); one("input", form).focus(); return; }
  const button = one("button.strong", form);
  button.disabled = true;
  const done = [];
  for (const id of ids) {
    const answer = await send("POST", `/v1/incidents/${id}/merge`, { into: incident });
    if (!answer.ok) { refused(answer); break; }
    done.push(id);
  }
  button.disabled = false;
  if (done.length) reload(`Merged ${done.join(", ")} into ${incident}. You can undo it under “Merged here”.`, "", "merged");
}

async function undo(id) {
  const answer = await send("DELETE", `/v1/incidents/${id}/merge`);
  if (answer.ok) reload(`${id} stands for its own items again.`);
  else refused(answer);
}

let asked = 0;

/** Offers the likely incidents of the items that are to move. */
async function likely(form) {
  const mine = ++asked;
  const chosen = new FormData(form).getAll("items").slice(0, 8).map((key) => `items=${encodeURIComponent(key)}`);
  const select = form.elements.likely;
  const answer = chosen.length ? await send("GET", api(`/similar?${chosen.join("&")}`)) : null;
  if (mine !== asked) return;
  select.replaceChildren(select.options[0]);
  for (const found of answer?.ok ? answer.body.similar : []) {
    const option = element("option", `${found.id}: ${found.title}${found.why.length ? ` (${found.why.join("; ")})` : ""}`);
    option.value = found.id;
    select.append(option);
  }
}

document.addEventListener("submit", (event) => {
  if (event.target.id !== "similar-form") return;
  event.preventDefault();
  merge(event.target);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-undo]");
  if (button) undo(button.dataset.undo);
});
one("#split-form")?.addEventListener("change", (event) => {
  if (event.target.name === "items") likely(event.currentTarget);
});
if (one("#similar-here") && may("review")) suggest(one("#similar-here"));
