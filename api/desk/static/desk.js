// The editors' desk: evidence beside the sentence, editing in place, drafts as they arrive.
// Reading needs none of this. Everything that changes anything goes through /v1.
"use strict";
document.documentElement.classList.add("js");

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const incident = document.body.dataset.incident;
const api = (path) => `/v1/incidents/${incident}${path}`;

function say(text) {
  one("#status").textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { one("#status").textContent = ""; }, 9000);
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** Sends JSON and gives {ok, status, body}; a fault of the network is an answer too. */
async function send(method, path, body, headers = {}) {
  try {
    const answer = await fetch(path, {
      method,
      headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    let parsed = {};
    try { parsed = text ? JSON.parse(text) : {}; } catch { parsed = { detail: text.slice(0, 300) }; }
    return { ok: answer.ok, status: answer.status, body: parsed };
  } catch {
    return { ok: false, status: 0, body: { detail: "The service does not answer. Your words are still here: try again." } };
  }
}

function refused(answer) {
  say(answer.body.detail || `The service answered ${answer.status}.`);
}

/** Loads the page again where the reader was, and says there what was done. */
function reload(message, anchor) {
  sessionStorage.setItem("said", message);
  sessionStorage.setItem("scroll", String(window.scrollY));
  const path = `/incidents/${incident}`;
  if (anchor) sessionStorage.removeItem("scroll");
  if (location.pathname + location.search === path && !anchor) location.reload();
  else { location.href = anchor ? `${path}#${anchor}` : path; if (location.hash) location.reload(); }
}

/* --- List -------------------------------------------------------------------------------- */

function moveInList(step) {
  const rows = all(".row");
  const at = rows.findIndex((row) => row.classList.contains("at"));
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  if (!next) return;
  rows.forEach((row) => row.classList.toggle("at", row === next));
  one(".go", next).focus();
}

function moveInDraft(step) {
  const found = all(".draft .sentence").filter((s) => s.offsetParent);
  const at = found.findIndex((s) => s.classList.contains("chosen"));
  const next = found[Math.min(Math.max(at + step, 0), found.length - 1)];
  if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") { one(".evidence")?.classList.remove("open"); return; }
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const move = one(".row") ? moveInList : moveInDraft;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "/" && one("input[type=search]")) { event.preventDefault(); one("input[type=search]").focus(); }
  else if (event.key === "e" && one(".sentence.chosen")) {
    event.preventDefault();
    const chosen = one(".sentence.chosen");
    openEditor(chosen.closest(".part"), chosen.dataset.ref);
  }
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.(".row");
  if (row) all(".row").forEach((other) => other.classList.toggle("at", other === row));
});

/* --- Evidence ---------------------------------------------------------------------------- */

function choose(sentence, scroll = true) {
  const passages = new Set(sentence.dataset.passages.split(" ").filter(Boolean));
  all(".sentence").forEach((s) => {
    s.classList.toggle("chosen", s === sentence);
    s.setAttribute("aria-pressed", String(s === sentence));
  });
  all(".card").forEach((card) => card.classList.toggle("chosen", card.id === sentence.dataset.card));
  all("[data-passage]").forEach((quote) => {
    const lit = passages.has(quote.dataset.passage);
    quote.classList.toggle("lit", lit);
    one(".cited-here", quote).hidden = !lit;
  });
  one("#evidence-hint").hidden = true;
  const panel = one(".evidence");
  panel.classList.add("open");
  if (!scroll) return;
  const card = document.getElementById(sentence.dataset.card);
  const first = one(".lit", panel);
  panel.scrollTop = 0;
  if (!first || matchMedia("(max-width: 56rem)").matches) return;
  const bottom = first.offsetTop + Math.min(first.offsetHeight, 160);
  // The card stays at the top of the panel, so that a passage must come to stand below it.
  if (bottom > panel.clientHeight) panel.scrollTop = first.offsetTop - card.offsetHeight - 80;
}

for (const sentence of all(".draft .sentence")) {
  sentence.tabIndex = 0;
  sentence.setAttribute("role", "button");
  sentence.setAttribute("aria-pressed", "false");
  sentence.addEventListener("focus", () => choose(sentence));
  sentence.addEventListener("click", () => choose(sentence));
  sentence.addEventListener("mouseenter", () => {
    if (matchMedia("(hover: hover) and (min-width: 56.01rem)").matches && !one(".editor:not([hidden])")) choose(sentence);
  });
  sentence.addEventListener("dblclick", () => openEditor(sentence.closest(".part"), sentence.dataset.ref));
  sentence.addEventListener("keydown", (event) => {
    if (event.key === " ") { event.preventDefault(); choose(sentence); }
    if (event.key === "Enter") { event.preventDefault(); openEditor(sentence.closest(".part"), sentence.dataset.ref); }
  });
}

