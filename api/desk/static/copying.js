// Copying the page out.
import { all, api, one, root, say } from "./page.js";

/** What a reader's page has around its text: none of it is copied. */
const AROUND = "script, style, .skip, aside, .audit, .from";

async function page(format) {
  const answer = await fetch(root + api(`?format=${format}&revision=${document.body.dataset.revision}`));
  if (!answer.ok) throw new Error(`The service answered ${answer.status}.`);
  return answer.text();
}

/** The text of the reader's page as HTML: what is pasted is formatted, or the source where only
 *  plain text is taken. */
async function html() {
  const read = new DOMParser().parseFromString(await page("html"), "text/html");
  all(AROUND, read).forEach((part) => part.remove());
  return read.body.innerHTML.replace(/\n\s*\n+/g, "\n").trim();
}

const FORMS = {
  markdown: async () => ({ "text/plain": await page("markdown") }),
  html: async () => {
    const text = await html();
    return { "text/html": text, "text/plain": text };
  },
  cite: async () => ({ "text/plain": one("#cite").textContent }),
};

async function copy(button) {
  let forms;
  try {
    forms = await FORMS[button.dataset.copy]();
  } catch (error) {
    say(error.message);
    return;
  }
  try {
    const blobs = Object.entries(forms).map(([type, text]) => [type, new Blob([text], { type })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    say(`Copied: ${button.textContent.replace("Copy ", "")}.`);
  } catch {
    say("The browser does not let the page copy. Use the download beside it.");
  }
}

for (const button of all("[data-copy]")) button.addEventListener("click", () => copy(button));
