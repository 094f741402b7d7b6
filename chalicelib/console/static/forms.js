// Nothing that is typed into a form is lost. Before it goes, the server is asked whether it is there and who we are: where
// it is not, the page stays as it is and says so; where the session has ended, one signs in beside it and goes on here.
// What htmx could not ask is asked again. Drafts of e-mails have ways of their own (autosave.js).
(() => {
  "use strict";
  const SESSION = "/console/session", SIGN_IN = "/console/sign-in", AGAIN_MS = 3000;
  const root = document.documentElement;
  const [dialog, unsent] = ["ended", "unsent"].map((id) => document.getElementById(id));
  if (!dialog) return;
  const still = document.getElementById("still-ended");
  const isDraft = document.getElementById("draft") !== null;
  const lost = new Map();
  let asking = false, waiting = null, later;

  // "away", "ended", or nothing where all is well: then the page's forms carry the proof of the session of now.
  async function standing() {
    try {
      const answer = await fetch(SESSION, { headers: { "hx-request": "true" }, cache: "no-store" });
      if (answer.headers.get("HX-Redirect")) return "ended";
      if (!answer.ok) return "away";
      const { change } = await answer.json();
      for (const each of document.querySelectorAll("input[name=change]")) each.value = change;
      document.body.setAttribute("hx-headers", JSON.stringify({ "x-change": change }));
      return "";
    } catch {
      return "away";
    }
  }

  function send(form, button) {
    form.dataset.asked = "yes";
    form.requestSubmit(button);
  }

  function told(button) {
    (button?.closest(".acts") || button || dialog).before(unsent);
    unsent.hidden = false;
    unsent.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.asked) { delete form.dataset.asked; return; }
    event.preventDefault();
    if (asking) return;
    asking = true;
    unsent.hidden = true;
    const found = await standing();
    asking = false;
    if (found === "away") told(button);
    else if (found === "ended") { waiting = [form, button]; open(); }
    else send(form, button);
  });

  function open() {
    root.classList.add("ended");
    still.textContent = "";
    if (!dialog.open) dialog.showModal();
  }

  async function goOn(pressed) {
    const found = await standing();
    if (found) { if (pressed) still.textContent = found === "ended" ? still.dataset.ended : still.dataset.away; return; }
    root.classList.remove("ended");
    dialog.close();
    const form = waiting;
    waiting = null;
    if (form) send(...form); else again();
  }
  if (!isDraft) {
    document.getElementById("go-on").addEventListener("click", () => goOn(true));
    dialog.addEventListener("close", () => { if (root.classList.contains("ended")) waiting = null; });
    window.addEventListener("focus", () => { if (dialog.open) goOn(false); });
  }

  // What htmx asked.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, elt, requestConfig } = event.detail;
    if (!(xhr.getResponseHeader("HX-Redirect") || "").startsWith(SIGN_IN)) { lost.delete(elt); return; }
    event.preventDefault();
    lost.set(elt, requestConfig);
    if (!root.classList.contains("ended")) open();
  });
  document.addEventListener("htmx:sendError", (event) => {
    root.classList.add("away");
    lost.set(event.detail.elt, event.detail.requestConfig);
    clearTimeout(later);
    if (!isDraft) later = setTimeout(again, AGAIN_MS);
  });
  document.addEventListener("htmx:afterOnLoad", () => root.classList.remove("away"));
  window.addEventListener("online", () => { unsent.hidden = true; again(); });

  function again() {
    clearTimeout(later);
    const asked = [...lost];
    lost.clear();
    for (const [elt, { verb, path }] of asked) if (elt.isConnected) window.htmx.ajax(verb, path, { source: elt });
  }
})();
