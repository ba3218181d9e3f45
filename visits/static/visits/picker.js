// Choosing enterprises: a ticked suggestion becomes a chip; unticking a chip removes it.
(function () {
  "use strict";

  function announce(picker) {
    picker.dispatchEvent(new CustomEvent("picker:change", { bubbles: true }));
  }

  function chip(picker, name, value, text) {
    var first = document.createElement("input");
    var isSingle = Boolean(picker.dataset.single);
    var list = picker.querySelector(".picker-chosen");
    first.type = isSingle ? "radio" : "checkbox";
    first.name = name;
    first.value = value;
    if (isSingle) { list.textContent = ""; }
    if (Array.prototype.some.call(list.querySelectorAll("input"), function (one) { return one.value === value; })) { return; }
    var item = document.createElement("li");
    var label = document.createElement("label");
    var words = document.createElement("span");
    words.textContent = text;
    label.append(first, " ", words);
    item.append(label);
    list.append(item);
    first.checked = true;
    announce(picker);
  }

  function offerInAppeals() {
    var chosen = Array.prototype.slice.call(document.querySelectorAll(".picker-chosen input[name=enterprises]"));
    document.querySelectorAll("select[name$='-enterprise']").forEach(function (select) {
      var before = select.value;
      while (select.options.length > 1) { select.remove(1); }
      chosen.forEach(function (input) {
        select.add(new Option(input.parentNode.querySelector("span").textContent, input.value));
      });
      select.value = before;
      if (select.selectedIndex < 0) { select.selectedIndex = 0; }
    });
  }

  document.querySelectorAll("[data-picker]").forEach(function (picker) {
    var find = picker.querySelector("input[type=search]");
    picker.classList.add("is-live");
    picker.addEventListener("change", function (event) {
      var input = event.target;
      if (input.closest(".picker-found") && input.checked) {
        chip(picker, input.name, input.value, input.parentNode.querySelector("span").textContent);
        picker.querySelector(".picker-found").textContent = "";
        find.value = "";
        find.focus();
      } else if (input.closest(".picker-chosen") && !input.checked) {
        input.closest("li").remove();
        announce(picker);
      }
    });
    find.addEventListener("keydown", function (event) {
      if (event.key === "Enter") {
        event.preventDefault();
        var first = picker.querySelector(".picker-found input");
        if (first) { first.click(); }
      }
    });
    picker.addEventListener("picker:add", function (event) { chip(picker, event.detail.name, event.detail.value, event.detail.text); });
  });
  document.addEventListener("picker:change", offerInAppeals);
})();
