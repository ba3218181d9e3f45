// What people wrote on this device (IndexedDB): drafts, what waits to be sent, what was sent. Used by pages and worker.
//
// Entry: id (the form's client_id), user, address (where it is sent), version (of the visit that is corrected), title,
// state (draft | waiting | sent | dropped), at, fields [[name, value]], chips [[name, value, text]],
// error {cause, reason, errors} of the last attempt, tries, touched (changed since an attempt), url (of the saved visit).
// Its files lie apart, so that typing a word does not write nine photos again.

const ENTRIES = "entries";
const FILES = "files";
const UNDO_TIME = 60 * 60 * 1000;
const SENT_TIME = 7 * 24 * 60 * 60 * 1000;
let opened = null;

function database() {
  opened = opened || new Promise((resolve, reject) => {
    const request = indexedDB.open("yqt-visits", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(ENTRIES, { keyPath: "id" }).createIndex("user", "user");
      request.result.createObjectStore(FILES, { keyPath: "id" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function run(mode, work) {
  const base = await database();
  return new Promise((resolve, reject) => {
    const transaction = base.transaction([ENTRIES, FILES], mode);
    const answer = {};
    transaction.oncomplete = () => resolve(answer.value);
    transaction.onabort = () => reject(transaction.error);
    work(transaction.objectStore(ENTRIES), transaction.objectStore(FILES), answer);
  });
}

function announce() {
  if (!("BroadcastChannel" in self)) { return; }
  const channel = new BroadcastChannel("yqt-visits");
  channel.postMessage("changed");
  channel.close();
}

// Calls back after every change, of this page, another tab or the worker.
export function onChange(callback) {
  if ("BroadcastChannel" in self) { new BroadcastChannel("yqt-visits").onmessage = callback; }
}

export async function isPossible() {
  try { await database(); return true; } catch (error) { return false; }
}

// Entries of one user, latest first; nobody is told of another's.
export async function entriesOf(user) {
  const entries = await run("readonly", (rows, files, answer) => {
    rows.index("user").getAll(user).onsuccess = (event) => { answer.value = event.target.result; };
  });
  return entries.sort((one, other) => other.at - one.at);
}

export function entryOf(id) {
  return run("readonly", (rows, files, answer) => {
    rows.get(id).onsuccess = (event) => { answer.value = event.target.result; };
  });
}

export async function filesOf(id) {
  const kept = await run("readonly", (rows, files, answer) => {
    files.get(id).onsuccess = (event) => { answer.value = event.target.result; };
  });
  return kept ? kept.list : [];
}

// One transaction: `edit` gets the entry as it is now, or undefined, and gives what changes, or null to leave it.
export async function change(id, edit) {
  const entry = await run("readwrite", (rows, files, answer) => {
    rows.get(id).onsuccess = (event) => {
      const before = event.target.result;
      const changes = edit(before);
      answer.value = changes ? Object.assign({ id, tries: 0, error: null }, before, changes) : before;
      if (changes) { rows.put(answer.value); }
      if (changes && answer.value.state === "sent") { files.delete(id); }
    };
  });
  announce();
  return entry;
}

export function keepFiles(id, list) {
  return run("readwrite", (rows, files) => { files.put({ id, list }); });
}

// What was thrown away can be taken back for an hour; what was sent is shown for a week.
export async function tidy(user) {
  const now = Date.now();
  const old = (await entriesOf(user)).filter((entry) =>
    (entry.state === "dropped" && now - entry.at > UNDO_TIME) || (entry.state === "sent" && now - entry.at > SENT_TIME));
  if (old.length) { await run("readwrite", (rows, files) => old.forEach((entry) => { rows.delete(entry.id); files.delete(entry.id); })); }
}

// Where the person looks for it. What failed is a draft to be put right, or waits for a log-in.
export function boxOf(entry) {
  return entry.error && (entry.state === "draft" || entry.state === "waiting") ? "failed" : entry.state;
}

// One at a time across tabs and the worker. Without the lock (no HTTPS) the server's own guard still makes one visit.
export function alone(name, work, options) {
  return navigator.locks ? navigator.locks.request(`yqt-${name}`, options || {}, work) : work({});
}

export function newId() {
  if (crypto.randomUUID) { return crypto.randomUUID(); }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return Array.from(bytes, (byte, n) => ([4, 6, 8, 10].includes(n) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
}
