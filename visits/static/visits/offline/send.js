// Sends what waits, one at a time, to the same address and form as a press of the button does.
import { alone, change, entriesOf, filesOf } from "./store.js";
import { TOKEN } from "./addresses.js";

const PATIENCE = 120000;
const TOKEN_PATIENCE = 15000;
// After so many answers of a broken server the person is told; it is tried again all the same when asked to.
const SERVER_FAULTS = 5;
const REASONS = {
  403: "没有权限，或登录已换人。请重新登录后再发送。",
  404: "这次走访已被删除，或不在您的范围内。",
  410: "这次走访已被删除。",
  413: "照片太大，服务器没有接收，请减少照片。",
};
const LOGIN = { cause: "login", reason: "请先登录，登录后自动发送。" };

// "sent": nothing waits any more; "network": it is worth trying again later; "login": somebody must log in first.
// `first` is the entry somebody looks at. Without `user` (in the worker) those of whoever is logged in are sent.
export function sendAll(user, first) {
  return alone("outbox", async () => {
    const session = await ask();
    if (session.fault === "login" && user) { await markAll(user, LOGIN); }
    if (session.fault) { return session.fault; }
    // Another person has logged in meanwhile: this one's entries wait for their own log-in.
    if (user && session.user !== user) { return "login"; }
    let result = "sent";
    for (const entry of await waiting(session.user, first)) {
      const outcome = await send(entry, session.token);
      if (outcome === "network" || outcome === "login") { return outcome; }
      // What one entry does to the server must not hold up the others.
      if (outcome === "server") { result = "network"; }
    }
    return result;
  });
}

export async function waiting(user, first) {
  const entries = (await entriesOf(user)).filter((entry) => entry.state === "waiting");
  return entries.reverse().sort((one, other) => (other.id === first) - (one.id === first));
}

async function ask() {
  try {
    const answer = await fetch(TOKEN, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(TOKEN_PATIENCE) });
    if (answer.ok) { return await answer.json(); }
    return { fault: answer.status >= 500 ? "network" : "login" };
  } catch (error) {
    return { fault: "network" };
  }
}

async function markAll(user, error) {
  for (const entry of await waiting(user)) { await change(entry.id, () => ({ error })); }
}

async function send(entry, token) {
  const body = new FormData();
  entry.fields.forEach(([name, value]) => body.append(name, value));
  (await filesOf(entry.id)).forEach(([name, file]) => body.append(name, file, file.name));
  await change(entry.id, (now) => ({ tries: now.tries + 1 }));
  try {
    const answer = await fetch(entry.address, {
      method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(PATIENCE),
      headers: { Accept: "application/json", "X-CSRFToken": token },
    });
    return await settle(entry, answer);
  } catch (error) {
    return "network";
  }
}

async function settle(entry, answer) {
  if (answer.ok) { return heard(entry, await answer.json()); }
  if (answer.type === "opaqueredirect") {
    await change(entry.id, () => ({ error: LOGIN }));
    return "login";
  }
  if (answer.status >= 500) {
    const isGivenUp = entry.tries + 1 >= SERVER_FAULTS;
    await change(entry.id, () => ({ error: isGivenUp ? { cause: "server", reason: "服务器多次出错，稍后会再试；一直不行请联系管理员。" } : null }));
    return "server";
  }
  return refuse(entry, { cause: "refused", reason: REASONS[answer.status] || `服务器没有接收（${answer.status}），请打开核对后再发送。` });
}

async function refuse(entry, error, more = {}) {
  await change(entry.id, () => ({ state: "draft", error, ...more }));
  return "refused";
}

function heard(entry, reply) {
  if (reply.errors) { return refuse(entry, { cause: "invalid", reason: Object.values(reply.errors).flat().join(" "), errors: reply.errors }); }
  if (reply.conflict) { return refuse(entry, { cause: "conflict", reason: reply.conflict }); }
  return arrived(entry, reply);
}

// A visit that had arrived before, and was changed since: what was changed is still here and must not get lost.
async function arrived(entry, reply) {
  if (reply.repeated && entry.touched) {
    const reason = "这次走访其实早已送达，后来改的内容没有写入。请打开已存的走访核对修改，再丢弃这一份。";
    return refuse(entry, { cause: "repeated", reason }, { url: reply.url });
  }
  await change(entry.id, () => ({ state: "sent", at: Date.now(), url: reply.url, error: null, fields: [] }));
  return "sent";
}
