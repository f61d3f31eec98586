// Who has an incident open: said every half minute while the page is, and told of the others.
import { api, may, one, send } from "./page.js";

const EVERY = 30_000; // a third of the time for which it holds

async function tell(place) {
  const answer = await send("PUT", api("/presence"));
  if (!answer.ok) return; // nothing rests on it
  const others = answer.body.others;
  const words = others.length ? `${others.join(", ")} ${others.length === 1 ? "has" : "have"} this incident open as well.` : "";
  if (place.textContent !== words) place.textContent = words; // else it would be read aloud again
  place.hidden = !words;
}

const place = one("#open-by");
if (place && may("review")) setInterval(tell, EVERY, place);
