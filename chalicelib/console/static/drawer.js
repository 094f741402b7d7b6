// What was typed and is not saved yet, kept in this browser for whoever typed it: sealed (AES-GCM, 256 bits) with a key that
// the server tells its owner's pages alone. The next person at the same computer reads nothing of it, and its owner finds
// it again. A page that is neither of https nor of this machine has no such cipher: then nothing is kept.
(() => {
  "use strict";
  const KEPT = "envoi-draft:", NONCE = 12;
  const octets = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  const text = (found) => btoa(Array.from(found, (each) => String.fromCharCode(each)).join(""));

  class Drawer {
    constructor(email, owner, key) {
      this.place = `${KEPT}${email}:${owner}:`;
      this.own = this.place + Math.random().toString(36).slice(2);
      this.key = window.crypto.subtle?.importKey("raw", octets(key), "AES-GCM", false, ["encrypt", "decrypt"]);
      this.turn = 0;
    }

    // Whether it is kept. What was put last stays, in whatever order they are sealed.
    async put(what) {
      const turn = (this.turn += 1);
      if (!this.key) return false;
      try {
        const iv = crypto.getRandomValues(new Uint8Array(NONCE));
        const plain = new TextEncoder().encode(JSON.stringify(what));
        const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await this.key, plain);
        if (turn === this.turn) localStorage.setItem(this.own, text([...iv, ...new Uint8Array(sealed)]));
        return true;
      } catch {
        return false; // no room
      }
    }

    clear() {
      this.turn += 1;
      localStorage.removeItem(this.own);
    }

    // What earlier pages of this e-mail and this owner kept: [place, what].
    async found() {
      const places = Object.keys(localStorage).filter((each) => each.startsWith(this.place) && each !== this.own);
      return Promise.all(places.map(async (place) => [place, await this.opened(localStorage.getItem(place))]));
    }

    // Nothing for what is not ours.
    async opened(kept) {
      try {
        const sealed = octets(kept), iv = sealed.slice(0, NONCE);
        const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await this.key, sealed.slice(NONCE));
        return JSON.parse(new TextDecoder().decode(plain));
      } catch {
        return null;
      }
    }

    static forget(place) {
      localStorage.removeItem(place);
    }
  }

  window.EnvoiDrawer = Drawer;
})();
