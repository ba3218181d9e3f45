// Words to the person at the top of the page, with what can be done about them; and errors beside their fields.

function button([label, act]) {
  const isLink = typeof act === "string";
  const item = document.createElement(isLink ? "a" : "button");
  item.className = "btn btn-sm btn-outline-primary";
  item.textContent = label;
  if (isLink) { item.href = act; } else { item.type = "button"; item.addEventListener("click", act); }
  return item;
}

// `actions`: [label, address or function]. An empty text takes the note away.
export function say(place, text, actions = [], kind = "info") {
  place.textContent = "";
  if (!text) { return; }
  const note = document.createElement("div");
  const words = document.createElement("span");
  note.className = `alert alert-${kind} device-note`;
  words.textContent = text;
  note.append(words, ...actions.map(button));
  place.append(note);
}

export function clearErrors(form) {
  form.querySelectorAll("[data-device-error]").forEach((error) => error.remove());
  form.querySelectorAll(".is-invalid").forEach((field) => field.classList.remove("is-invalid"));
}

// Errors as the server gives them: name of the input → texts. Returns those that belong to no field of the form.
export function showErrors(form, errors) {
  clearErrors(form);
  const loose = [];
  Object.entries(errors).forEach(([name, texts]) => {
    const field = form.querySelector(`[name="${CSS.escape(name)}"]`);
    const place = name === "enterprises" ? form.querySelector("[data-picker]") : field && field.closest(".field, .card-body");
    if (!place) { loose.push(...texts); return; }
    if (field && !["checkbox", "radio", "file", "hidden"].includes(field.type)) { field.classList.add("is-invalid"); }
    place.append(...texts.map(feedback));
  });
  const first = form.querySelector("[data-device-error]");
  if (first) { first.parentNode.scrollIntoView({ block: "center" }); }
  return loose;
}

function feedback(text) {
  const line = document.createElement("div");
  line.className = "invalid-feedback d-block";
  line.dataset.deviceError = "1";
  line.textContent = text;
  return line;
}

export function clock(time) {
  const moment = new Date(time);
  const hour = moment.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  return moment.toDateString() === new Date().toDateString() ? hour
    : `${moment.getMonth() + 1}月${moment.getDate()}日 ${hour}`;
}
