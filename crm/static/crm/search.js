// The search box of every page: arrows walk the suggestions, Enter opens the chosen one, Esc and a tap outside close them.
(function () {
  "use strict";

  var box = document.getElementById("global-search");
  var list = document.getElementById("search-suggestions");
  if (!box || !list) { return; }

  function options() { return Array.prototype.slice.call(list.querySelectorAll("[data-suggestion]")); }
  function chosen() { return list.querySelector(".is-chosen"); }

  function choose(step) {
    var all = options();
    if (!all.length) { return; }
    var now = all.indexOf(chosen());
    var next = now < 0 ? (step > 0 ? 0 : all.length - 1) : (now + step + all.length) % all.length;
    all.forEach(function (option, n) { option.classList.toggle("is-chosen", n === next); });
    all[next].scrollIntoView({ block: "nearest" });
  }

  function close() { list.textContent = ""; }

  box.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      window.location.assign(chosen().href);
    } else if (event.key === "Escape") {
      close();
    }
  });
  // An answer that comes after the box was emptied has nothing to offer.
  list.addEventListener("htmx:afterSwap", function () { if (box.value.trim().length < 2) { close(); } });
  document.addEventListener("click", function (event) { if (!event.target.closest(".topbar-search")) { close(); } });
})();