one("#evidence-close")?.addEventListener("click", () => {
  one(".evidence").classList.remove("open");
  one(".sentence.chosen")?.focus({ preventScroll: true });
  one(".evidence").classList.remove("open");
});

/* --- Editing ----------------------------------------------------------------------------- */

function openEditor(part, ref) {
  const form = one(".editor", part);
  if (!form) return;
  form.hidden = false;
  one(".evidence").classList.remove("open");
  one(".text", part).hidden = true;
  const row = ref && one(`.edit-row[data-ref="${ref}"]`, form);
  (one("textarea", row || form) || form).focus();
}

function closeEditor(part) {
  const form = one(".editor", part);
  form.hidden = true;
  one(".text", part).hidden = false;
}

function claimOf(row) {
  return { ...JSON.parse(row.dataset.claim), text: one("textarea", row).value.trim() };
}

function changed(row) {
  return claimOf(row).text !== (JSON.parse(row.dataset.claim).text || "");
}

/** New words may rest on other passages: they are looked for again. */
function asWritten(row) {
  const claim = claimOf(row);
  return changed(row) ? { ...claim, cites: row.dataset.ref ? claim.cites : [] } : claim;
}

async function check(row) {
  const text = one("textarea", row).value.trim();
  if (!text || row.dataset.checked === text || !changed(row)) return;
  row.dataset.checked = text;
  const beside = one(".beside", row);
  beside.className = "beside";
  beside.textContent = "Checking…";
  const key = row.closest(".part").dataset.key;
  const answer = await send("POST", api(`/sections/${key}/check`), { claims: [asWritten(row)] });
  if (one("textarea", row).value.trim() !== text) return;
  beside.replaceChildren();
  if (!answer.ok) {
    row.dataset.checked = "";
    beside.textContent = `Not checked: ${answer.body.detail}`;
    return;
  }
  const verdict = answer.body.claims[0].verdict;
  const good = verdict.label === "supported";
  beside.classList.add(good ? "good" : "bad");
  beside.append(element("strong", good ? "✓ Supported by its sources." : `✗ ${verdict.label}; it would be withheld.`));
  for (const failure of verdict.failures) beside.append(element("div", `${failure.check}: ${failure.reason}`));
  for (const warning of verdict.warnings) beside.append(element("div", `! ${warning}`));
  for (const span of verdict.evidence.slice(0, 2)) beside.append(element("div", `“${span.text}” (${span.source})`, "quiet"));
}

function addRow(form) {
  const row = one("#blank-row").content.firstElementChild.cloneNode(true);
  one(".rows", form).append(row);
  one("textarea", row).focus();
}

function edits(form) {
  return all(".edit-row", form)
    .filter((row) => !row.classList.contains("gone") && one("textarea", row).value.trim())
    .map((row) => {
      const edit = {};
      if (row.dataset.ref) edit.ref = row.dataset.ref;
      if (!row.dataset.ref || changed(row)) edit.claim = asWritten(row);
      const why = one("[name=restore]", row)?.value.trim();
      if (why) edit.restore = why;
      return edit;
    });
}

async function save(part) {
  const form = one(".editor", part);
  const answer = await send(
    "PATCH", api(`/sections/${part.dataset.key}`), { edits: edits(form) }, { "If-Match": `"${part.dataset.tag}"` },
  );
  if (answer.ok) {
    const withheld = answer.body.withheld?.length || 0;
    reload(`Saved ${part.dataset.key.replaceAll("_", " ")}.${withheld ? ` ${withheld} sentence(s) withheld.` : ""}`);
  } else if (answer.status === 409 || answer.status === 412) await conflict(part, answer.body.detail);
  else refused(answer);
}

