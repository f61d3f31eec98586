// Editing a section in place: opened, saved together, dropped, or set beside another editor's.
import { all, api, element, isGoing, may, one, refused, reload, send } from "./page.js";
import { check, claimOf, edits, move } from "./rows.js";

/** What each open form held when it was opened: its rows, and what they say. */
const before = new WeakMap();

export function openEditor(part, id) {
  const form = one(".editor", part);
  if (!form || !may("review")) return;
  if (form.hidden) before.set(form, { rows: one(".rows", form).cloneNode(true), says: said(form) });
  form.hidden = false;
  one(".evidence").classList.remove("open");
  one(".text", part).hidden = true;
  const row = id && one(`.edit-row[data-claim="${id}"]`, form);
  (one("textarea", row || form) || form).focus();
}

/** Closes a section and puts it back as it was: order, removed and added sentences too. */
export function drop(part) {
  const form = one(".editor", part);
  if (before.has(form)) one(".rows", form).replaceWith(before.get(form).rows);
  one(".theirs", form).hidden = true;
  close(form);
  one(".text", part).hidden = false;
}

/** An edit that is closed is not opened again when the page is loaded again. */
function close(form) {
  form.hidden = true;
  delete form.dataset.tag;
}

/** The state of the section that an edit began with: older than the page's where it was kept over. */
export const tagOf = (part) => one(".editor", part).dataset.tag || part.dataset.tag;

export function dirty() {
  return all(".editor:not([hidden])").some((form) => said(form) !== before.get(form)?.says);
}

function said(form) {
  return JSON.stringify(edits(form));
}

async function save(part) {
  const form = one(".editor", part);
  const answer = await send(
    "PATCH", api(`/sections/${part.dataset.key}`), { edits: edits(form) }, { "If-Match": `"${tagOf(part)}"` },
  );
  if (answer.ok) {
    close(form);
    const withheld = answer.body.withheld?.length || 0;
    reload(`Saved: ${one("h2", part).textContent}.${withheld ? ` ${withheld} ${withheld === 1 ? "sentence" : "sentences"} withheld.` : ""}`);
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
  take.addEventListener("click", () => { close(one(".editor", part)); reload("Their words stand."); });
  const tools = element("p", "", "tools");
  tools.append(over, take);
  theirs.append(tools);
}

/** Mine over the section as it is now: a sentence that they removed comes back as a new one. */
async function saveOver(part, section) {
  const there = new Set([...section.claims, ...section.withheld].map((claim) => claim.id));
  const rowOf = (edit) => one(`.edit-row[data-claim="${edit.id}"]`, part);
  const mine = edits(one(".editor", part))
    .filter((edit) => !edit.remove || there.has(edit.id))
    .filter((edit) => edit.remove || edit.claim || edit.restore || rowOf(edit).dataset.shown === "yes")
    .map(({ id, claim, restore, public: open, remove, reason }) => (remove ? { id, remove, reason } : {
      ...(there.has(id) ? { id, reason } : {}), claim: claim || claimOf(rowOf({ id })), ...(restore ? { restore } : {}), ...(open ? { public: true } : {}),
    }));
  const answer = await send("PATCH", api(`/sections/${section.key}`), { edits: mine }, { "If-Match": `"${section.etag}"` });
  if (answer.ok) {
    close(one(".editor", part));
    reload("Saved over theirs; their revision stays in the history.");
  } else if (answer.status === 409 || answer.status === 412) await conflict(part, answer.body.detail);
  else refused(answer);
}

window.addEventListener("beforeunload", (event) => {
  if (dirty() && !isGoing()) event.preventDefault();
});

for (const form of all(".editor")) {
  form.addEventListener("submit", (event) => { event.preventDefault(); save(form.closest(".part")); });
  form.addEventListener("focusout", (event) => {
    if (event.target.tagName === "TEXTAREA") check(event.target.closest(".edit-row"));
  });
  form.addEventListener("keydown", (event) => {
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      const row = event.target.closest(".edit-row");
      if (row) { event.preventDefault(); move(event.target, event.key === "ArrowUp" ? -1 : 1); }
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
    if (event.key === "Escape" && !dirty()) { drop(form.closest(".part")); one("[data-do=edit]", form.closest(".part"))?.focus(); }
  });
}
