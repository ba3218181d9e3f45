// A word while an appeal is written: the enterprise may have raised the matter already. Silent without a network.
(function () {
  "use strict";

  var WAIT = 600;
  var LEAST = 4;

  function chosen(form, note) {
    var named = note.dataset.enterprise && document.getElementById(note.dataset.enterprise);
    if (named && named.value) { return named.value; }
    var picked = form.querySelectorAll(".picker-chosen input:checked");
    return picked.length === 1 ? picked[0].value : "";
  }

  function watch(note) {
    var form = note.closest("form");
    var content = document.getElementById(note.dataset.content);
    var timer = 0;
    var asked = "";

    function ask() {
      var enterprise = chosen(form, note);
      var text = content.value.trim();
      var question = enterprise + " " + text;
      if (question === asked) { return; }
      asked = question;
      if (!enterprise || text.length < LEAST) { note.textContent = ""; return; }
      var body = new FormData();
      body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      body.append("enterprise", enterprise);
      body.append("content", text);
      fetch(note.dataset.alike, { method: "POST", body: body, headers: { "X-Requested-With": "fetch" } })
        .then(function (answer) { return answer.ok && !answer.redirected ? answer.text() : ""; })
        .then(function (html) { if (question === asked) { note.innerHTML = html; } })
        .catch(function () { asked = ""; });
    }

    function soon() {
      window.clearTimeout(timer);
      if (navigator.onLine) { timer = window.setTimeout(ask, WAIT); }
    }

    content.addEventListener("input", soon);
    form.addEventListener("change", soon);
    document.addEventListener("picker:change", soon);
    if (content.value) { soon(); }
  }

  document.querySelectorAll("[data-alike]").forEach(watch);
})();
