// The builder: GrapesJS with MJML over the draft's own field `mjml`, saved as everything in the editor is. Blocks are
// buttons (drag, or press to append); what is chosen is moved by buttons and by the outline, so that hands without a
// mouse build too. Nothing is asked of anybody but us: no telemetry, no icons or pictures from elsewhere.
(() => {
  "use strict";
  const root = document.getElementById("draft");
  const page = window.envoiDraftPage(root);
  const { at } = page;
  const PICTURE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='600' height='240'%3E%3Crect width='100%25' height='100%25' fill='%23dfe5e2'/%3E%3Cpath d='M230 165l45-60 32 40 22-26 41 46z' fill='%23a9b7b0'/%3E%3Ccircle cx='340' cy='90' r='14' fill='%23a9b7b0'/%3E%3C/svg%3E";
  // Where a component belongs: these hold others, all else goes into a column.
  const INTO = { "mj-wrapper": ["mj-body"], "mj-hero": ["mj-body"], "mj-section": ["mj-body", "mj-wrapper"], "mj-column": ["mj-section", "mj-group"], "mj-group": ["mj-section"] };
  const LEAVES = ["mj-column", "mj-hero"];

  const plugin = window["grapesjs-mjml"].default || window["grapesjs-mjml"];
  const names = JSON.parse(root.dataset.names);
  const words = window.exports?.default;
  // What its panels say beyond that, in the console's own words.
  const panels = JSON.parse(root.dataset.panels);
  delete window.exports;
  // The head (title, preview, styles) is no block: it is kept as it was written, and its styles are shown.
  const HEAD = /<mj-head\b[\s\S]*<\/mj-head>\s*/i;
  // GrapesJS reads MJML as HTML, in which a `/>` ends nothing: all that follows would come to stand inside.
  const ENDED = /<(mj-[\w-]+)((?:"[^"]*"|'[^']*'|[^"'>])*?)\/>/gi;
  let head = "";
  const body = (text) => { head = (HEAD.exec(text) || [""])[0]; return text.replace(HEAD, "").replace(ENDED, "<$1$2></$1>"); };
  const letter = () => editor.getHtml().replace(/<mj-body\b/, (found) => head + found);
  let standing = at("mjml").value.trim() ? at("mjml").value : "";
  let html = at("html").value;
  let built = false;

  const editor = window.grapesjs.init({
    container: at("canvas"),
    height: "100%",
    width: "auto",
    storageManager: false,
    telemetry: false,
    cssIcons: "",
    noticeOnUnload: false,
    showOffsets: false,
    panels: { defaults: [] },
    blockManager: { custom: true },
    layerManager: { custom: true },
    traitManager: { appendTo: at("traits") },
    styleManager: { appendTo: at("styles") },
    assetManager: { assets: JSON.parse(root.dataset.pictures), uploadFile: upload, autoAdd: false },
    i18n: { locale: root.dataset.language, localeFallback: "en", detectLocale: false, ...(words && { messagesAdd: { fr: words } }) },
    colorPicker: panels.picker,
    plugins: [plugin, (made) => made.I18n.addMessages({ [made.I18n.getLocale()]: panels.messages })],
    pluginsOpts: { [plugin]: {
      blocks: ["mj-1-column", "mj-2-columns", "mj-3-columns", "mj-text", "mj-button", "mj-image", "mj-divider", "mj-spacer", "mj-hero", "mj-wrapper"],
      imagePlaceholderSrc: PICTURE, useCustomTheme: false, fonts: {}, hideSelector: true,
    } },
    components: body(standing || at("start").content.textContent),
  });

  // The draft: as it was until something is built.
  const draft = page.draft({
    names: ["mjml", "html"],
    // A letter is written in one of them: what is built takes the place of the HTML.
    read: (name) => (name === "html" ? (built ? "" : html) : built ? letter() : standing),
    write: (name, text) => {
      if (name === "html") { html = text; return; }
      if (text === (built ? letter() : standing)) return;
      standing = text;
      built = false;
      editor.setComponents(body(text || at("start").content.textContent));
      dress();
      built = false;
    },
    refused: (_names, faults) => { if (faults.mjml) { at("alert-said").textContent = faults.mjml; at("alert").hidden = false; } },
    label: (_name, id) => id,
    saved: () => {},
  });
  editor.Panels.getPanels().reset(); // the plugin's, which have no icons here
  editor.on("load", async () => {
    word();
    editor.Canvas.getFrameEl().title = at("canvas").getAttribute("aria-label");
    dress();
    built = false;
    await draft.restore();
    editor.on("update", () => { built = true; draft.touched(); });
    if (!standing && !built) { built = true; draft.touched(); }
    outline();
    root.dataset.ready = "yes";
  });

  // Choices of one show icons, of which there are none here, and a text's buttons their English: they get words.
  function word() {
    const options = Object.entries(panels.messages.styleManager.options);
    for (const property of editor.StyleManager.getSectors().map((each) => each.getProperties()).flat()) {
      const [, words] = options.find(([name]) => name === property.getId()) || [];
      if (!words || property.getType() !== "radio") continue;
      property.setOptions(property.getOptions().map((each) => each.id || each.value).map((id) => ({ id, label: words[id] || id })));
    }
    for (const each of editor.RichTextEditor.getAll()) {
      if (panels.tools[each.name] && each.btn) each.btn.title = panels.tools[each.name];
    }
  }

  function dress() {
    const shown = editor.Canvas.getDocument();
    const style = shown.getElementById("head-styles") || shown.head.appendChild(Object.assign(shown.createElement("style"), { id: "head-styles" }));
    style.textContent = [...head.matchAll(/<mj-style\b[^>]*>([\s\S]*?)<\/mj-style>/gi)].map((each) => each[1]).join("\n");
  }

  // Pictures go to the team's own, one request each.
  async function upload(event) {
    const files = (event.dataTransfer || event.target).files;
    for (const file of files) {
      const body = new URLSearchParams({ name: file.name.replace(/[^\w .()+-]/g, "_"), content: await based(file) });
      const proof = JSON.parse(document.body.getAttribute("hx-headers"));
      const answer = await fetch(root.dataset.upload, { method: "POST", body, headers: { ...proof, "hx-request": "true" } }).catch(() => null);
      const said = answer?.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
      if (said.url) editor.AssetManager.add({ src: said.url, name: said.name });
      else page.notice("refused-picture");
    }
  }
  const based = (file) => new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(",", 2)[1]);
    reader.onerror = fail;
    reader.readAsDataURL(file);
  });

  // Blocks.
  const contentOf = (button) => button.dataset.content || editor.BlockManager.get(button.dataset.block).getContent();
  const tagOf = (content) => (typeof content === "string" ? /<([\w-]+)/.exec(content)[1] : content.tagName || content.type);
  const is = (component, tags) => tags.includes(component.get("tagName"));
  const within = (component) => component.components().models.flatMap((each) => [each, ...within(each)]);
  const holders = (tags) => within(editor.getWrapper()).filter((each) => is(each, tags));
  function append(button) {
    const content = contentOf(button), tags = INTO[tagOf(content)] || LEAVES;
    let beside = null, into = editor.getSelected();
    while (into && !is(into, tags)) { beside = into; into = into.parent(); }
    if (!into) [beside, into] = [null, holders(tags).at(-1)];
    if (!into) into = holders(["mj-body"])[0].append("<mj-section><mj-column></mj-column></mj-section>")[0].components().at(0);
    const [made] = into.append(content, beside ? { at: beside.index() + 1 } : {});
    editor.select(made);
    editor.Canvas.scrollTo(made, { behavior: "auto" });
  }
  for (const button of document.querySelectorAll(".block-button")) {
    const id = button.dataset.block;
    if (button.dataset.content) editor.BlockManager.add(id, { label: button.textContent, content: button.dataset.content });
    button.addEventListener("click", () => append(button));
    button.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData("text", id); // or Firefox drags nothing
      editor.BlockManager.startDrag(editor.BlockManager.get(id), event);
    });
    button.addEventListener("dragend", () => editor.BlockManager.endDrag());
  }

  // What is chosen.
  const does = {
    undo: () => editor.UndoManager.undo(),
    redo: () => editor.UndoManager.redo(),
    up: (chosen) => shift(chosen, -1),
    down: (chosen) => shift(chosen, 1),
    copy: (chosen) => { const [made] = chosen.parent().append(chosen.clone(), { at: chosen.index() + 1 }); editor.select(made); },
    remove: (chosen) => { const next = chosen.parent(); chosen.remove(); editor.select(next); },
  };
  function shift(chosen, by) {
    const to = chosen.index() + by;
    if (to < 0 || to >= chosen.parent().components().length) return;
    chosen.move(chosen.parent(), { at: by > 0 ? to + 1 : to });
    editor.select(chosen);
  }
  for (const button of document.querySelectorAll("[data-does]")) {
    button.addEventListener("click", () => does[button.dataset.does](editor.getSelected()));
  }
  const movable = (component) => component && !is(component, ["mjml", "mj-body", "mj-head"]) && component.parent();
  const named = (component) => names[component.get("tagName")] || component.getName();
  const isWords = (component) => is(component, ["mj-text", "mj-button"]);
  // What is pressed within words (a heading, a link) chooses the block that they stand in.
  function blockOf(component) {
    while (component && !String(component.get("tagName")).startsWith("mj")) component = component.parent();
    return component;
  }
  function chosen() {
    const component = editor.getSelected(), block = blockOf(component);
    if (block && block !== component) { editor.select(block); return; }
    for (const name of ["up", "down", "copy", "remove"]) document.querySelector(`[data-does=${name}]`).disabled = !movable(component);
    at("chosen").textContent = component ? named(component) : at("chosen").dataset.nothing;
    for (const id of ["styles", "traits"]) at(id).hidden = !component;
    at("texting").hidden = !(component && isWords(component));
    if (component && isWords(component)) at("words").value = component.getInnerHTML();
    outline();
  }
  editor.on("component:toggled", chosen);
  at("words").addEventListener("input", () => editor.getSelected().components(at("words").value));
  at("put-token").addEventListener("click", () => page.pick(true, (text) => {
    const area = at("words");
    area.focus();
    if (!document.execCommand("insertText", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }));
  editor.RichTextEditor.add("token", {
    icon: "{ }",
    attributes: { title: at("put-token").textContent },
    result: (rte) => {
      const area = rte.selection()?.rangeCount ? rte.selection().getRangeAt(0).cloneRange() : null;
      page.pick(true, (text) => {
        if (area) { rte.selection().removeAllRanges(); rte.selection().addRange(area); }
        rte.insertHTML(text);
      });
    },
  });

  // The outline: every part as a button.
  function outline() {
    const held = document.activeElement?.closest?.("#outline") ? document.activeElement.dataset.part : null;
    at("outline").replaceChildren(...listed(editor.getWrapper()));
    if (held) at("outline").querySelector(`[data-part="${held}"]`)?.focus();
  }
  function listed(component) {
    return component.components().models
      .filter((each) => String(each.get("tagName")).startsWith("mj") && !is(each, ["mj-head"]))
      .flatMap((each) => {
        const parts = listed(each);
        if (is(each, ["mjml", "mj-body"])) return parts;
        const row = document.createElement("li"), button = document.createElement("button");
        button.type = "button";
        button.dataset.part = each.getId();
        button.textContent = named(each);
        button.setAttribute("aria-pressed", String(editor.getSelected() === each));
        button.addEventListener("click", () => { editor.select(each); editor.Canvas.scrollTo(each, { behavior: "auto" }); });
        row.append(button);
        if (parts.length) { const list = document.createElement("ul"); list.append(...parts); row.append(list); }
        return [row];
      });
  }
  let drawing;
  editor.on("component:add component:remove component:drag:end", () => { clearTimeout(drawing); drawing = setTimeout(outline, 100); });

  for (const button of document.querySelectorAll("[data-device]")) {
    button.addEventListener("click", () => {
      for (const each of button.parentElement.children) each.setAttribute("aria-pressed", String(each === button));
      editor.setDevice(button.dataset.device);
    });
  }

  // GrapesJS's own fields have no names for readers of screens: they get those that stand beside them. Its drawers
  // open by mouse alone: they become buttons.
  const naming = new MutationObserver(() => {
    for (const each of document.querySelectorAll(".gjs-sm-sector-title:not([role])")) {
      each.tabIndex = 0;
      each.setAttribute("role", "button");
    }
    for (const each of document.querySelectorAll("#styles :is(input:not([type=radio]), select, textarea), #traits :is(input:not([type=radio]), select, textarea)")) {
      const beside = each.closest(".gjs-sm-property, .gjs-trt-trait")?.querySelector(".gjs-sm-label, .gjs-label");
      if (beside && !each.hasAttribute("aria-label")) each.setAttribute("aria-label", beside.textContent.trim());
    }
  });
  at("styles").addEventListener("keydown", (event) => {
    if (!event.target.matches(".gjs-sm-sector-title") || ![" ", "Enter"].includes(event.key)) return;
    event.preventDefault();
    event.target.click();
  });
  for (const id of ["styles", "traits"]) naming.observe(at(id), { childList: true, subtree: true });
})();
