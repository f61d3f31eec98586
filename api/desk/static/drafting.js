// Drafts as they arrive, and what to do when one fails.
import { dirty } from "./editing.js";
import { all, api, element, isWriting, one, refused, reload, root, say, send } from "./page.js";

const STAGES = [
  "queued", "retrieving", "retrieved", "drafted", "verified", "repaired", "judged", "gated",
  "stored", "failed", "cancelled",
];

async function draft(body, done) {
  const started = await send("POST", api("/drafts"), body);
  if (started.ok) follow(started.body.id, done);
  return started;
}

/** Shows a draft that is under way, whoever asked for it. */
function follow(id, done) {
  const panel = one("#arriving");
  panel.hidden = false;
  one("#draft-failed")?.remove();
  one("#steps").replaceChildren(element("li", "Asked for."));
  one("#arrived").replaceChildren();
  panel.scrollIntoView({ block: "nearest" });
  one("#draft-now").disabled = true;
  const stop = one("#draft-stop");
  stop.hidden = false;
  stop.onclick = () => send("DELETE", `/v1/drafts/${id}`);
  watch(`/v1/drafts/${id}`, done);
}

function watch(job, done) {
  const source = new EventSource(`${root}${job}/events`);
  const over = (show) => {
    source.close();
    one("#draft-stop").hidden = true;
    one("#draft-now").disabled = false;
    show();
  };
  const ends = {
    stored: () => {
      if (dirty() || isWriting()) say("The draft is there. Save or drop what you are writing, then load the page again.", true);
      else done("The draft is there.");
    },
    failed: (reason) => failed(reason || "No reason was given."),
    cancelled: () => { one("#arriving").hidden = true; say("Stopped. Nothing was changed."); },
  };
  const seen = (event) => {
    const step = JSON.parse(event.data);
    if (step.stage === "queued") one("#arrived").replaceChildren();
    if (step.stage === "drafted" && step.section) arrived(step);
    one("#steps").append(element("li", step.detail || step.stage));
    if (ends[step.stage]) over(() => ends[step.stage](step.detail));
  };
  for (const stage of STAGES) source.addEventListener(stage, seen);
  source.onerror = async () => {
    if (source.readyState !== EventSource.CLOSED) return;
    const { body } = await send("GET", job);
    if (body.status === "done") over(ends.stored);
    else over(() => failed(body.error || "The connection to the draft was lost."));
  };
}

/** Says what went wrong where the draft would have stood, until the next one is asked for. */
function failed(reason) {
  one("#arriving").hidden = true;
  const box = one("#failed").content.firstElementChild.cloneNode(true);
  one(".reason", box).textContent = reason;
  one("#arriving").after(box);
  box.scrollIntoView({ block: "nearest" });
}

function arrived(step) {
  const part = one(`.part[data-key="${step.section}"] h2`);
  const heading = part ? part.textContent : step.section.replaceAll("_", " ");
  const box = element("section");
  box.append(element("h3", `${heading}, not yet verified`));
  for (const claim of step.body?.claims || []) box.append(element("p", claim.text));
  if (!step.body?.claims?.length) box.append(element("p", "Left empty.", "quiet"));
  one("#arrived").append(box);
}

one("#draft-now")?.addEventListener("click", async () => {
  const started = await draft({ force: true }, reload);
  if (!started.ok) refused(started);
});
for (const form of all("form.again")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const key = form.closest(".part").dataset.key;
    const instruction = form.elements.instruction.value.trim();
    const started = await draft({ section: key, ...(instruction ? { instruction } : {}) }, () => reload("A suggestion waits beside the section.", key));
    if (!started.ok) { refused(started, form); return; }
    form.reset();
    form.hidden = true;
  });
}
if (document.body.dataset.job) follow(document.body.dataset.job, reload);
