// The review bar: what is open, and the decision.
import { dirty } from "./editing.js";
import { all, api, one, refused, reload, root, say, send } from "./page.js";

const form = one("#review-form");
const sheet = one("#review-sheet");
const read = () => all("input[name=read]", form);

/** Opens the sheet above the bar, at a field or at the button that approves. */
function open(target) {
  say(""); // it would lie over the buttons, as passages do on a phone
  one(".evidence")?.classList.remove("open");
  sheet.classList.add("open");
  one("#review-open").setAttribute("aria-expanded", "true");
  (target || sheet).focus();
}

export function closeReview() {
  if (!sheet?.classList.contains("open")) return;
  sheet.classList.remove("open");
  one("#review-open").setAttribute("aria-expanded", "false");
  if (sheet.contains(document.activeElement)) one("#review-open").focus({ preventScroll: true });
}

/** Where an editor who wants to approve goes on: what is unread, unexplained, or stands against it. */
const openField = () => read().find((box) => !box.checked) || field("why") || field("override");
const field = (name) => form.elements[name];
const approveButton = () => one("[name=decision][value=approve]", form);

/** Approves at once where nothing is open; else shows what is. */
function approve() {
  if ("barred" in form.dataset) open();
  else if (form.dataset.open === "0") form.requestSubmit(approveButton());
  else open(openField());
}

let at = -1;

/** Goes to the next or previous place where something is to be decided. */
function step(by) {
  const stops = all("#stops li").map((item) => document.getElementById(item.textContent)).filter(Boolean);
  if (!stops.length) return;
  closeReview();
  at = (at + by + stops.length) % stops.length;
  if (stops[at].tabIndex < 0) stops[at].tabIndex = -1;
  stops[at].focus({ preventScroll: true });
  stops[at].scrollIntoView({ block: "center" });
}

export const KEYS = form ? {
  n: () => step(1),
  p: () => step(-1),
  a: () => open("barred" in form.dataset ? null : form.dataset.open === "0" ? approveButton() : openField()),
  r: () => open(field("note")),
  s: () => { location.href = `${root}/incidents/${document.body.dataset.incident}/sources`; },
  "?": () => one("#keys").showModal(),
} : {};

if (form) {
  one("#review-open").addEventListener("click", () => sheet.classList.contains("open") ? closeReview() : open());
  one("#review-close").addEventListener("click", closeReview);
  one("#approve-now")?.addEventListener("click", approve);
  one("#keys-open").addEventListener("click", KEYS["?"]);
  one("[data-open-for]", form).addEventListener("click", KEYS.r);
  for (const button of all("[data-step]", form)) button.addEventListener("click", () => step(Number(button.dataset.step)));
  for (const link of all(".jump", form)) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      closeReview();
      const place = one(link.getAttribute("href"));
      place.focus({ preventScroll: true });
      place.scrollIntoView({ block: "center" });
    });
  }
  form.addEventListener("keydown", (event) => {
    const approves = ["why", "override"].includes(event.target.name) && approveButton();
    if (!approves || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(approves);
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "read") one("#unread").textContent = read().filter((box) => !box.checked).length;
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (dirty()) { say("Save or cancel your edit first: a decision is of what is saved.", true); return; }
    const body = { decision: event.submitter.value, revision: Number(document.body.dataset.revision) };
    for (const name of ["note", "override"]) {
      const words = field(name)?.value.trim();
      if (words) body[name] = words;
    }
    const reason = field("reason").value;
    if (reason && ["request_changes", "reject"].includes(body.decision)) body.reason = reason;
    const why = field("why")?.value.trim();
    if (body.decision === "approve" && why) {
      body.change = { why, corrects: all("input[name=corrects]:checked", form).map((box) => box.value) };
    }
    if (body.decision === "approve") body.read = read().filter((box) => box.checked).map((box) => box.value);
    const answer = await send("POST", api("/review"), body);
    if (answer.ok) reload(`Revision ${body.revision}: ${answer.body.state?.replaceAll("_", " ") || body.decision}.`);
    else { open(); refused(answer, form); }
  });
}
