/* A request in the background that fails never fails in silence: the page says so. */
(() => {
  "use strict";

  const live = document.getElementById("live");
  if (!live) return;
  const say = (words) => { live.textContent = words; live.scrollIntoView({ block: "nearest" }); };
  const refused = new Set([401, 403, 404, 409]);

  document.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    say(`${refused.has(status) ? live.dataset.refused : live.dataset.failed} (${status})`);
  });
  document.addEventListener("htmx:sendError", () => say(live.dataset.unreachable));
  document.addEventListener("htmx:timeout", () => say(live.dataset.unreachable));
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) live.textContent = ""; });
})();
