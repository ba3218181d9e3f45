// On every page of somebody who records visits: keeps the form for times without a network, sends what waits, counts it.
import { keepShell, forget } from "./shell.js";
import { boxOf, entriesOf, isPossible, onChange } from "./store.js";
import { tryWhenOnline } from "./retry.js";
import { WORKER } from "./addresses.js";

const { user } = document.body.dataset;
const link = document.querySelector("[data-outbox-link]");
let unsent = 0;

async function count() {
  const boxes = (await entriesOf(user)).map(boxOf);
  unsent = boxes.filter((box) => box === "waiting" || box === "failed").length;
  link.hidden = !unsent;
  link.querySelector("[data-outbox-count]").textContent = unsent;
  link.classList.toggle("is-failed", boxes.includes("failed"));
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-logout]")) { return; }
  const question = `还有 ${unsent} 条走访没有发送。退出后它们留在这台设备上，等您再次登录后发送。仍要退出吗？`;
  if (unsent && !window.confirm(question)) { event.preventDefault(); return; }
  if ("caches" in self) { forget(); }
}, true);

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(WORKER, { type: "module", scope: "/", updateViaCache: "none" }).catch(() => {});
}
if ("caches" in self && navigator.onLine) { keepShell(user).catch(() => {}); }
if (await isPossible()) {
  onChange(count);
  await count();
  await tryWhenOnline(user);
}
