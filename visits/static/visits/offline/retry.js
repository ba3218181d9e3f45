// When to try again: on the page's opening, when the network comes back, and ever more rarely while something waits.
import { sendAll, waiting } from "./send.js";

const FIRST = 5000;
const LONGEST = 5 * 60 * 1000;
let timer = null;
let pause = FIRST;

// The worker sends also after the page was closed, where the browser can do that.
async function askWorker() {
  try { (await navigator.serviceWorker.ready).sync.register("outbox"); } catch (error) { /* the page tries by itself */ }
}

export async function keepTrying(user) {
  clearTimeout(timer);
  if (!(await waiting(user)).length) { pause = FIRST; return; }
  askWorker();
  timer = setTimeout(() => trySending(user), pause);
  pause = Math.min(pause * 2, LONGEST);
}

export async function trySending(user) {
  clearTimeout(timer);
  if (!(await waiting(user)).length) { return "sent"; }
  const outcome = navigator.onLine ? await sendAll(user) : "network";
  if (outcome !== "login") { await keepTrying(user); }
  return outcome;
}

export function tryWhenOnline(user) {
  window.addEventListener("online", () => { pause = FIRST; trySending(user); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { trySending(user); } });
  return trySending(user);
}
