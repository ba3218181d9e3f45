// The sheet beside the review: closed without a new page, focus goes back to the row it was opened from.
(function () {
  "use strict";

  var opener = null;

  function sheet() { return document.getElementById("sheet"); }

  function close() {
    sheet().textContent = "";
    if (opener) { opener.focus(); }
  }

  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.detail.target && event.detail.target.id === "sheet") { opener = event.detail.elt; }
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-close-sheet]") && sheet()) {
      event.preventDefault();
      close();
    }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && sheet() && sheet().firstElementChild) { close(); }
  });
})();
