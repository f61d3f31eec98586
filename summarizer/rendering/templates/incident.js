"use strict";
(() => {
  const panel = document.getElementById("evidence");
  const wide = window.matchMedia("(min-width: 68rem)");
  const hovering = window.matchMedia("(hover: hover)");
  let open = null;
  let pinned = false;
  let returning = false;

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  const copied = (node) => {
    const copy = node.cloneNode(true);
    for (const part of [copy, ...copy.querySelectorAll("[id]")]) part.removeAttribute("id");
    for (const back of copy.querySelectorAll(".back")) back.remove();
    return copy;
  };

  const rest = () => {
    panel.replaceChildren(element("p", "hint",
      "Point at a sentence to read the passages behind it; select it to keep them here."));
    panel.classList.add("resting");
  };

  const collapse = () => {
    if (open) open.setAttribute("aria-expanded", "false");
    open = null;
    pinned = false;
  };

  const close = () => {
    const sentence = open;
    const inside = panel.contains(document.activeElement);
    collapse();
    rest();
    if (!sentence || !inside) return;
    returning = true;
    sentence.focus({ preventScroll: true });
    returning = false;
  };

  const passages = (claim, number) => {
    const found = [];
    let source = null;
    for (const mark of claim.querySelectorAll("a.mark:not(.dagger)")) {
      const passage = document.querySelector(mark.getAttribute("href"));
      if (passage.dataset.source !== source) {
        source = passage.dataset.source;
        const from = document.getElementById(source);
        const head = element("p", "source-head");
        head.append(...[...copied(from.querySelector("h3")).childNodes]);
        const list = element("ol", "passages");
        found.push(head, copied(from.querySelector(".byline")), list);
      }
      const copy = copied(passage);
      if (mark.textContent === number) copy.classList.add("chosen");
      found[found.length - 1].append(copy);
    }
    return found;
  };

  const show = (sentence, number) => {
    const claim = sentence.closest(".claim");
    const audit = document.getElementById(claim.dataset.evidence);
    if (open && open !== sentence) open.setAttribute("aria-expanded", "false");
    open = sentence;
    sentence.setAttribute("aria-expanded", "true");
    const shut = element("button", "close", "Close");
    shut.type = "button";
    shut.addEventListener("click", close);
    panel.replaceChildren(shut, ...copied(audit).childNodes, ...passages(claim, number));
    panel.classList.remove("resting");
    panel.scrollTop = 0;
    const chosen = panel.querySelector(".chosen");
    if (chosen) panel.scrollTop = chosen.offsetTop - panel.offsetTop - 60;
  };

  const pin = (sentence, number) => {
    show(sentence, number);
    pinned = true;
    panel.focus({ preventScroll: true });
    if (!wide.matches) sentence.scrollIntoView({ block: "nearest" });
  };

  const toggle = (sentence) => {
    if (pinned && open === sentence) close();
    else pin(sentence, null);
  };

  for (const claim of document.querySelectorAll(".claim")) {
    const sentence = claim.querySelector(".sentence");
    sentence.tabIndex = 0;
    sentence.setAttribute("role", "button");
    sentence.setAttribute("aria-expanded", "false");
    sentence.setAttribute("aria-controls", "evidence");
    const preview = () => { if (wide.matches && !pinned) show(sentence, null); };
    sentence.addEventListener("mouseenter", () => { if (hovering.matches) preview(); });
    sentence.addEventListener("focus", () => {
      if (!returning && sentence.matches(":focus-visible")) preview();
    });
    sentence.addEventListener("click", () => {
      if (window.getSelection().isCollapsed) toggle(sentence);
    });
    sentence.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      toggle(sentence);
    });
    for (const mark of claim.querySelectorAll("a.mark")) {
      mark.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        pin(sentence, mark.textContent);
      });
    }
  }

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
