// Small things every page shares: hotkeys, warning before typed text is lost, one press one submit.
(function () {
  "use strict";

  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && !/^(radio|checkbox)$/.test(event.target.type);
    if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey) { hotkey(event); }
    if (event.key === "Escape") {
      document.querySelectorAll("details.account-menu[open]").forEach(function (menu) { menu.open = false; });
    }
  });

  // A hotkey moves the focus and takes no step: Enter does, once one sees where one is.
  function hotkey(event) {
    var target = Array.from(document.querySelectorAll("[data-hotkey]")).find(function (one) {
      return one.dataset.hotkey === event.key && one.offsetParent !== null;
    });
    if (target) {
      event.preventDefault();
      target.focus();
    } else if (event.key === "?") {
      listHotkeys();
    }
  }

  function listHotkeys() {
    var list = document.createElement("dialog");
    list.className = "hotkeys";
    document.querySelectorAll("[data-hotkey]").forEach(function (one) {
      var line = list.appendChild(document.createElement("p"));
      line.appendChild(document.createElement("kbd")).textContent = one.dataset.hotkey;
      line.append(" " + (one.dataset.hotkeyLabel || one.textContent.trim()));
    });
    list.appendChild(document.createElement("p")).textContent = "Tab 换到下一处，Enter 办理，Esc 关闭";
    list.addEventListener("close", function () { list.remove(); });
    document.body.appendChild(list).showModal();
  }

  // On paper there is nothing to open or to press.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details[data-open-on-paper]:not([open])").forEach(function (one) { one.open = true; one.dataset.printing = "1"; });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-printing]").forEach(function (one) { one.open = false; delete one.dataset.printing; });
  });

  var dirty = false;
  document.addEventListener("input", function (event) {
    if (event.target.closest("form[data-warn-unsaved]")) { dirty = true; }
  });
  // What is kept as a draft on this device is not lost by leaving.
  document.addEventListener("draft:stored", function () { dirty = false; });
  document.addEventListener("submit", function (event) {
    var form = event.target;
    // The page sends it itself, or asks something first.
    if (event.defaultPrevented) { return; }
    dirty = false;
    if (form.method !== "post") { return; }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    // A page restored by the back button must be usable again.
    window.setTimeout(function () { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });
  window.addEventListener("beforeunload", function (event) {
    if (dirty) { event.preventDefault(); event.returnValue = ""; }
  });
})();
