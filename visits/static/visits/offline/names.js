// Choosing an enterprise without a network: from the names this device keeps, or by typing a name for later.
import { NAMES } from "./addresses.js";

const SHOWN = 8;

async function kept() {
  if (!("caches" in self)) { return []; }
  const answer = await caches.match(NAMES);
  return answer ? (await answer.json()).enterprises : [];
}

function option(name, value, text, remark) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  const words = document.createElement("span");
  const aside = document.createElement("small");
  label.className = "picker-option";
  input.type = "checkbox";
  input.name = name;
  input.value = value;
  words.textContent = text;
  aside.className = "muted";
  aside.textContent = remark;
  label.append(input, " ", words, " ", aside);
  return label;
}

async function offer(find) {
  const text = find.value.trim();
  const place = find.closest("[data-picker]").querySelector(".picker-found");
  const rows = text ? await kept() : [];
  const found = rows.filter(([, name, initials]) => name.includes(text) || initials.startsWith(text.toUpperCase()));
  place.textContent = "";
  place.append(...found.slice(0, SHOWN).map(([key, name]) => option("enterprises", key, name, "")));
  const isKnown = found.some(([, name]) => name === text);
  if (text && !isKnown) { place.append(option("enterprise_names", text, text, "按这个名称记下，发送时再核对")); }
}

function isFind(element) { return element instanceof Element && element.matches("[data-picker] input[type=search]"); }

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!isFind(event.detail.elt) || navigator.onLine) { return; }
  event.preventDefault();
  offer(event.detail.elt);
});
document.addEventListener("htmx:sendError", (event) => { if (isFind(event.detail.elt)) { offer(event.detail.elt); } });

// An address names the enterprise (?enterprise=12), but the page kept for times without a network cannot know it.
export async function chooseAsked(form) {
  const asked = new URLSearchParams(location.search).get("enterprise");
  const row = asked && !form.querySelector(".picker-chosen input") && (await kept()).find(([key]) => String(key) === asked);
  if (!row) { return; }
  const detail = { name: "enterprises", value: asked, text: row[1] };
  form.querySelector("[data-picker]").dispatchEvent(new CustomEvent("picker:add", { detail }));
}
