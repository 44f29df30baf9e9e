/* Long tables of a site in one file can be narrowed by words. */
document.querySelectorAll("table.rows").forEach(function (table) {
  "use strict";
  var rows = Array.from(table.tBodies[0].rows);
  if (rows.length < 20) return;
  function folded(text) { return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/\u0131/g, "i").toLowerCase(); }
  var texts = rows.map(function (row) { return folded(row.textContent); });
  var input = document.createElement("input"), label = document.createElement("label");
  input.type = "search";
  label.append("Narrow these rows by words ", input);
  table.closest(".scroll").before(label);
  input.addEventListener("input", function () {
    var words = folded(input.value).split(/\s+/).filter(Boolean);
    rows.forEach(function (row, i) { row.hidden = !words.every(function (word) { return texts[i].indexOf(word) >= 0; }); });
  });
});
