// Shows the chosen photos before they are sent.
(function () {
  "use strict";
  var input = document.querySelector("input[type=file][name=photos]");
  var previews = document.querySelector("[data-previews]");
  if (!input || !previews) { return; }
  input.addEventListener("change", function () {
    previews.textContent = "";
    Array.prototype.slice.call(input.files).forEach(function (file) {
      var image = document.createElement("img");
      image.width = 96;
      image.height = 96;
      image.alt = file.name;
      image.src = URL.createObjectURL(file);
      image.addEventListener("load", function () { URL.revokeObjectURL(image.src); });
      previews.append(image);
    });
  });
})();
