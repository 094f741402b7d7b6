// What the console does beyond htmx: small behaviours, each asked for by an attribute. Everything works without, later.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("scripted");

  // The reader's zone: told to the server once, which then writes every time in it.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const later = 365 * 24 * 3600;
  if (zone && zone !== root.dataset.zone) {
    document.cookie = `envoi_zone=${zone}; Path=/console; Max-Age=${later}; SameSite=Lax`;
    const shown = new Intl.DateTimeFormat(root.lang === "en" ? "en-GB" : root.lang, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23", timeZone: zone });
    for (const each of document.querySelectorAll("time[datetime]")) each.textContent = shown.format(new Date(each.dateTime));
  }

  // Dialogs: <button data-opens="ID">, and data-closes within.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).showModal();
    const closer = event.target.closest("[data-closes]");
    if (closer) closer.closest("dialog").close();
    const menu = document.querySelector(".menu[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
  });

  // A question stays until it is answered: what is asked for again and again waits for it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.querySelector("dialog[open]")) event.detail.shouldSwap = false;
  });

  // What is to be copied: <button data-copies="ID" data-copied="Copied">.
  document.addEventListener("click", async (event) => {
    const copier = event.target.closest("[data-copies]");
    if (!copier) return;
    const from = document.getElementById(copier.dataset.copies);
    try {
      await navigator.clipboard.writeText((from.value ?? from.textContent).trim());
      copier.textContent = copier.dataset.copied;
    } catch {  // the browser does not let us: chosen, it can be copied by hand
      if (from.select) from.select(); else getSelection().selectAllChildren(from);
    }
  });

  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector(".menu[open]");
    if (event.key === "Escape" && menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  // A choice that is the whole form.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });

  // A button is pressed once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || event.submitter?.formTarget) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // The link that a terminal prints ends in #now: whoever opens it is there by their own hand, and no scanner of mails.
  const atOnce = document.querySelector("form[data-at-once]");
  if (atOnce && location.hash === "#now") atOnce.requestSubmit();
})();
