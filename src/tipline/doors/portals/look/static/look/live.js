/* A list that keeps itself up to date: it asks what is new while somebody looks at the page,
   says so, and leaves the rows and the focus where they are until the person wants to see it. */
(() => {
  "use strict";

  const EVERY_MS = 20000;
  const list = () => document.getElementById("list");
  const boxes = () => [...document.querySelectorAll("[data-select]")];
  let chosen = [];

  function ask() {
    const asker = document.querySelector("[data-poll]");
    if (asker && document.visibilityState === "visible") asker.dispatchEvent(new CustomEvent("look:poll"));
  }

  /* The row that one is on stays selected, and so does what was ticked. */
  function atThisRow(event) {
    if (!event.detail.elt.hasAttribute("data-refresh")) return;
    const row = document.querySelector("[data-row][aria-current=true]");
    if (row) event.detail.parameters.set("after", row.id.replace("report-", ""));
  }

  function remember(event) {
    if (event.detail.target === list()) chosen = boxes().filter((box) => box.checked).map((box) => box.value);
  }

  function tickAgain() {
    for (const box of boxes()) if (chosen.includes(box.value)) box.checked = true;
    chosen = [];
    count();
  }

  function count() {
    const place = document.querySelector("[data-selected]");
    const some = boxes().filter((box) => box.checked).length;
    if (place) place.textContent = some ? String(some) : "";
  }

  setInterval(ask, EVERY_MS);
  document.addEventListener("visibilitychange", ask);
  document.addEventListener("htmx:configRequest", atThisRow);
  document.addEventListener("htmx:beforeSwap", remember);
  document.addEventListener("htmx:afterSettle", () => { if (chosen.length) tickAgain(); });
  document.addEventListener("change", count);
  count();
})();
