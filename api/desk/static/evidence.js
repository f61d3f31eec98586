// Evidence beside the chosen sentence.
import { openEditor } from "./editing.js";
import { all, one } from "./page.js";

export function moveInDraft(step) {
  const found = all(".draft .sentence").filter((s) => s.offsetParent);
  const at = found.findIndex((s) => s.classList.contains("chosen"));
  const next = found[Math.min(Math.max(at + step, 0), found.length - 1)];
  if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
}

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
  if (bottom <= panel.clientHeight) return;
  // The card stays at the top of the panel, or beside the passages where there is room: the passage
  // comes to stand below it, with the name of its source where both have room.
  const above = matchMedia("(min-width: 100rem)").matches ? 0 : card.offsetHeight;
  const source = first.closest(".source");
  const fits = bottom - source.offsetTop < panel.clientHeight - above;
  panel.scrollTop = (fits ? source : first).offsetTop - above - 8;
}

for (const sentence of all(".draft .sentence")) {
  sentence.tabIndex = 0;
  sentence.setAttribute("role", "button");
  sentence.setAttribute("aria-pressed", "false");
  sentence.setAttribute("aria-describedby", `j-${sentence.id}`); // the verdict is heard with it
  sentence.addEventListener("focus", () => choose(sentence));
  sentence.addEventListener("click", () => choose(sentence));
  sentence.addEventListener("mouseenter", () => {
    if (matchMedia("(hover: hover) and (min-width: 56.01rem)").matches && !one(".editor:not([hidden])")) choose(sentence);
  });
  sentence.addEventListener("dblclick", () => openEditor(sentence.closest(".part"), sentence.dataset.claim));
  sentence.addEventListener("keydown", (event) => {
    if (event.key === " ") { event.preventDefault(); choose(sentence); }
    if (event.key === "Enter") { event.preventDefault(); openEditor(sentence.closest(".part"), sentence.dataset.claim); }
  });
}

one("#evidence-close")?.addEventListener("click", () => {
  one(".evidence").classList.remove("open");
  one(".sentence.chosen")?.focus({ preventScroll: true });
  one(".evidence").classList.remove("open");
});
