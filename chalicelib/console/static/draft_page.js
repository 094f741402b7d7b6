// What the pages that change a draft have in common: how its saving is told, the choice between two texts, signing in
// again, and the tokens. `root` has the draft's id, address, version and the words (`data-said`).
(() => {
  "use strict";
  const at = (id) => document.getElementById(id);

  window.envoiDraftPage = (root) => {
    const said = JSON.parse(root.dataset.said);
    const called = (name) => said.fields[name] || name;
    const page = { at, said };
    let draft;

    const saving = at("saving");
    const tell = (state) => {
      if (saving.dataset.state === state) return;
      saving.dataset.state = state;
      saving.textContent = said[state];
    };
    page.notice = (what, names = []) => {
      at("alert-said").textContent = said[what].replace("{fields}", names.map(called).join(", "));
      at("alert").hidden = false;
    };

    // Two wrote the same.
    const choose = (label) => (clashes) => new Promise((decide) => {
      const dialog = at("conflict");
      at("conflicts").replaceChildren(...clashes.map(({ name, mine, theirs }) => {
        const part = at("conflict-form").content.cloneNode(true);
        part.querySelector("legend").textContent = called(name);
        for (const radio of part.querySelectorAll("input")) radio.name = `clash-${name}`;
        for (const [whose, text] of [["mine", mine], ["theirs", theirs]]) {
          const pre = part.querySelector(`[data-text="${whose}"]`);
          pre.textContent = (Array.isArray(text) ? text.map((id) => label(name, id)).join("\n") : text) || said.empty;
          pre.setAttribute("aria-label", `${called(name)}: ${said[whose]}`);
        }
        return part;
      }));
      const chosen = (name) => [name, dialog.querySelector(`[name="clash-${name}"]:checked`).value];
      dialog.addEventListener("close", () => decide(Object.fromEntries(clashes.map(({ name }) => chosen(name)))), { once: true });
      dialog.showModal();
    });
    for (const id of ["conflict", "ended"]) at(id).addEventListener("cancel", (event) => event.preventDefault());

    page.draft = (fields) => {
      draft = new window.EnvoiDraft({
        id: root.dataset.id,
        owner: root.dataset.owner,
        key: root.dataset.key,
        address: root.dataset.address,
        version: root.dataset.version,
        tell, notice: page.notice,
        choose: choose(fields.label),
        proof: () => JSON.parse(document.body.getAttribute("hx-headers"))["x-change"],
        prove: (change) => change && document.body.setAttribute("hx-headers", JSON.stringify({ "x-change": change })),
        ended: () => { if (!at("ended").open) at("ended").showModal(); },
        begun: () => at("ended").close(),
        ...fields,
      });
      return draft;
    };
    at("go-on").addEventListener("click", async () => { at("still-ended").textContent = (await draft.goOn()) ? "" : said[draft.state]; });
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); draft.save(); }
    });
    // Whoever signs out is not signed in any more when the page sends its last words.
    document.querySelector('form[action="/console/sign-out"]').addEventListener("submit", async (event) => {
      const form = event.target;
      if (form.dataset.flushed) return;
      event.preventDefault();
      event.stopPropagation();
      await draft.flush();
      form.dataset.flushed = "yes";
      setTimeout(() => form.requestSubmit()); // nothing is submitted while this event is told
    });
    for (const link of document.querySelectorAll("[data-leaves]")) {
      link.addEventListener("click", async (event) => {
        event.preventDefault();
        if (await draft.flush()) location.assign(link.href);
      });
    }

    // Tokens: `put` gets the one that was chosen. Not all of them stand in a line that is no body.
    const picking = at("tokens"), search = at("tokens-search");
    const offers = [...picking.querySelectorAll(".offer")];
    let put, everywhere;
    const sift = () => {
      const words = search.value.toLowerCase();
      for (const each of offers) {
        each.parentElement.hidden = (!everywhere && "bodily" in each.dataset) || !each.textContent.toLowerCase().includes(words);
      }
      for (const each of picking.querySelectorAll("section")) each.hidden = !each.querySelector("li:not([hidden])");
      at("tokens-none").hidden = offers.some((each) => !each.parentElement.hidden);
    };
    page.pick = (isBody, taken) => {
      [put, everywhere] = [taken, isBody];
      search.value = "";
      sift();
      picking.showModal();
      search.focus();
    };
    picking.addEventListener("click", (event) => {
      const offer = event.target.closest(".offer");
      if (!offer) return;
      const instead = "takesDefault" in offer.dataset ? at("tokens-default").value.replace(/[{}|]/g, "").trim() : "";
      picking.close();
      put(`{${offer.dataset.token}${instead && `|${instead}`}}`);
    });
    search.addEventListener("input", sift);
    picking.addEventListener("keydown", (event) => {
      const open = offers.filter((each) => !each.parentElement.hidden);
      if (event.key === "Enter" && event.target === search && open.length) { event.preventDefault(); open[0].click(); }
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || !open.length) return;
      event.preventDefault();
      const next = open.indexOf(document.activeElement) + step;
      (next < 0 ? search : open[Math.min(next, open.length - 1)]).focus();
    });
    return page;
  };
})();
