// What can be done about accusations and values that differ: each opens an edit, or copies a letter.
import { openEditor } from "./editing.js";
import { api, one, refused, reload, say, send } from "./page.js";
import { addRow, check } from "./rows.js";

/** Opens a sentence's edit with the newest value in it; it is checked, and saved by the editor. */
function take(button) {
  const part = document.getElementById(button.dataset.key);
  openEditor(part, button.dataset.take);
  const row = one(`.edit-row[data-claim="${button.dataset.take}"]`, part);
  if (!row) return;
  const content = { ...JSON.parse(row.dataset.content), cites: JSON.parse(button.dataset.cites) };
  row.dataset.content = JSON.stringify(content);
  one("textarea", row).value = button.dataset.text;
  ready(row);
}

/** Opens a section's edit with the reply as a new sentence. */
function add(button) {
  const part = document.getElementById(button.dataset.add);
  openEditor(part);
  const form = one(".editor", part);
  const row = addRow(form);
  const { text, ...content } = JSON.parse(button.dataset.content);
  row.dataset.content = JSON.stringify(content);
  one("textarea", row).value = text;
  ready(row);
}

function ready(row) {
  const field = one("textarea", row);
  field.focus();
  field.scrollIntoView({ block: "center" });
  check(row);
}

async function copyField(button) {
  const field = one("textarea", button.closest("details"));
  try {
    await navigator.clipboard.writeText(field.value);
    say("Copied: the letter.");
  } catch {
    field.select();
    say("The browser does not let the page copy. The letter is selected: copy it by hand.");
  }
}

/** Keeps who was asked, and by when to answer. */
async function asked(button) {
  const until = one("[name=until]", button.closest("details")).value;
  const answer = await send("POST", api("/responses"), { of: button.dataset.asked, until });
  if (answer.ok) reload(`The page says that you asked ${button.dataset.asked}.`);
  else refused(answer);
}

/** Puts another deadline into the letter. */
function postpone(select) {
  const field = one("textarea", select.closest("details"));
  const [before, chosen] = [one("[selected]", select), select.selectedOptions[0]];
  field.value = field.value.replace(before.dataset.words, chosen.dataset.words);
  before.removeAttribute("selected");
  chosen.setAttribute("selected", "");
}

document.addEventListener("change", (event) => {
  if (event.target.matches(".ask [name=until]")) postpone(event.target);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take], [data-add], [data-copy-field], [data-asked]");
  if (!button) return;
  if ("take" in button.dataset) take(button);
  else if ("add" in button.dataset) add(button);
  else if ("asked" in button.dataset) asked(button);
  else copyField(button);
});
