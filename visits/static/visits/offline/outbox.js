// The page of what lies on this device: what failed and why, what waits, drafts, what was sent.
import { alone, boxOf, change, entriesOf, isPossible, onChange, tidy } from "./store.js";
import { clock, say } from "./notes.js";
import { trySending } from "./retry.js";
import { LOGIN, OUTBOX } from "./addresses.js";

const { user } = document.body.dataset;
const place = document.querySelector("[data-outbox-note]");
const button = document.querySelector("[data-send]");
const OUTCOMES = {
  sent: ["没有要发送的了。", "success"],
  network: ["没有网络，联网后自动发送。", "warning"],
  login: ["请先登录，登录后自动发送。", "danger"],
};

function element(tag, css, text) {
  const item = document.createElement(tag);
  item.className = css;
  item.textContent = text;
  return item;
}

function link(text, address, css) {
  const item = element("a", css, text);
  item.href = address;
  return item;
}

function discard(entry) {
  const item = element("button", "btn btn-sm btn-link", "丢弃");
  item.type = "button";
  item.addEventListener("click", async () => {
    // Not while it is being sent.
    const before = await alone("outbox", () => change(entry.id, (now) => (now.state === "sent" ? null : { before: now.state, state: "dropped", at: Date.now() })));
    const undo = () => change(entry.id, (now) => ({ state: now.before })).then(() => say(place, ""));
    if (before.state === "dropped") { say(place, `已丢弃${entry.title || "没选企业的走访"}。`, [["撤销", undo]]); }
  });
  return item;
}

function actions(entry) {
  const box = element("span", "outbox-actions", "");
  if (entry.state === "sent") { box.append(link("打开走访", entry.url, "btn btn-sm btn-outline-secondary")); return box; }
  if (entry.error && entry.error.cause === "login") { box.append(link("去登录", `${LOGIN}?next=${OUTBOX}`, "btn btn-sm btn-outline-primary")); }
  const word = boxOf(entry) === "draft" ? "继续写" : "打开修改";
  box.append(link(word, `${entry.address}?draft=${entry.id}`, "btn btn-sm btn-outline-secondary"), discard(entry));
  return box;
}

function row(entry) {
  const item = document.createElement("li");
  const words = element("div", "outbox-words", "");
  words.append(element("strong", "", entry.title || "（没选企业）"), element("span", "muted", `${entry.version ? "修改走访" : "走访"} · ${clock(entry.at)}`));
  if (entry.error && entry.state !== "sent") { words.append(element("span", "state state-bad", entry.error.reason)); }
  item.append(words, actions(entry));
  return item;
}

async function show() {
  await tidy(user);
  const entries = (await entriesOf(user)).filter((entry) => entry.state !== "dropped");
  document.querySelectorAll("[data-outbox]").forEach((section) => {
    const mine = entries.filter((entry) => boxOf(entry) === section.dataset.outbox);
    section.hidden = !mine.length;
    section.querySelector("[data-count]").textContent = mine.length;
    section.querySelector("ul").replaceChildren(...mine.map(row));
  });
  button.hidden = !entries.some((entry) => entry.state === "waiting");
  document.querySelector("[data-outbox-empty]").hidden = entries.length > 0;
}

button.addEventListener("click", async () => {
  button.disabled = true;
  const [text, kind] = OUTCOMES[await trySending(user)] || ["有走访没有发送成功，原因见下。", "danger"];
  button.disabled = false;
  say(place, text, [], kind);
});

if (await isPossible()) {
  onChange(show);
  await show();
} else {
  say(place, "浏览器不允许在本机存数据（可能是无痕模式），走访表只能联网填写。", [], "warning");
}
