// Buttons that copy a field (data-copy names its id) or print the page (data-print); hidden where nothing would happen.
(function () {
  "use strict";

  function copy(field) {
    if (navigator.clipboard && window.isSecureContext) { return navigator.clipboard.writeText(field.value); }
    field.focus();
    field.select();
    return document.execCommand("copy") ? Promise.resolve() : Promise.reject(new Error("not allowed"));
  }

  document.querySelectorAll("[data-copy]").forEach(function (button) {
    var field = document.getElementById(button.dataset.copy);
    var label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", function () {
      copy(field).then(function () {
        button.textContent = "已复制";
        window.setTimeout(function () { button.textContent = label; }, 2000);
      }, function () {
        field.focus();
        field.select();
        button.textContent = "已选中，请按 Ctrl+C";
      });
    });
  });
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
})();
