// From a form to plain data and back, whatever fields it holds; knows nothing of visits.

const SKIPPED = ["csrfmiddlewaretoken", "find", "search"];

function isFile(field) { return field.type === "file"; }

function kept(form) {
  return Array.from(form.elements).filter((field) => field.name && !SKIPPED.includes(field.name) && field.type !== "submit");
}

// Chips are choices that the page made (chosen enterprises), kept with their words.
function chipsOf(form) {
  return Array.from(form.querySelectorAll(".picker-chosen input:checked"), (input) =>
    [input.name, input.value, input.parentNode.querySelector("span").textContent]);
}

export function read(form) {
  const fields = Array.from(new FormData(form)).filter(([name, value]) => typeof value === "string" && !SKIPPED.includes(name));
  return { fields, chips: chipsOf(form) };
}

export function readFiles(form) {
  return kept(form).filter(isFile).flatMap((field) => Array.from(field.files, (file) => [field.name, file]));
}

// Files cannot be typed into an input, but handed over like files dropped on it.
export function setFiles(input, files) {
  const hand = new DataTransfer();
  files.forEach((file) => hand.items.add(file));
  input.files = hand.files;
  input.dispatchEvent(new CustomEvent("files:set", { bubbles: true }));
}

export function writeFiles(form, files) {
  kept(form).filter(isFile).forEach((input) => setFiles(input, files.filter(([name]) => name === input.name).map(([, file]) => file)));
}

// Parts of the page follow the chips: those that stay are left alone.
function setChips(form, chips) {
  const picker = form.querySelector("[data-picker]");
  if (!picker) { return; }
  picker.querySelectorAll(".picker-chosen input").forEach((input) => {
    if (!chips.some(([name, value]) => name === input.name && value === input.value)) { input.closest("li").remove(); }
  });
  picker.dispatchEvent(new CustomEvent("picker:change", { bubbles: true }));
  chips.forEach(([name, value, text]) => picker.dispatchEvent(new CustomEvent("picker:add", { detail: { name, value, text } })));
}

function group(fields) {
  const values = new Map();
  fields.forEach(([name, value]) => values.set(name, (values.get(name) || []).concat([value])));
  return values;
}

function put(field, values) {
  const mine = values.get(field.name) || [];
  if (field.type === "checkbox" || field.type === "radio") { return set(field, "checked", mine.includes(field.value)); }
  if (field.multiple) {
    return Array.from(field.options).forEach((option) => { option.selected = mine.includes(option.value); });
  }
  if (mine.length) { set(field, "value", mine.shift()); }
}

function set(field, what, value) {
  if (field[what] === value) { return; }
  field[what] = value;
  // Parts that follow a choice (questions of a kind of visit) hear of it as if it had been clicked.
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

// Writes into all fields that are there, the parts that follow the chosen enterprises too.
export function write(form, entry) {
  setChips(form, entry.chips);
  const values = group(entry.fields);
  kept(form).filter((field) => !isFile(field) && !field.closest("[data-picker]")).forEach((field) => put(field, values));
  unfold(form);
}

// What holds an answer is not left folded away.
function unfold(form) {
  form.querySelectorAll("details").forEach((part) => {
    const texts = part.querySelectorAll("input[type=text], textarea");
    if (Array.from(texts).some((field) => field.value)) { part.open = true; }
  });
}
