// Signing in and out.
import { go, one, refused, send } from "./page.js";

one("#sign-in")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await send("POST", "/v1/session", { key: event.target.elements.key.value.trim() });
  if (answer.ok) go(event.target.dataset.next + location.hash);
  else refused(answer);
});

one("#sign-out")?.addEventListener("click", async () => {
  await send("DELETE", "/v1/session");
  go("/sign-in");
});
