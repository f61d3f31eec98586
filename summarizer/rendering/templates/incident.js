"use strict";
(() => {
  const panel = document.getElementById("evidence");
  const wide = window.matchMedia("(min-width: 68rem)");
  const hovering = window.matchMedia("(hover: hover)");
  const first = document.querySelector(".layout-points .claim:has(a.mark)")
    || document.querySelector(".claim");
  let open = null;
  let pinned = false;
  let asked = null;

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  const copied = (node) => {
    const copy = node.cloneNode(true);
    for (const part of [copy, ...copy.querySelectorAll("[id]")]) part.removeAttribute("id");
    for (const back of copy.querySelectorAll(".back, .from")) back.remove();
    return copy;
  };

  const collapse = () => {
    if (open) open.classList.remove("chosen-sentence");
    open = null;
    pinned = false;
  };

  const close = () => {
    const mark = asked;
    const inside = panel.contains(document.activeElement);
    rest();
    if (mark && inside) mark.focus({ preventScroll: true });
  };

  const passages = (claim, number) => {
    const found = [];
    let source = null;
    for (const mark of claim.querySelectorAll("a.mark:not(.dagger)")) {
      const passage = document.querySelector(mark.getAttribute("href"));
      if (passage.dataset.source !== source) {
        source = passage.dataset.source;
        const from = document.getElementById(source);
        const head = copied(from.closest("details").querySelector(".name"));
        head.className = "source-head";
        const list = element("ol", "passages");
        found.push(head, copied(from.querySelector(".item")), list);
      }
      const copy = copied(passage);
      if (mark.textContent === number) copy.classList.add("chosen");
      found[found.length - 1].append(copy);
    }
    return found;
  };

  const fill = (head, sentence, number) => {
    const claim = sentence.closest(".claim");
    const audit = document.getElementById(claim.dataset.evidence);
    if (open) open.classList.remove("chosen-sentence");
    open = sentence;
    sentence.classList.add("chosen-sentence");
    panel.replaceChildren(head, ...copied(audit).childNodes, ...passages(claim, number));
    panel.classList.remove("resting");
    panel.scrollTop = 0;
    const chosen = panel.querySelector(".chosen");
    if (chosen) panel.scrollTop = chosen.offsetTop - panel.offsetTop - 60;
  };

  const show = (sentence, number) => {
    const shut = element("button", "close", "Close");
    shut.type = "button";
    shut.addEventListener("click", close);
    fill(shut, sentence, number);
  };

  const rest = () => {
    const filled = first && wide.matches;
    // Beside the title stands another sentence's evidence: say which, or its sources look wrong.
    const hint = element("p", "hint",
      (filled ? "Here: what the marked sentence rests on. " : "")
      + "Point at a sentence to read the passages behind it; select it to keep them here.");
    collapse();
    if (filled) fill(hint, first.querySelector(".sentence"), null);
    else panel.replaceChildren(hint);
    panel.classList.add("resting");
  };

  const pin = (sentence, mark) => {
    show(sentence, mark ? mark.textContent : null);
    pinned = true;
    asked = mark;
    if (mark) panel.focus({ preventScroll: true });
    if (!wide.matches) sentence.scrollIntoView({ block: "nearest" });
  };

  for (const claim of document.querySelectorAll(".claim")) {
    const sentence = claim.querySelector(".sentence");
    const marks = claim.querySelectorAll("a.mark");
    const preview = () => { if (wide.matches && !pinned) show(sentence, null); };
    sentence.addEventListener("mouseenter", () => { if (hovering.matches) preview(); });
    sentence.addEventListener("click", () => {
      if (!window.getSelection().isCollapsed) return;
      if (pinned && open === sentence) close();
      else pin(sentence, null);
    });
    for (const mark of marks) {
      mark.addEventListener("focus", () => { if (mark.matches(":focus-visible")) preview(); });
      mark.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        pin(sentence, mark);
      });
    }
  }

  wide.addEventListener("change", () => { if (!pinned) rest(); });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open) close();
  });

  const opened = [];
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details:not([open])")) {
      details.open = true;
      opened.push(details);
    }
  });
  window.addEventListener("afterprint", () => {
    while (opened.length) opened.pop().open = false;
  });

  document.documentElement.classList.add("js");
  panel.hidden = !document.querySelector(".claim");
  rest();
})();
