// Drafts as they arrive, and what to do when one fails.
import { dirty } from "./editing.js";
import { all, api, element, isWriting, one, refused, reload, root, say, send } from "./page.js";

const STAGES = [
  "queued", "retrieving", "retrieved", "drafted", "verified", "repaired", "judged", "gated",
  "stored", "failed", "cancelled",
];

/** What a stage means to whoever waits; sections that arrive are counted instead. */
const WORDS = {
  queued: "Waiting for its turn.", retrieving: "Reading the sources.", retrieved: "Writing.",
  verified: "Checked by rules.", repaired: "What failed was written again.",
  judged: "Read beside the passages by a model.", gated: "What failed is withheld. Almost there.",
};

async function draft(body, done) {
  const started = await send("POST", api("/drafts"), body);
  if (started.ok) follow(started.body.id, done, body.section);
  return started;
}

/** Shows a draft that is under way, whoever asked for it, of the page or of one section. */
function follow(id, done, section) {
  const panel = one("#arriving");
  panel.hidden = false;
  one("#draft-failed")?.remove();
  one("#steps").replaceChildren(element("li", "Asked for."));
  for (const chip of chips()) chip.parentElement.hidden = Boolean(section) && chip.dataset.chip !== section;
  begin();
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
    if (step.stage === "queued") begin();
    if (step.stage === "drafted" && step.section) arrived(step);
    else if (WORDS[step.stage]) one("#progress").textContent = WORDS[step.stage];
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

const chips = () => all(".chip");

/** Empties the chips: nothing has arrived, or it is written again after an interruption. */
function begin() {
  one("#progress").textContent = "Asked for.";
  one("#arrived").replaceChildren();
  for (const chip of chips()) {
    chip.disabled = true;
    chip.setAttribute("aria-expanded", "false");
    one(".unseen", chip).textContent = ": not yet written";
  }
}

/** Fills the chip of a section; its words open below, at once where there is no page to read. */
function arrived(step) {
  const chip = one(`.chip[data-chip="${step.section}"]`);
  const claims = step.body?.claims || [];
  const box = element("section");
  box.id = `new-${step.section}`;
  box.append(element("h3", `${chip.firstChild.textContent}, not yet verified`));
  for (const claim of claims) box.append(element("p", claim.text));
  if (!claims.length) box.append(element("p", "Left empty.", "quiet"));
  document.getElementById(box.id)?.remove();
  const later = chips().slice(chips().indexOf(chip) + 1);
  const next = later.map((other) => document.getElementById(`new-${other.dataset.chip}`)).find(Boolean);
  one("#arrived").insertBefore(box, next || null);
  chip.disabled = false;
  one(".unseen", chip).textContent = claims.length ? ": written, not yet verified" : ": left empty";
  show(chip, !one(".part"));
  const asked = chips().filter((other) => !other.parentElement.hidden);
  one("#progress").textContent = `${asked.filter((other) => !other.disabled).length} of ${asked.length} sections written.`;
}

function show(chip, open) {
  chip.setAttribute("aria-expanded", String(open));
  document.getElementById(`new-${chip.dataset.chip}`).hidden = !open;
}

for (const chip of chips()) {
  chip.addEventListener("click", () => show(chip, chip.getAttribute("aria-expanded") !== "true"));
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
if (document.body.dataset.job) follow(document.body.dataset.job, reload, document.body.dataset.section);
