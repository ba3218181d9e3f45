// The service worker: answers in place of a network that is not there, and sends the outbox after the page was closed.
import { AWAY, FILES, FORM, LOGOUT, OUTBOX } from "./addresses.js";
import { sendAll } from "./send.js";
import { forget, keepAwayPage, renew } from "./shell.js";

// A network that is there but does not answer is none.
const PATIENCE = 6000;
const GATEWAY = [502, 503, 504];

async function fromNetwork(request, keptPage) {
  const asking = fetch(request);
  // Nothing to show instead: then rather wait.
  if (!keptPage) { return asking; }
  const late = new Promise((resolve, reject) => { setTimeout(reject, PATIENCE, new Error("late")); });
  asking.catch(() => {});
  return Promise.race([asking, late]);
}

async function page(request) {
  const { pathname } = new URL(request.url);
  const keptPage = [FORM, OUTBOX].includes(pathname) ? await caches.match(pathname, { ignoreVary: true }) : null;
  try {
    const answer = await fromNetwork(request, keptPage);
    return GATEWAY.includes(answer.status) && keptPage ? keptPage : answer;
  } catch (error) {
    return keptPage || (await caches.match(AWAY, { ignoreVary: true })) || Response.error();
  }
}

async function file(request, isFresh) {
  const kept = await caches.match(request);
  if (kept && !isFresh) { return kept; }
  return fetch(request).catch((error) => { if (kept) { return kept; } throw error; });
}

function answer(event, isFresh) {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) { return; }
  // Whoever logs out leaves nothing to be opened without a network. What was not sent yet stays, for that user only.
  if (request.method === "POST" && pathname === LOGOUT) { event.waitUntil(forget()); }
  if (request.method !== "GET") { return; }
  if (request.mode === "navigate") { event.respondWith(page(request)); }
  else if (pathname.startsWith(FILES)) { event.respondWith(file(request, isFresh)); }
}

// `isFresh`: file names do not change with their content (development), so they are asked from the network first.
export function start({ release, isFresh }) {
  self.addEventListener("install", (event) => { event.waitUntil(keepAwayPage(release).then(() => self.skipWaiting())); });
  self.addEventListener("activate", (event) => { event.waitUntil(renew(release).then(() => self.clients.claim())); });
  self.addEventListener("fetch", (event) => answer(event, isFresh));
  self.addEventListener("sync", (event) => { if (event.tag === "outbox") { event.waitUntil(sync()); } });
}

// A rejected promise asks the browser to try again later.
async function sync() {
  if (await sendAll() === "network") { throw new Error("offline"); }
}
