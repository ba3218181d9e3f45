// The draft behind one visit form: kept on every change, found again after the tab was killed, sent from the outbox.
import { alone, change, entriesOf, entryOf, filesOf, keepFiles, newId, tidy } from "./store.js";
import { read, readFiles, write, writeFiles } from "./fields.js";

const PAUSE = 400;

// Two tabs must not write one draft; the lock ends with its tab, however that ends. Gives null when it is taken.
function hold(id) {
  return new Promise((resolve) => {
    if (!navigator.locks) { resolve(() => {}); return; }
    navigator.locks.request(`yqt-draft-${id}`, { ifAvailable: true }, (lock) => {
      if (!lock) { resolve(null); return undefined; }
      return new Promise((release) => resolve(release));
    });
  });
}

export class Draft {
  // `tell` hears when the draft was stored, and null as soon as something was typed since.
  constructor(form, user, tell) {
    Object.assign(this, { form, user, tell, timer: null, hasNewFiles: false, isChanged: false, release: () => {} });
    this.address = location.pathname;
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("picker:change", () => this.later());
    form.addEventListener("files:set", () => { this.hasNewFiles = true; this.later(); });
    // A phone may end a page in the background without another word.
    document.addEventListener("visibilitychange", () => { if (document.hidden) { this.save(); } });
  }

  get version() { return this.form.elements.version ? this.form.elements.version.value : ""; }

  async startAs(id) {
    const release = await hold(id);
    if (!release) { return false; }
    this.release();
    this.release = release;
    this.id = id;
    this.form.elements.client_id.value = id;
    return true;
  }

  startNew() { return this.startAs(newId()); }

  later() {
    if (this.isWriting || !this.id) { return; }
    this.isChanged = true;
    this.tell(null);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  async save() {
    clearTimeout(this.timer);
    if (!this.isChanged) { return; }
    this.isChanged = false;
    await this.store("draft");
    this.form.dispatchEvent(new CustomEvent("draft:stored", { bubbles: true }));
    this.tell(Date.now());
  }

  async store(state, more = {}) {
    const { fields, chips } = read(this.form);
    if (this.hasNewFiles) {
      this.hasNewFiles = false;
      await keepFiles(this.id, readFiles(this.form));
    }
    const title = chips.map(([, , text]) => text).join("、");
    const { user, address, version } = this;
    await change(this.id, (now) => Object.assign(
      { state, user, address, version, fields, chips, title, at: Date.now() }, now && now.tries ? { touched: true } : {}, more));
  }

  // Ready to be sent. Nothing of it may change from here on.
  async hand() {
    clearTimeout(this.timer);
    const isTouched = this.isChanged;
    this.isChanged = false;
    const before = await entryOf(this.id);
    await this.store("waiting", { error: null, touched: Boolean(before && before.tries && (isTouched || before.touched)) });
  }

  // Drafts of this form that nobody sent, latest first.
  async found() {
    await tidy(this.user);
    return (await entriesOf(this.user)).filter((entry) => entry.state === "draft" && !entry.error && entry.address === this.address);
  }

  // An entry asked for by name: taken out of the outbox, once nothing is being sent.
  take(id) {
    return alone("outbox", () => change(id, (entry) =>
      (entry && entry.user === this.user && entry.state !== "sent" ? { state: "draft" } : null)));
  }

  async restore(entry) {
    if (!await this.startAs(entry.id)) { return false; }
    const files = await filesOf(entry.id);
    this.isWriting = true;
    write(this.form, entry);
    writeFiles(this.form, files);
    this.form.elements.client_id.value = entry.id;
    this.hasNewFiles = false;
    this.isWriting = false;
    return true;
  }

  // After an answer with errors the page holds what was typed, but no files.
  async restoreFiles() {
    const isMine = await this.startAs(this.form.elements.client_id.value);
    if (!isMine) { return; }
    const files = await filesOf(this.id);
    if (files.length) { writeFiles(this.form, files); }
    this.hasNewFiles = true;
  }

  async drop() {
    clearTimeout(this.timer);
    this.isChanged = false;
    await change(this.id, (now) => (now ? { state: "dropped", at: Date.now() } : null));
  }
}

export function takeBack(id) {
  return change(id, (now) => (now && now.state === "dropped" ? { state: "draft" } : null));
}
