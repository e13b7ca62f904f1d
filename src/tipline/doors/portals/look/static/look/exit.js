/* The quick exit leaves no way back by the browser's back button. Without script the
   link still leads away. */
(() => {
  "use strict";

  for (const link of document.querySelectorAll("[data-quick-exit]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      window.location.replace(link.href);
    });
  }
})();
