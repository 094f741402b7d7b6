// The preview beside the form: what is typed is posted into its frame, a little later; and how wide the frame is.
(() => {
  "use strict";
  const form = document.getElementById("design");
  const show = document.getElementById("show");
  const stage = form.querySelector(".stage");
  const frame = stage.firstElementChild;
  const LATER = 400, TALL = 640;
  let waits = 0, width = 375;

  // submit() asks no checks and tells nobody: the form itself is not sent by it.
  const post = () => {
    const { action, target } = form;
    Object.assign(form, { action: show.formAction, target: show.formTarget });
    HTMLFormElement.prototype.submit.call(form);
    Object.assign(form, { action, target });
  };
  const later = () => { clearTimeout(waits); waits = setTimeout(post, LATER); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);

  const fit = () => {
    const scale = Math.min(1, stage.clientWidth / width);
    Object.assign(frame.style, { width: `${width}px`, height: `${TALL / scale}px`, transform: `scale(${scale})` });
  };
  for (const button of form.querySelectorAll("[data-width]")) {
    button.addEventListener("click", () => {
      for (const each of button.parentElement.children) each.setAttribute("aria-pressed", String(each === button));
      width = Number(button.dataset.width);
      fit();
    });
  }
  window.addEventListener("resize", fit);
  fit();
  post();
})();
