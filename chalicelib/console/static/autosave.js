// Nothing that is typed is lost. What was typed is kept in this browser at once (drawer.js) and saved soon; while the server
// is away it waits here and goes there when it is back; a session that ended is begun anew without leaving the page; and
// where somebody else wrote the same field meanwhile, both texts are shown and one is chosen. Whoever wrote another field is
// merged. The page gives: `read(name)`, `write(name, value)`, `names`, and how things are told.
(() => {
  "use strict";
  const KEEP_MS = 100, SAVE_MS = 900, LATEST_MS = 4000, RETRY_MS = 2000, LONGEST_MS = 30000;
  // What a browser still sends when the page is left (Fetch, 64 KiB for all requests together).
  const LAST_WORDS = 60000;
  // Where nothing can be sent as long as nobody does something about it.
  const STUCK = ["away", "ended", "stranger", "conflict", "gone", "broken"];

  const plain = (value) => (Array.isArray(value) ? [...value].sort() : String(value ?? "").replace(/\r\n?/g, "\n"));
  const same = (one, other) => JSON.stringify(plain(one)) === JSON.stringify(plain(other));

  class Draft {
    constructor(page) {
      this.page = page;
      this.version = page.version;
      this.drawer = new window.EnvoiDrawer(page.id, page.owner, page.key);
      this.there = {}; // how the server has it
      this.sent = {}; // what we sent of it: the server may have taken a blank off
      this.refused = {}; // what it could not take
      for (const name of page.names) this.there[name] = this.sent[name] = plain(page.read(name));
      this.first = true;
      this.state = "saved";
      this.retry = RETRY_MS;
      window.addEventListener("online", () => this.state === "away" && this.save());
      window.addEventListener("focus", () => this.isOver && this.goOn());
      window.addEventListener("pagehide", () => this.leave());
      window.addEventListener("pageshow", (event) => event.persisted && this.refresh());
      window.addEventListener("beforeunload", (event) => { if (this.unkept && !this.goesWithThePage) event.preventDefault(); });
      document.addEventListener("visibilitychange", () => {
        if (document.hidden) this.leave();
        else if (this.state === "saved") this.refresh();
      });
    }

    get isOver() {
      return this.state === "ended" || this.state === "stranger";
    }

    // Whether all that is left is sent though the page is left.
    get goesWithThePage() {
      const mine = this.values(this.sendable());
      return !STUCK.includes(this.state) && this.changed().length === Object.keys(mine).length && String(this.form(mine)).length < LAST_WORDS;
    }

    values(names) {
      return Object.fromEntries(names.map((name) => [name, this.page.read(name)]));
    }

    // Fields that are not as they were sent.
    changed() {
      return this.page.names.filter((name) => !same(this.page.read(name), this.sent[name]));
    }

    // Those of them that the server has not refused as they are. What it refused may go once another field is another.
    sendable() {
      const changed = this.changed();
      const fresh = changed.filter((name) => !(name in this.refused && same(this.refused[name], this.page.read(name))));
      return fresh.length ? changed : [];
    }

    touched() {
      // a field that is left tells of a change that is saved already
      if (this.state === "saved" && !this.changed().length) return;
      if (this.state === "saved" || this.state === "refused") this.tell("typing");
      this.unkept = true;
      clearTimeout(this.keeping);
      this.keeping = setTimeout(() => this.keep(), KEEP_MS);
      if (this.isOver || this.state === "conflict") return;
      clearTimeout(this.due);
      this.since ||= Date.now();
      const wait = Math.max(0, Math.min(SAVE_MS, this.since + LATEST_MS - Date.now()));
      if (this.state !== "away") this.due = setTimeout(() => this.save(), wait);
    }

    async keep() {
      const names = this.changed();
      if (!names.length) { this.drawer.clear(); this.unkept = false; return; }
      const was = Object.fromEntries(names.map((name) => [name, this.there[name]]));
      this.unkept = !(await this.drawer.put({ mine: this.values(names), was }));
    }

    // What an earlier page of this e-mail could not save.
    async restore() {
      const clashes = [];
      const found = await this.drawer.found();
      for (const [, { mine, was }] of found.filter(([, kept]) => kept)) {
        for (const name of Object.keys(mine).filter((each) => each in this.there)) {
          if (same(mine[name], this.there[name])) continue;
          if (same(was[name], this.there[name])) this.page.write(name, mine[name]);
          else clashes.push({ name, mine: mine[name], theirs: this.there[name] });
        }
      }
      if (clashes.length) await this.clash(clashes);
      await this.keep();
      if (!this.unkept) for (const [place] of found) window.EnvoiDrawer.forget(place);
      if (!this.changed().length) return;
      this.page.notice("back");
      await this.save();
    }

    save() {
      clearTimeout(this.due);
      this.since = 0;
      if (this.saving) { this.again = true; return this.saving; }
      this.saving = this.send().finally(() => {
        this.saving = null;
        const again = this.again;
        this.again = false;
        if (again && this.state !== "away" && !this.isOver) this.save();
      });
      return this.saving;
    }

    // Whether all of it is saved.
    async flush() {
      for (let tries = 0; tries < 5 && this.sendable().length; tries += 1) {
        await this.save();
        if (STUCK.includes(this.state)) return false;
      }
      return this.changed().length === 0;
    }

    async send() {
      const names = this.sendable();
      if (!names.length) { this.settle(); return; }
      const mine = this.values(names);
      this.tell("saving");
      const answer = await this.ask(this.form(mine));
      if (answer === null) return;
      if (answer.status === 409) { await this.meet(answer.said); return; }
      this.first = false;
      this.version = answer.said.version;
      this.there = this.mapped(answer.said.values);
      this.refused = Object.fromEntries(Object.entries(this.refused).filter(([name]) => !(name in mine)));
      const faults = answer.said.faults;
      for (const name of names) {
        if (name in faults || name.split(".")[0] in faults) this.refused[name] = mine[name];
        else this.sent[name] = plain(mine[name]);
      }
      this.page.refused(names, faults);
      this.keep();
      this.settle();
      this.page.saved(this);
    }

    settle() {
      if (this.sendable().length) { this.tell("typing"); this.due = setTimeout(() => this.save(), SAVE_MS); return; }
      this.tell(this.changed().length ? "refused" : "saved");
    }

    form(mine) {
      const form = new URLSearchParams({ version: this.version });
      if (this.first) form.append("first", "yes");
      for (const [name, value] of Object.entries(mine)) {
        if (Array.isArray(value)) form.append(name, "");
        for (const each of Array.isArray(value) ? value : [value]) form.append(name, each);
      }
      return form;
    }

    mapped(values) {
      return Object.fromEntries(this.page.names.map((name) => [name, plain(values[name])]));
    }

    // The answer's status and what it says; null where there was none that helps: that is told.
    async ask(form, again = false) {
      let answer, said;
      try {
        const proof = { "x-change": this.page.proof(), "hx-request": "true" };
        const keepalive = form !== null && String(form).length < LAST_WORDS;
        answer = await fetch(this.page.address, { method: form ? "POST" : "GET", body: form, headers: proof, cache: "no-store", keepalive });
        if (answer.headers.get("HX-Redirect")) { this.end(); return null; }
        if ((answer.headers.get("Content-Type") || "").startsWith("application/json")) said = await answer.json();
      } catch {
        this.lose();
        return null;
      }
      this.retry = RETRY_MS;
      if (said && said.owner !== this.page.owner) { this.end("stranger"); return null; }
      if (said) { this.page.prove(said.change); return { status: answer.status, said }; }
      // Another session is ours by now: its proof is asked for once.
      if (answer.status === 403 && form && !again && (await this.ask(null))) return this.ask(form, true);
      if (answer.status >= 500 || answer.status === 429) this.lose();
      else this.tell(answer.status === 404 ? "gone" : "broken");
      return null;
    }

    lose() {
      this.keep();
      this.tell("away");
      clearTimeout(this.due);
      this.due = setTimeout(() => this.save(), this.retry);
      this.retry = Math.min(LONGEST_MS, this.retry * 2);
    }

    end(how = "ended") {
      this.keep();
      clearTimeout(this.due);
      this.tell(how);
      this.page.ended(this);
    }

    // Signed in again, perhaps: whether that is so.
    async goOn() {
      const answer = await this.ask(null);
      if (answer === null) return false;
      this.page.begun();
      await this.absorb(answer.said);
      await this.save();
      return true;
    }

    async refresh() {
      const answer = await this.ask(null);
      if (answer && answer.said.version !== this.version) await this.absorb(answer.said);
      if (answer) this.settle();
    }

    async meet(said) {
      await this.absorb(said);
      this.again = this.sendable().length > 0;
      if (!this.again) this.settle();
    }

    // Another version is there: what only they changed becomes ours, what both changed is chosen.
    async absorb(said) {
      const theirs = this.mapped(said.values), clashes = [], merged = [];
      for (const name of this.page.names) {
        const mine = this.page.read(name);
        if (same(theirs[name], this.there[name])) continue;
        if (same(mine, this.sent[name])) { this.page.write(name, theirs[name]); merged.push(name); this.sent[name] = theirs[name]; }
        else if (same(mine, theirs[name])) this.sent[name] = theirs[name];
        else clashes.push({ name, mine, theirs: theirs[name] });
      }
      this.version = said.version;
      this.there = theirs;
      if (merged.length) this.page.notice("merged", merged);
      if (clashes.length) await this.clash(clashes);
      if (merged.length || clashes.length) this.page.saved(this);
    }

    async clash(clashes) {
      this.keep();
      this.tell("conflict");
      const chosen = await this.page.choose(clashes);
      for (const { name, mine, theirs } of clashes) {
        this.sent[name] = plain(theirs);
        this.page.write(name, chosen[name] === "theirs" ? theirs : mine);
      }
      this.keep();
      this.tell("typing");
    }

    leave() {
      this.keep();
      if (this.sendable().length && !STUCK.includes(this.state)) this.save();
    }

    tell(state) {
      this.state = state;
      this.page.tell(state);
    }
  }

  window.EnvoiDraft = Draft;
})();
