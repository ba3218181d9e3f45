// The visit form on a device: finds its draft, keeps it, and hands it to the outbox when the button is pressed.
// Without scripts or without a store the form is sent as any other.
import { Draft, takeBack } from "./draft.js";
import { read, write, writeFiles } from "./fields.js";
import { chooseAsked } from "./names.js";
import { clearErrors, clock, say, showErrors } from "./notes.js";
import { enhance, ready } from "./photos.js";
import { sendAll } from "./send.js";
import { entryOf, isPossible } from "./store.js";
import { keepTrying } from "./retry.js";
import { FORM, LOGIN, OUTBOX } from "./addresses.js";

const STALE = 60000;
// Longer than this nobody watches a button; the outbox goes on by itself.
const WATCHED = 20000;
const TIME_ZONE = "Asia/Shanghai";

const form = document.querySelector("form[data-draft]");
const place = document.querySelector("[data-form-note]");
const mark = document.querySelector("[data-draft-note]");
const user = form.dataset.draft;
const asked = new URLSearchParams(location.search);
const isNew = location.pathname === FORM;
const draft = new Draft(form, user, (time) => { mark.textContent = time ? `草稿已存 ${clock(time)}` : ""; });
let blank = null;
let isBusy = false;

// A page kept for times without a network remembers the hour at which it was fetched.
function setNow() {
  if (Date.now() - Date.parse(form.dataset.made) < STALE) { return; }
  form.elements.started_at.value = new Date().toLocaleString("sv-SE", { timeZone: TIME_ZONE }).replace(" ", "T").slice(0, 16);
}

async function empty() {
  draft.isWriting = true;
  write(form, { fields: blank.fields, chips: [] });
  writeFiles(form, []);
  clearErrors(form);
  draft.isWriting = false;
  mark.textContent = "";
  if (isNew) { setNow(); }
  await draft.startNew();
}

async function discard() {
  const id = draft.id;
  await draft.drop();
  await empty();
  say(place, "草稿已丢弃。", [["撤销", async () => { if (await takeBack(id)) { resume(await entryOf(id)); } }]]);
}

async function resume(entry) {
  if (!await draft.restore(entry)) {
    say(place, "这份草稿正在另一个标签页里填写，请到那里继续。", [], "warning");
    return;
  }
  mark.textContent = `草稿已存 ${clock(entry.at)}`;
  const actions = [["丢弃草稿", discard]];
  if (isNew) { actions.unshift(["另记一次", async () => { await draft.save(); await empty(); say(place, ""); }]); }
  if (entry.error) {
    showErrors(form, entry.error.errors || {});
    const seen = entry.url ? [["打开已存的走访", entry.url]] : [];
    say(place, `没有发送成功：${entry.error.reason}`, [...seen, ["丢弃草稿", discard]], "danger");
  } else {
    say(place, `已恢复 ${clock(entry.at)} 没写完的走访。`, actions);
  }
}

async function open(id) {
  const entry = await draft.take(id);
  if (!entry || entry.user !== user || entry.state === "dropped") { return say(place, "这台设备上没有这份草稿，可能已被丢弃。", [], "warning"); }
  if (entry.state === "sent") { return say(place, "这次走访已经发送。", [["打开走访", entry.url]], "success"); }
  return resume(entry);
}

async function begin() {
  if (form.dataset.bound) { return draft.restoreFiles(); }
  if (isNew) { setNow(); }
  blank = read(form);
  await draft.startNew();
  if (asked.get("draft")) { return open(asked.get("draft")); }
  const [last] = await draft.found();
  if (!last) { return chooseAsked(form); }
  // Whoever came for a certain enterprise, or to a visit that was changed since, decides; else the draft is simply there.
  const isPlain = isNew ? !asked.get("enterprise") : last.version === draft.version;
  if (isPlain) { return resume(last); }
  await chooseAsked(form);
  return say(place, `有一份 ${clock(last.at)} 没写完的走访${last.title ? `（${last.title}）` : ""}。`, [["继续写", () => resume(last)]]);
}

function queued(text, actions) {
  say(place, text, [...actions, ["看本机走访记录", OUTBOX]], "warning");
  window.scrollTo({ top: 0 });
  keepTrying(user);
  return isNew ? empty() : undefined;
}

async function show(outcome) {
  const entry = await entryOf(draft.id);
  if (entry.state === "sent") { location.assign(entry.url); return undefined; }
  if (entry.state === "waiting") {
    return outcome === "login"
      ? queued("登录已失效。这次走访已存在本机，登录后自动发送。", [["去登录", `${LOGIN}?next=${location.pathname}`]])
      : queued("没有网络，已存在本机，联网后自动发送。", []);
  }
  if (entry.error.cause === "conflict") { form.submit(); return undefined; }
  const loose = showErrors(form, entry.error.errors || {});
  const text = entry.error.errors ? ["请改正标出的地方。", ...loose].join(" ") : entry.error.reason;
  return say(place, text, entry.url ? [["打开已存的走访", entry.url]] : [], "danger");
}

async function send() {
  await ready();
  clearErrors(form);
  await draft.hand();
  const slow = new Promise((resolve) => { setTimeout(resolve, WATCHED, "network"); });
  const outcome = navigator.onLine ? await Promise.race([sendAll(user, draft.id), slow]) : "network";
  await show(outcome);
}

form.addEventListener("submit", async (event) => {
  if (!draft.id || (event.submitter && event.submitter.name === "search")) { return; }
  event.preventDefault();
  if (isBusy) { return; }
  isBusy = true;
  const button = form.querySelector(".btn-save");
  button.disabled = true;
  mark.textContent = "正在保存…";
  try { await send(); } finally {
    isBusy = false;
    button.disabled = false;
    if (mark.textContent === "正在保存…") { mark.textContent = ""; }
  }
});

document.querySelectorAll("input[type=file][data-long-side]").forEach((input) => enhance(input, document.querySelector("[data-previews]")));
if (await isPossible()) { await begin(); }
form.dataset.ready = "1";
