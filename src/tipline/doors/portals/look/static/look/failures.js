/* A request in the background that fails never fails in silence: the page says so. A list that
   asks by itself what is new says that it is behind, once, and takes that back by itself. */
(() => {
  "use strict";

  const live = document.getElementById("live");
  if (!live) return;
  const say = (words) => { live.textContent = words; live.scrollIntoView({ block: "nearest" }); };
  const refused = new Set([401, 403, 404, 409]);
  const asksByItself = (event) => event.detail.elt?.hasAttribute("data-poll");
  let behind = "";

  function fellBehind(event) {
    behind = event.detail.elt.dataset.behind;
    if (live.textContent !== behind) live.textContent = behind;
  }

  function unreachable(event) {
    if (asksByItself(event)) fellBehind(event); else say(live.dataset.unreachable);
  }

  document.addEventListener("htmx:responseError", (event) => {
    if (asksByItself(event)) { fellBehind(event); return; }
    const { status } = event.detail.xhr;
    say(`${refused.has(status) ? live.dataset.refused : live.dataset.failed} (${status})`);
  });
  document.addEventListener("htmx:sendError", unreachable);
  document.addEventListener("htmx:timeout", unreachable);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    if (!asksByItself(event)) { live.textContent = ""; return; }
    /* Whoever was signed out meanwhile is led to another page: that is no answer. */
    const { xhr, pathInfo } = event.detail;
    const asked = new URL(pathInfo.finalRequestPath, location.href).pathname;
    if (xhr.responseURL && new URL(xhr.responseURL).pathname !== asked) fellBehind(event);
    else if (behind && live.textContent === behind) { live.textContent = ""; behind = ""; }
  });
})();
