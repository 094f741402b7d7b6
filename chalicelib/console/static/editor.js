// The editor's page: its fields and their draft, sources with line numbers, tokens, dynamic content, preview, findings.
(() => {
  "use strict";
  const form = document.getElementById("draft");
  const page = window.envoiDraftPage(form);
  const { at, said } = page;
  const BODIES = ["html", "mjml", "text"];
  const STILL_MS = 600;

  // Fields. Ticks of one name that stand for several values are a list; one that says yes is a flag.
  const boxes = new Map();
  for (const each of form.querySelectorAll("[data-field]")) boxes.set(each.name, [...(boxes.get(each.name) || []), each]);
  const isList = ([first]) => first.type === "checkbox" && first.value !== "yes";
  const read = (name) => {
    const found = boxes.get(name);
    if (isList(found)) return found.filter((each) => each.checked).map((each) => each.value).sort();
    return found[0].type === "checkbox" ? (found[0].checked ? "yes" : "") : found[0].value;
  };
  const write = (name, value) => {
    const found = boxes.get(name);
    if (isList(found)) for (const each of found) each.checked = value.includes(each.value);
    else if (found[0].type === "checkbox") found[0].checked = value === "yes";
    else if (found[0].value !== value) found[0].value = value;
    shown(name);
  };

  const refused = (names, faults) => {
    for (const name of names) {
      const fault = faults[name] || faults[name.split(".")[0]];
      const place = at(`${name}-wrong`);
      if (place) { place.textContent = fault || ""; place.hidden = !fault; }
      const box = boxes.get(name)[0];
      if (fault) box.setAttribute("aria-invalid", "true"); else box.removeAttribute("aria-invalid");
    }
  };
  const label = (name, id) => boxes.get(name).find((each) => each.value === id)?.parentElement.textContent.trim() || id;

  let still;
  const draft = page.draft({
    names: [...boxes.keys()],
    read, write, refused, label,
    // What is shown of the draft is asked for again once the hand rests.
    saved: () => {
      clearTimeout(still);
      still = setTimeout(() => document.body.dispatchEvent(new CustomEvent("envoi:saved")), STILL_MS);
    },
  });
  form.addEventListener("input", () => draft.touched());
  form.addEventListener("change", () => draft.touched());
  form.addEventListener("submit", (event) => { event.preventDefault(); draft.save(); });

  // Sources: numbers beside the lines, and tabs.
  const numbered = (area) => {
    const numbers = area.previousElementSibling;
    const lines = area.value.split("\n").length;
    if (numbers.dataset.lines !== String(lines)) {
      numbers.dataset.lines = lines;
      numbers.textContent = `${Array.from({ length: lines }, (_, n) => n + 1).join("\n")}\n`;
    }
    numbers.scrollTop = area.scrollTop;
  };
  for (const name of BODIES) {
    const area = at(name);
    area.addEventListener("input", () => shown(name));
    area.addEventListener("scroll", () => { area.previousElementSibling.scrollTop = area.scrollTop; });
  }
  const tabs = [...document.querySelectorAll("[role=tab]")];
  const turn = (tab) => {
    for (const each of tabs) {
      each.setAttribute("aria-selected", String(each === tab));
      each.tabIndex = each === tab ? 0 : -1;
      at(each.getAttribute("aria-controls")).hidden = each !== tab;
    }
    shown(tab.id.replace("tab-", ""));
  };
  for (const [n, tab] of tabs.entries()) {
    tab.addEventListener("click", () => turn(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const next = event.key === "Home" ? tabs[0] : event.key === "End" ? tabs.at(-1) : step && tabs.at((n + step) % tabs.length);
      if (next) { event.preventDefault(); turn(next); next.focus(); }
    });
  }

  // What follows from a field's value.
  function shown(name) {
    const box = boxes.get(name)[0];
    if (BODIES.includes(name)) numbered(box);
    // A letter is written in one of them: the server takes no other.
    if (BODIES.includes(name)) at("both").hidden = !(at("html").value.trim() && at("mjml").value.trim());
    if (name === "blocks" && box.value !== made) unfold();
    const counter = document.querySelector(`[data-counts-of="${name}"]`);
    if (counter) counter.textContent = said.left.replace("{n}", box.dataset.counts - box.value.length);
  }
  form.addEventListener("input", (event) => { if (event.target.dataset.counts) shown(event.target.name); });

  for (const button of document.querySelectorAll("[data-empties]")) {
    button.addEventListener("click", () => {
      write(button.dataset.empties, "");
      const left = button.dataset.empties === "html" ? "mjml" : "html";
      turn(at(`tab-${left}`));
      at(left).focus();
      draft.touched();
    });
  }

  // Dynamic content: forms of the JSON, and JSON of the forms.
  let made = null;
  const part = (box, name) => box.querySelector(`:scope > .field [data-part="${name}"]`);
  const folded = () => [...at("blocks").children].map((block) => ({
    name: part(block, "name").value.trim(),
    html: part(block, "html").value,
    text: block.dataset.text || "",
    variations: [...block.querySelector("[data-variations]").children].map((each) => ({
      filter: part(each, "filter").value, html: part(each, "html").value, text: each.dataset.text || "",
    })),
  }));
  const fold = () => {
    boxes.get("blocks")[0].value = made = JSON.stringify(folded());
    draft.touched();
  };
  const grown = (template, into, values, names) => {
    const box = at(template).content.firstElementChild.cloneNode(true);
    for (const name of names) part(box, name).value = values[name] || "";
    box.dataset.text = values.text || "";
    into.append(box);
    return box;
  };
  function unfold() {
    made = boxes.get("blocks")[0].value;
    at("blocks").replaceChildren();
    for (const block of JSON.parse(made || "[]")) {
      const box = grown("block-form", at("blocks"), block, ["name", "html"]);
      for (const each of block.variations) grown("variation-form", box.querySelector("[data-variations]"), each, ["filter", "html"]);
    }
  }
  at("blocks").addEventListener("input", fold);
  at("add-block").addEventListener("click", () => {
    const names = folded().map((each) => each.name);
    let n = names.length + 1;
    while (names.includes(`Block ${n}`)) n += 1;
    part(grown("block-form", at("blocks"), { name: `Block ${n}` }, ["name", "html"]), "name").select();
    fold();
  });
  at("blocks").addEventListener("click", (event) => {
    const adds = event.target.closest("[data-adds-variation]"), removes = event.target.closest("[data-removes]");
    if (adds) part(grown("variation-form", adds.closest(".block").querySelector("[data-variations]"), {}, ["filter", "html"]), "filter").focus();
    if (removes) { removes.closest("fieldset").remove(); at("add-block").focus(); }
    if (removes) fold();
  });

  // Tokens go in where the cursor is.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-picks]");
    if (!opener) return;
    const into = at(opener.dataset.picks);
    page.pick(BODIES.includes(into.id), (text) => {
      into.focus();
      // Deprecated, and the one way by which a browser can still undo it.
      if (document.execCommand("insertText", false, text)) return;
      into.setRangeText(text, into.selectionStart, into.selectionEnd, "end");
      into.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });

  // The preview: how wide, and in which light.
  const pressed = (button) => {
    for (const each of button.parentElement.children) each.setAttribute("aria-pressed", String(each === button));
  };
  const WIDTHS = { desktop: 760, phone: 375 }, TALL = 640;
  let width = window.innerWidth < WIDTHS.desktop ? "phone" : "desktop";
  pressed(document.querySelector(`[data-width="${width}"]`));
  const fit = () => {
    const stage = document.querySelector(".stage"), frame = stage?.firstElementChild;
    if (!frame) return;
    const scale = Math.min(1, stage.clientWidth / WIDTHS[width]);
    Object.assign(frame.style, { width: `${WIDTHS[width]}px`, height: `${TALL / scale}px`, transform: `scale(${scale})` });
    stage.style.height = `${TALL}px`;
    stage.classList.toggle("narrow", width === "phone");
  };
  for (const button of document.querySelectorAll("[data-width]")) {
    button.addEventListener("click", () => { pressed(button); width = button.dataset.width; fit(); });
  }
  for (const button of document.querySelectorAll("[data-scheme]")) {
    button.addEventListener("click", () => {
      pressed(button);
      const scheme = at("previewing").elements.scheme;
      scheme.value = button.dataset.scheme;
      scheme.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  window.addEventListener("resize", fit);

  // Findings lead to their places: "html, line 3, column 7", "subject".
  const NAMED = { from: "from_address", sender: "from_address", links: "html", images: "html", audience: "segments" };
  const target = (place) => at(NAMED[/^[\w.]+/.exec(place)?.[0]] || /^[\w.]+/.exec(place)?.[0]);
  const lead = (place) => {
    const box = target(place), spot = /line (\d+), column (\d+)/.exec(place);
    const panel = box.closest("[role=tabpanel]");
    if (panel?.hidden) turn(at(panel.getAttribute("aria-labelledby")));
    box.closest("details")?.setAttribute("open", "");
    box.focus();
    if (!spot || !box.setSelectionRange) return;
    const lines = box.value.split("\n"), line = Math.min(Number(spot[1]), lines.length);
    const begin = lines.slice(0, line - 1).reduce((all, each) => all + each.length + 1, 0) + Number(spot[2]) - 1;
    box.setSelectionRange(begin, Math.max(begin, begin + lines[line - 1].length - Number(spot[2]) + 1));
    box.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(box).lineHeight));
    box.scrollLeft = 0;
  };
  document.addEventListener("click", (event) => {
    const place = event.target.closest(".place");
    if (place && target(place.dataset.place)) lead(place.dataset.place);
  });
  document.addEventListener("htmx:afterSwap", () => {
    fit();
    for (const each of document.querySelectorAll("button.place")) {
      if (!target(each.dataset.place)) {
        const plain = document.createElement("span");
        plain.className = "soft small";
        plain.textContent = each.textContent;
        each.replaceWith(plain);
      }
    }
  });

  // Publishing and trying are of what is saved.
  at("publish").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    try {
      if (!(await draft.flush())) { page.notice("refused"); return; }
      const values = { version: draft.version };
      await window.htmx.ajax("POST", `/console/emails/${form.dataset.id}/edit/publish`, { target: "#published", swap: "innerHTML", values });
      const version = at("published").querySelector("[data-published]")?.dataset.published;
      if (version && version !== "no") { draft.version = version; at("flying").hidden = false; }
      else await draft.refresh();
      at("published").focus();
    } finally {
      button.disabled = false;
    }
  });
  document.querySelector("[data-opens=trying]").addEventListener("click", () => draft.flush());
  document.addEventListener("htmx:beforeRequest", (event) => { if (draft.state === "away" && event.detail.elt.id !== "test") event.preventDefault(); });

  const wanted = location.hash.length > 1 && document.querySelector(`details${location.hash}`);
  if (wanted) { wanted.open = true; wanted.scrollIntoView(); }
  for (const name of boxes.keys()) shown(name);
  draft.restore();
})();
