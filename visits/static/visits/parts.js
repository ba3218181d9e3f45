// A block of questions for every enterprise chosen, and of these only the questions of the kind of visit chosen.
(function () {
  "use strict";

  var section = document.querySelector("[data-parts]");
  if (!section) { return; }
  var form = section.closest("form");
  var list = section.querySelector("[data-parts-list]");
  var blank = section.querySelector("[data-part-template]").innerHTML;
  var meetings = section.dataset.meetings.split(" ");

  function chosen() {
    return Array.prototype.slice.call(form.querySelectorAll(".picker-chosen input[name=enterprises]"));
  }

  function kind() {
    var radio = form.querySelector("input[name=kind]:checked");
    return radio ? radio.value : "";
  }

  function block(value) { return list.querySelector("[data-part='" + value + "']"); }

  function follow() {
    var keys = chosen();
    keys.forEach(function (input) {
      if (!/^\d+$/.test(input.value) || block(input.value)) { return; }
      list.insertAdjacentHTML("beforeend", blank.replace(/__pk__/g, input.value));
      block(input.value).querySelector("[data-part-name]").textContent =
        input.parentNode.querySelector("span").textContent;
    });
    list.querySelectorAll("[data-part]").forEach(function (part) {
      if (!keys.some(function (input) { return input.value === part.dataset.part; })) { part.remove(); }
    });
    ask();
  }

  // Questions of other kinds are neither seen nor sent.
  function ask() {
    var now = kind();
    var count = list.querySelectorAll("[data-part]").length;
    section.hidden = count === 0;
    section.classList.toggle("is-of-one", count < 2 && meetings.indexOf(now) < 0);
    list.querySelectorAll("[data-kind]").forEach(function (questions) {
      var isAsked = questions.dataset.kind === now;
      questions.hidden = !isAsked;
      questions.querySelector("fieldset").disabled = !isAsked;
      if (isAsked && !questions.dataset.seen) { questions.open = true; questions.dataset.seen = "1"; }
    });
  }

  document.addEventListener("picker:change", follow);
  form.addEventListener("change", function (event) { if (event.target.name === "kind") { ask(); } });
  follow();
})();
