// Holds on an incident: putting one on it, and lifting it.
import { api, fault, one, refused, reload, send } from "./page.js";

const form = one("#hold-form");

function showUntil() {
  const embargo = form.elements.kind.value === "embargo";
  one("#hold-until").hidden = !embargo;
  form.elements.until.required = embargo;
}

if (form) {
  showUntil();
  form.elements.kind.addEventListener("change", showUntil);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { kind, until, reason } = form.elements;
    const body = { reason: reason.value.trim() };
    if (kind.value === "embargo") body.until = new Date(until.value).toISOString();
    fault(form, "");
    const answer = await send("PUT", api(`/holds/${kind.value}`), body);
    if (answer.ok) reload("The hold is on.");
    else refused(answer, form);
  });
}

for (const lift of document.querySelectorAll("form.lift")) {
  lift.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = { reason: lift.elements.reason.value.trim() };
    const answer = await send("POST", api(`/holds/${lift.dataset.kind}/lift`), body);
    if (answer.ok) reload("The hold is lifted.");
    else refused(answer, lift);
  });
}
