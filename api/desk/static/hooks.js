// Webhooks: made, paused, resumed, ended.
import { fault, go, one, refused, reload, say, send } from "./page.js";

const path = (id) => `/v1/webhooks/${id}`;

/** A secret is shown here and nowhere again: the page stays until its reader goes on. */
function reveal(secret) {
  const panel = one("#secret");
  one("output", panel).textContent = secret;
  panel.hidden = false;
  panel.focus();
}

one("#webhook-form")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const asked = new FormData(form);
  const kinds = asked.getAll("kinds");
  fault(form, "");
  if (!kinds.length) { fault(form, "Choose at least one event."); return; }
  const answer = await send("POST", "/v1/webhooks", { url: asked.get("url").trim(), kinds });
  if (!answer.ok) { fault(form, answer.body.detail, "url"); return; }
  form.closest("section").hidden = true;
  reveal(answer.body.secret);
});

one("#secret-copy")?.addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(one("#secret output").textContent);
    say("Copied the secret.");
  } catch {
    say("The browser does not let the page copy. Choose the secret and copy it by hand.");
  }
});
one("#secret-kept")?.addEventListener("click", () => reload("The secret is not shown again."));

const DO = {
  pause: async (id) => [await send("PATCH", path(id), { paused: true }), "Paused: what happens meanwhile is told later."],
  resume: async (id) => [await send("PATCH", path(id), { paused: false }), "It is told again, also of what happened meanwhile."],
};

for (const button of document.querySelectorAll("[data-hook]")) {
  button.addEventListener("click", async () => {
    const [answer, told] = await DO[button.dataset.hook](button.dataset.id);
    if (answer.ok) reload(told);
    else refused(answer);
  });
}

one("#webhook-remove")?.addEventListener("click", async (event) => {
  const answer = await send("DELETE", path(event.target.dataset.id));
  if (answer.ok) go("/webhooks", "The webhook is gone.");
  else refused(answer);
});
