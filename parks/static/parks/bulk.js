// The bar for changing many enterprises: shown when some are ticked, with their number. Rows come anew by htmx.
// Table and cards both carry a tick for every enterprise, one of them out of sight: the two say the same.
(function () {
  "use strict";

  function all(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }
  function ticks() { return all("input[name='pk'][form='bulk']"); }
  function keys(boxes) { return boxes.map(function (box) { return box.value; }).filter(function (key, n, found) { return found.indexOf(key) === n; }); }

  function refresh() {
    var bar = document.querySelector("[data-bulk]");
    if (!bar) { return; }
    var boxes = ticks();
    var ticked = keys(boxes.filter(function (box) { return box.checked; })).length;
    var rows = keys(boxes).length;
    all("[data-bulk-all]").forEach(function (one) {
      one.checked = ticked > 0 && ticked === rows;
      one.indeterminate = ticked > 0 && ticked < rows;
    });
    bar.hidden = ticked === 0;
    bar.querySelector("[data-bulk-count]").textContent = ticked;
  }

  document.addEventListener("change", function (event) {
    var box = event.target;
    if (box.matches("[data-bulk-all]")) {
      ticks().forEach(function (one) { one.checked = box.checked; });
    } else if (box.matches("input[name='pk'][form='bulk']")) {
      ticks().forEach(function (one) { if (one.value === box.value) { one.checked = box.checked; } });
    } else {
      return;
    }
    refresh();
  });
  document.addEventListener("htmx:afterSwap", refresh);
  window.addEventListener("pageshow", refresh);
  refresh();
})();
