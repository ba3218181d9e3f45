// The big screen keeps what it shows when the network is gone, and says so; a closed address is told by the page itself.
(function () {
  "use strict";

  function stale(isStale) { document.body.classList.toggle("is-stale", isStale); }

  ["htmx:sendError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, function () { stale(true); });
  });
  document.addEventListener("htmx:responseError", function (event) {
    if (event.detail.xhr.status === 404) { window.location.reload(); } else { stale(true); }
  });
  document.addEventListener("htmx:afterSwap", function () { stale(false); });
})();