/** The editor's words stay where they are; what somebody else made of the section stands beside. */
async function conflict(part, detail) {
  const theirs = one(".theirs", part);
  theirs.replaceChildren(element("h3", "Somebody else changed this section"), element("p", detail));
  theirs.hidden = false;
  theirs.tabIndex = -1;
  theirs.focus();
  const draft = await send("GET", api("/draft"));
  const section = draft.ok && draft.body.sections.find((s) => s.key === part.dataset.key);
  if (!section) return;
  theirs.append(element("p", `As it stands now${section.edited_by ? `, by ${section.edited_by}` : ""}:`));
  const list = element("ol");
  for (const claim of section.claims) list.append(element("li", claim.text));
  theirs.append(list);
  const over = element("button", "Save mine over theirs");
  const take = element("button", "Take theirs, drop mine");
  over.type = take.type = "button";
  over.addEventListener("click", () => saveOver(part, section));
  take.addEventListener("click", () => { dropped(part); reload("Their words stand."); });
  const tools = element("p", "", "tools");
  tools.append(over, take);
  theirs.append(tools);
}

/** All of mine as new words of the section as it is now: positions of old sentences mean nothing. */
async function saveOver(part, section) {
  const mine = edits(one(".editor", part)).filter((edit) => edit.claim || edit.restore || !edit.ref?.startsWith("w")).map((edit) => {
    const row = edit.ref && one(`.edit-row[data-ref="${edit.ref}"]`, part);
    return { claim: edit.claim || claimOf(row), ...(edit.restore ? { restore: edit.restore } : {}) };
  });
  const answer = await send("PATCH", api(`/sections/${section.key}`), { edits: mine }, { "If-Match": `"${section.etag}"` });
  if (answer.ok) reload("Saved over theirs; their revision stays in the history.");
  else if (answer.status === 409 || answer.status === 412) await conflict(part, answer.body.detail);
  else refused(answer);
}

function dropped(part) { one(".editor", part).reset(); closeEditor(part); }

function dirty() {
  return all(".editor:not([hidden]) .edit-row").some((row) => changed(row) || row.classList.contains("gone"));
}

let leaving = false;
window.addEventListener("beforeunload", (event) => { if (dirty() && !leaving) event.preventDefault(); });

const DO = {
  edit: (part) => openEditor(part),
  cancel: (part, button) => {
    if (button.closest(".again")) button.closest(".again").hidden = true;
    else dropped(part);
    one("[data-do=edit]", part)?.focus();
  },
  add: (part) => addRow(one(".editor", part)),
  up: (part, button) => move(button, -1),
  down: (part, button) => move(button, 1),
  remove: (part, button) => {
    const row = button.closest(".edit-row");
    const gone = row.classList.toggle("gone");
    button.textContent = gone ? "Keep" : "Remove";
    one("textarea", row).readOnly = gone;
  },
  again: (part) => { const form = one(".again", part); form.hidden = false; one("input", form).focus(); },
  lock: (part) => lock(part, true),
  unlock: (part) => lock(part, false),
  accept: (part) => answerSuggestion(part, true),
  refuse: (part) => answerSuggestion(part, false),
};

function move(button, step) {
  const row = button.closest(".edit-row");
  const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (step < 0) other.before(row); else other.after(row);
  button.focus();
}

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

for (const form of all(".editor")) {
  form.addEventListener("submit", (event) => { event.preventDefault(); leaving = true; save(form.closest(".part")).finally(() => { leaving = false; }); });
  form.addEventListener("focusout", (event) => { if (event.target.tagName === "TEXTAREA") check(event.target.closest(".edit-row")); });
  form.addEventListener("keydown", (event) => {
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      const row = event.target.closest(".edit-row");
      if (row) { event.preventDefault(); move(event.target, event.key === "ArrowUp" ? -1 : 1); }
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
  });
}

/* --- Drafts ------------------------------------------------------------------------------ */

async function draft(body, done) {
  const started = await send("POST", api("/drafts"), body);
  if (!started.ok) { refused(started); return; }
  const panel = one("#arriving");
  panel.hidden = false;
  one("#steps").replaceChildren(element("li", "Asked for."));
  one("#arrived").replaceChildren();
  panel.scrollIntoView({ block: "nearest" });
  const stop = one("#draft-stop");
  stop.hidden = false;
  one("#draft-now").disabled = true;
  stop.onclick = () => send("DELETE", `/v1/drafts/${started.body.id}`);
  watch(started.body.events_url, started.body.url, done);
}

