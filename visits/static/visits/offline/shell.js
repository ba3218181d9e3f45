// What a device keeps to open the visit form without a network: the empty form, the outbox page, the files of both and
// some names. One cache a user, `yqt-user-7`; never a page about anybody's business.
import { AWAY, FILES, FORM, NAMES, OUTBOX } from "./addresses.js";

const OWN = "yqt-user-";
const COMMON = "yqt-common-";
const STAMP = "/stamp";
const FRESH = 60 * 60 * 1000;

// How each kind of text names other files.
const NAMED = {
  html: /(?:href|src)="([^"]+)"/g,
  css: /url\(["']?([^"')]+)["']?\)/g,
  js: /^(?:import|export) .*from "(\.[^"]+)";$/gm,
};

function filesIn(text, kind, base) {
  const found = text.matchAll(NAMED[kind]);
  const addresses = Array.from(found, ([, address]) => new URL(address, base));
  return addresses.filter((one) => one.origin === location.origin && one.pathname.startsWith(FILES)).map((one) => one.href);
}

async function keepFile(cache, address, seen) {
  if (seen.has(address)) { return; }
  seen.add(address);
  const answer = await fetch(address);
  if (!answer.ok) { return; }
  await cache.put(address, answer.clone());
  const [, kind] = new URL(address).pathname.match(/\.(css|js)$/) || [];
  if (kind) { await keepAll(cache, filesIn(await answer.text(), kind, address), seen); }
}

function keepAll(cache, addresses, seen) {
  return Promise.all(addresses.map((address) => keepFile(cache, address, seen)));
}

// Somebody who was logged out meanwhile is sent to the log-in page: that answer is not followed, and not kept. (Followed
// with "error", the browser would call it a failed load in the console.)
function ask(address, options) { return fetch(address, { redirect: "manual", ...options }); }

async function keepPage(cache, address, seen, options) {
  const answer = await ask(address, { cache: "no-store", headers: { "X-Keep": "1" }, ...options });
  if (!answer.ok) { throw new Error(address); }
  const text = await answer.clone().text();
  await keepAll(cache, filesIn(text, "html", new URL(address, location.origin)), seen);
  await cache.put(address, answer);
}

async function dropAll(isOld) {
  const names = (await caches.keys()).filter(isOld);
  await Promise.all(names.map((name) => caches.delete(name)));
  return names;
}

export function forget() { return dropAll((name) => name.startsWith(OWN)); }

async function isFresh(cache) {
  const stamp = await cache.match(STAMP);
  return Boolean(stamp) && Date.now() - Number(await stamp.text()) < FRESH;
}

// For the person who is logged in; what was kept for another one goes.
export async function keepShell(user) {
  await dropAll((name) => name.startsWith(OWN) && name !== OWN + user);
  const cache = await caches.open(OWN + user);
  if (await isFresh(cache)) { return; }
  const seen = new Set([FORM, OUTBOX, NAMES].map((address) => new URL(address, location.origin).href));
  await keepPage(cache, FORM, seen);
  await keepPage(cache, OUTBOX, seen);
  const names = await ask(NAMES);
  if (names.ok) { await cache.put(NAMES, names); }
  const old = (await cache.keys()).filter((request) => !seen.has(request.url));
  await Promise.all(old.map((request) => cache.delete(request)));
  await cache.put(STAMP, new Response(String(Date.now())));
}

// The page that says there is no network; fetched as nobody, so that it names nobody.
export async function keepAwayPage(release) {
  const cache = await caches.open(COMMON + release);
  await keepPage(cache, AWAY, new Set(), { credentials: "omit" });
}

// A new release: the common page of the old one goes, and what users keep is fetched anew at the next chance.
export async function renew(release) {
  const old = await dropAll((name) => name.startsWith(COMMON) && name !== COMMON + release);
  if (!old.length) { return; }
  for (const name of (await caches.keys()).filter((one) => one.startsWith(OWN))) { await (await caches.open(name)).delete(STAMP); }
}
