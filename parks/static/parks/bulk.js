// The bar for changing many enterprises: shown when some are ticked, with their number. Rows come anew by htmx.
(function () {
  "use strict";

  function refresh() {
    var bar = document.querySelector("[data-bulk]");
    if (!bar) { return; }
    var boxes = document.querySelectorAll("input[name='pk'][form='bulk']");
    var ticked = Array.prototype.filter.call(boxes, function (box) { return box.checked; }).length;
    var all = document.querySelector("[data-bulk-all]");
    if (all) { all.checked = ticked > 0 && ticked === boxes.length; all.indeterminate = ticked > 0 && ticked < boxes.length; }
    bar.hidden = ticked === 0;
    bar.querySelector("[data-bulk-count]").textContent = ticked;
  }

  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-bulk-all]")) {
      document.querySelectorAll("input[name='pk'][form='bulk']").forEach(function (box) { box.checked = event.target.checked; });
    }
    if (event.target.matches("[data-bulk-all], input[name='pk'][form='bulk']")) { refresh(); }
  });
  document.addEventListener("htmx:afterSwap", refresh);
  window.addEventListener("pageshow", refresh);
  refresh();
})();
