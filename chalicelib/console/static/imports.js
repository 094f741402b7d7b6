// A file that is too large for a request is put straight into the bucket, with its progress; a small one goes with the form.
(() => {
  "use strict";
  const form = document.getElementById("import");
  const shown = document.getElementById("uploading");
  const failed = document.getElementById("failed");
  form.addEventListener("submit", async (event) => {
    const [file] = form.elements.file.files;
    if (!file || file.size <= Number(form.dataset.throughUs)) return;
    event.preventDefault();
    if (!shown.hidden) return;
    shown.hidden = false;
    failed.hidden = true;
    try {
      const body = new URLSearchParams({ change: form.elements.change.value, name: file.name });
      const answer = await fetch(form.dataset.uploads, { method: "POST", body });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const { url, then } = await answer.json();
      await put(url, file);
      location.assign(then);
    } catch {
      shown.hidden = true;
      failed.textContent = form.dataset.failed;
      failed.hidden = false;
    }
  });

  // fetch tells no progress of what it sends.
  const put = (url, file) => new Promise((done, refused) => {
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) shown.querySelector("progress").value = (event.loaded / event.total) * 100;
    });
    request.addEventListener("load", () => (request.status < 300 ? done() : refused(new Error(request.status))));
    request.addEventListener("error", refused);
    request.open("PUT", url);
    request.send(new Blob([file]));
  });
})();