function watch(url, job, done) {
  const source = new EventSource(url);
  const over = (message, failed) => {
    source.close();
    one("#draft-stop").hidden = true;
    one("#draft-now").disabled = false;
    if (!failed) { if (dirty()) say(`${message} Save or drop your edit, then load the page again.`); else done(message); return; }
    one("#steps").append(element("li", message));
    say(message);
  };
  const seen = (event) => {
    const step = JSON.parse(event.data);
    const stage = step.stage || event.type;
    if (stage === "drafted" && step.section) arrived(step);
    one("#steps").append(element("li", step.detail || stage));
    if (stage === "stored") over("The draft is there.", false);
    if (stage === "failed") over(`The draft failed: ${step.detail || "no reason was given"} Nothing was changed.`, true);
    if (stage === "cancelled") over("Stopped. Nothing was changed.", true);
  };
  const stages = ["queued", "retrieving", "retrieved", "drafted", "verified", "repaired", "judged", "gated", "stored", "failed", "cancelled"];
  for (const stage of stages) source.addEventListener(stage, seen);
  source.onerror = async () => {
    if (source.readyState !== EventSource.CLOSED) return;
    const answer = await send("GET", job);
    if (answer.body.status === "done") over("The draft is there.", false);
    else over(answer.body.error || "The connection to the draft was lost. Load the page again.", true);
  };
}

function arrived(step) {
  const part = document.querySelector(`.part[data-key="${step.section}"] h2`);
  const box = element("section");
  box.append(element("h3", `${part ? part.textContent : step.section.replaceAll("_", " ")}, not yet verified`));
  for (const claim of step.body?.claims || []) box.append(element("p", claim.text));
  one("#arrived").append(box);
}

one("#draft-now")?.addEventListener("click", () => draft({}, (message) => reload(message)));
for (const form of all("form.again")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const key = form.closest(".part").dataset.key;
    const instruction = form.elements.instruction.value.trim();
    draft({ section: key, ...(instruction ? { instruction } : {}) }, () => reload("A suggestion waits beside the section.", key));
    form.hidden = true;
  });
}

/* --- Review, sources, merging, copying --------------------------------------------------- */

one("#review-form")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const body = { decision: event.submitter.value, revision: Number(document.body.dataset.revision) };
  for (const name of ["note", "override"]) {
    const words = form.elements[name]?.value.trim();
    if (words) body[name] = words;
  }
  const answer = await send("POST", api("/review"), body);
  if (answer.ok) reload(`Revision ${body.revision}: ${answer.body.state?.replaceAll("_", " ") || body.decision}.`);
  else refused(answer);
});

one("#source-form")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const item = Object.fromEntries([...new FormData(event.target)].filter(([, value]) => value.trim()));
  if (item.published_at) item.published_at = new Date(item.published_at).toISOString();
  const answer = await send("POST", api("/items"), [item]);
  const rejected = answer.body.rejected?.[0];
  if (!answer.ok) refused(answer);
  else if (rejected) say(`Not added: ${rejected.reason}`);
  else reload("Added. Draft anew to use it.");
});

one("#merge-form")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const into = event.target.elements.into.value.trim();
  const answer = await send("POST", api("/merge"), { into });
  if (answer.ok) location.href = `/incidents/${encodeURIComponent(into)}`; else refused(answer);
});

one("#split-form")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await send("POST", api("/split"), { items: new FormData(event.target).getAll("items") });
  if (answer.ok) location.href = `/incidents/${answer.body.id}`; else refused(answer);
});

async function copy(button) {
  const kind = button.dataset.copy;
  let text = one("#cite").textContent;
  if (kind !== "cite") {
    const answer = await fetch(api(`?format=${kind}&revision=${document.body.dataset.revision}`));
    if (!answer.ok) { say(`The service answered ${answer.status}.`); return; }
    text = await answer.text();
  }
  try {
    await navigator.clipboard.writeText(text);
    say(`Copied: ${button.textContent.replace("Copy ", "")}.`);
  } catch {
    say("The browser does not let the page copy. Use the download beside it.");
  }
}
for (const button of all("[data-copy]")) button.addEventListener("click", () => copy(button));

one("#sign-in")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await send("POST", "/v1/session", { key: event.target.elements.key.value.trim() });
  if (answer.ok) location.href = "/"; else refused(answer);
});

one("#sign-out")?.addEventListener("click", async () => {
  await send("DELETE", "/v1/session");
  location.href = "/sign-in";
});

/* --- What the page before this one wanted to say ----------------------------------------- */

const said = sessionStorage.getItem("said");
if (said) { say(said); sessionStorage.removeItem("said"); }
const scroll = sessionStorage.getItem("scroll");
if (scroll) { window.scrollTo({ top: Number(scroll), behavior: "instant" }); sessionStorage.removeItem("scroll"); }
