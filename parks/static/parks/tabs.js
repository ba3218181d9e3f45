// Tabs of the enterprise page. Without this script every panel is simply shown, one under the other.
(function () {
  "use strict";
  var tabs = Array.prototype.slice.call(document.querySelectorAll("[data-tab]"));
  var panels = Array.prototype.slice.call(document.querySelectorAll(".tab-panel"));

  function panelOf(tab) {
    return document.getElementById(tab.dataset.tab ? "tab-" + tab.dataset.tab : tab.hash.slice(1));
  }
  function open(tab) {
    tabs.forEach(function (other) {
      other.classList.toggle("is-on", other === tab);
      if (other === tab) { other.setAttribute("aria-current", "true"); } else { other.removeAttribute("aria-current"); }
    });
    panels.forEach(function (panel) { panel.hidden = panel !== panelOf(tab); });
  }
  tabs.forEach(function (tab) {
    tab.addEventListener("click", function (event) {
      event.preventDefault();
      open(tab);
      if (!tab.dataset.tab) { window.history.replaceState(null, "", tab.hash); }
    });
  });
  var named = tabs.filter(function (tab) { return !tab.dataset.tab && tab.hash === window.location.hash; })[0];
  if (tabs.length) { open(named || tabs[0]); }
})();
