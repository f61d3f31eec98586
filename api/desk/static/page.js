// What every part of the desk needs: finding and making elements, asking the service, telling.

export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];
export const incident = document.body.dataset.incident;
/** Whether whoever reads has a scope: what they may not do is not offered. */
export const may = (scope) => document.body.dataset.may.split(" ").includes(scope);
/** Path below which a proxy shows the service; every path here is without it. */
export const root = document.body.dataset.root;
export const api = (path) => `/v1/incidents/${incident}${path}`;

/** Tells something, for a while, or until something else is told or Escape is pressed. */
export function say(text, stays = false) {
  one("#status").textContent = text;
  clearTimeout(say.timer);
  if (!stays) say.timer = setTimeout(() => say(""), 9000);
}

export function element(name, text, className) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** Sends JSON and gives {ok, status, body}; a fault of the network is an answer too. */
export async function send(method, path, body, headers = {}) {
  try {
    const answer = await fetch(root + path, {
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

/** Says in a form what is wrong with it, and goes to the field that is at fault. */
export function fault(form, text, field) {
  const told = one(".fault", form);
  told.textContent = text;
  told.hidden = !text;
  pointOut(form, text && field);
}

function pointOut(form, field) {
  for (const input of form.elements) input.removeAttribute("aria-invalid");
  const wrong = [...form.elements].filter((input) => field && input.name === field && !input.checked);
  for (const input of wrong) input.setAttribute("aria-invalid", "true");
  wrong[0]?.focus();
}

/** Tells why something was refused, and goes to what of a form is at fault. */
export function refused(answer, form) {
  say(answer.body.detail || `The service answered ${answer.status}.`, true);
  if (form) pointOut(form, answer.body.field?.replace("body.", ""));
}

/** Whether somebody has begun to write in a form, which loading the page again would lose. */
export const isWriting = () => all("main form:not([method=get]) :is(input, textarea)")
  .some((input) => input.type === "checkbox" ? input.checked !== input.defaultChecked : input.value !== input.defaultValue);

let going = false;

/** Whether the page is being loaded again, which keeps the edits that are open: nobody is asked. */
export const isGoing = () => going;

/** Goes to an address, where the page says what was done here. */
export function go(address, message) {
  if (message) sessionStorage.setItem("said", message);
  location.href = root + address;
}

/** Loads the page again where the reader was, or at an anchor, or with the focus in a panel, and
 * says there what was done. */
export function reload(message, anchor, panel) {
  const path = incident ? `${root}/incidents/${incident}` : location.pathname + location.search;
  going = true;
  history.scrollRestoration = "manual"; // else the browser scrolls after the new page has
  sessionStorage.setItem("said", message);
  const at = document.activeElement?.closest(".part, .panel");
  sessionStorage.setItem("worked-at", panel || at?.id || "");
  sessionStorage.setItem("stood-at", at ? String(at.getBoundingClientRect().top) : "");
  if (anchor || panel) sessionStorage.removeItem("scroll");
  else sessionStorage.setItem("scroll", String(window.scrollY));
  if (location.pathname + location.search === path && !anchor) location.reload();
  else {
    location.href = anchor ? `${path}#${anchor}` : path;
    if (location.hash) location.reload();
  }
}

/** Says what the page before this one wanted to say, where its reader was: in a field, if one is
 *  given, else at the head of what they worked at. */
export function takeUp(field) {
  const said = sessionStorage.getItem("said");
  const scroll = sessionStorage.getItem("scroll");
  const was = sessionStorage.getItem("worked-at");
  const at = document.getElementById(was);
  const stood = sessionStorage.getItem("stood-at");
  for (const name of ["said", "scroll", "worked-at", "stood-at"]) sessionStorage.removeItem(name);
  if (field) field.focus({ preventScroll: Boolean(scroll) });
  else if (at) one("[data-do], summary", at)?.focus({ preventScroll: Boolean(scroll) });
  else if (was) one("#main").focus({ preventScroll: true });
  if (said) say(said);
  addEventListener("pagehide", () => { if (!going) history.scrollRestoration = "auto"; });
  if (!scroll) return;
  window.scrollTo({ top: Number(scroll), behavior: "instant" });
  // Panels above it that were open are closed again.
  if (at && stood) window.scrollBy({ top: at.getBoundingClientRect().top - Number(stood), behavior: "instant" });
}
