// Keeps what is typed in the visit form on this device until the visit is saved. Photos are not kept.
(function () {
  "use strict";

  function read(key) {
    try { return JSON.parse(window.localStorage.getItem(key)); } catch (error) { return null; }
  }

  // The page of a saved visit: its draft has done its work.
  var saved = document.querySelector("[data-saved]");
  if (saved) {
    Object.keys(window.localStorage).forEach(function (key) {
      var draft = key.indexOf("visit-") === 0 ? read(key) : null;
      if (draft && draft.id === saved.dataset.saved) { window.localStorage.removeItem(key); }
    });
  }

  var form = document.querySelector("form[data-draft]");
  if (!form) { return; }
  var key = form.dataset.draft;
  var note = document.querySelector("[data-draft-note]");
  var skipped = { csrfmiddlewaretoken: 1, client_id: 1, find: 1, photos: 1 };
  var timer = null;

  function fields() {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && !skipped[field.name] && field.type !== "submit" && field.type !== "file";
    });
  }

  function save() {
    var draft = { id: form.elements.client_id.value, at: Date.now(), values: [], chosen: [] };
    fields().forEach(function (field) {
      if (field.name === "enterprises") {
        if (field.checked && field.closest(".picker-chosen")) {
          draft.chosen.push([field.value, field.parentNode.querySelector("span").textContent]);
        }
      } else if (field.type === "checkbox" || field.type === "radio") {
        draft.values.push([field.name, field.value, field.checked]);
      } else {
        draft.values.push([field.name, null, field.value]);
      }
    });
    try {
      window.localStorage.setItem(key, JSON.stringify(draft));
      note.textContent = "草稿已存";
    } catch (error) {
      note.textContent = "";
    }
  }

  function restore(draft) {
    draft.chosen.forEach(function (one) {
      form.querySelector("[data-picker]").dispatchEvent(
        new CustomEvent("picker:add", { detail: { value: one[0], text: one[1] } })
      );
    });
    draft.values.forEach(function (entry) {
      fields().forEach(function (field) {
        if (field.name !== entry[0]) { return; }
        if (entry[1] === null) { field.value = entry[2]; } else if (field.value === entry[1]) { field.checked = entry[2]; }
      });
    });
    // The same draft is the same visit, however often it is sent.
    form.elements.client_id.value = draft.id;
    note.textContent = "草稿已恢复";
  }

  function later() {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, 600);
  }
  form.addEventListener("input", later);
  form.addEventListener("picker:change", later);

  var draft = read(key);
  var offer = document.querySelector("[data-draft-offer]");
  if (draft && form.dataset.fresh) {
    offer.hidden = false;
    offer.querySelector("[data-draft-text]").textContent =
      "有一份 " + new Date(draft.at).toLocaleString("zh-CN", { hour12: false }) + " 没有保存的走访。";
    offer.querySelector("[data-draft-restore]").addEventListener("click", function () {
      restore(draft);
      offer.hidden = true;
    });
    offer.querySelector("[data-draft-drop]").addEventListener("click", function () {
      window.localStorage.removeItem(key);
      offer.hidden = true;
    });
  }
})();
