// The number on the bell. Not by htmx: a page kept by the phone is opened without a network, and a number that cannot
// be had then is no error.
(() => {
  const count = document.querySelector("[data-count]");
  if (!count) return;
  fetch(count.dataset.count, { headers: { "X-Requested-With": "fetch" } })
    .then((answer) => (answer.ok ? answer.text() : ""))
    .then((html) => { count.innerHTML = html; })
    .catch(() => {});
})();
