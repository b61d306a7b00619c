(function () {
  "use strict";
  var form = document.getElementById("controls"), table = document.getElementById("finds");
  function reveal() {
    var at = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var node = at; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    if (at) at.scrollIntoView();
  }
  window.addEventListener("hashchange", reveal);
  reveal();
  document.querySelectorAll(".contents a").forEach(function (a) {
    a.addEventListener("click", function () { if (a.hash === location.hash) reveal(); });
  });
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (d) { d.open = true; });
  });
  if (!form || !table) return;
  var body = table.tBodies[0], rows = Array.prototype.slice.call(body.rows), out = document.getElementById("lines");
  var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
  form.hidden = false;
  function filter() {
    var words = form.words.value.toLowerCase().trim(), least = parseFloat(form.least.value) || 0, shown = 0;
    rows.forEach(function (row, at) {
      var data = row.dataset;
      var fits = (!form.check.value || data.check === form.check.value) &&
        (!form.column.value || data.column === form.column.value) &&
        (!form.state.value || data.state === form.state.value) &&
        parseFloat(data.confidence) >= least && (!words || texts[at].indexOf(words) >= 0);
      row.hidden = !fits;
      shown += fits;
    });
    out.textContent = out.dataset.words.replace("{shown}", shown).replace("{all}", rows.length);
  }
  form.addEventListener("input", filter);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  filter();
  var numbers = { row: 1, confidence: 1 };
  table.querySelectorAll("th").forEach(function (head) {
    var key = head.dataset.sort, button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () {
      var down = head.getAttribute("aria-sort") === (key === "confidence" ? "descending" : "ascending");
      var turn = (key === "confidence") !== down ? -1 : 1;
      table.querySelectorAll("th").forEach(function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", turn > 0 ? "ascending" : "descending");
      var keyed = Array.prototype.map.call(body.rows, function (row) {
        var text = key === "value" ? row.cells[3].textContent : row.dataset[key];
        return [numbers[key] ? parseFloat(text) : text, row];
      });
      keyed.sort(function (a, b) {
        return turn * (numbers[key] ? a[0] - b[0] : a[0].localeCompare(b[0], undefined, { numeric: true }));
      });
      keyed.forEach(function (pair) { body.appendChild(pair[1]); });
    });
  });
})();
