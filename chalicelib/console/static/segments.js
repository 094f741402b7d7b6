// The filter builder: after each click that changed it, whom it finds is asked anew.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.id !== "builder" && event.target.id !== "builder") return;
  const found = document.getElementById("found");
  if (found) htmx.trigger(found, "drafted");
});
