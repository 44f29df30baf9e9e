/* Lists that one can search, narrow and sort. Without this script a list is a table on one page or several.
   Within a facet values are joined by "or", between facets by "and". The state is in the address. */
(function () {
  "use strict";
  var box = document.getElementById("listing");
  var slug = box && box.getAttribute("data-list");
  var list = slug && globalThis.evigraphLists && globalThis.evigraphLists[slug];
  if (!list) return;
  var noun = box.getAttribute("data-noun");
  var first = Number(box.getAttribute("data-first"));
  var status = document.getElementById("status");
  var table = document.getElementById("rows");
  var body = table.tBodies[0];
  var pages = document.getElementById("pages");
  if (pages) pages.hidden = true;

  function folded(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/ı/g, "i").toLowerCase();
  }
  function plural(n) {
    var word = n === 1 ? noun : noun.replace(/y$/, "ie") + "s";
    return n.toLocaleString("en") + " " + word;
  }
  var slugs = list.facets.map(function (name) { return name.toLowerCase().replace(/[^a-z0-9]+/g, "-"); });
  var texts = list.rows.map(function (row) { return folded(row[1].join(" ") + " " + row[2].map(String).join(" ")); });
  var state = { chosen: list.facets.map(function () { return []; }), words: "", sort: "", all: false };
  var open = list.facets.map(function () { return false; });

  function read() {
    var asked = new URLSearchParams(location.search);
    slugs.forEach(function (name, i) { state.chosen[i] = asked.getAll(name); });
    state.words = asked.get("q") || "";
    state.sort = asked.get("sort") || "";
    state.all = asked.get("show") === "all";
  }
  function written() {
    var asked = new URLSearchParams();
    slugs.forEach(function (name, i) { state.chosen[i].forEach(function (value) { asked.append(name, value); }); });
    if (state.words) asked.set("q", state.words);
    if (state.sort) asked.set("sort", state.sort);
    if (state.all) asked.set("show", "all");
    var text = asked.toString();
    return text ? "?" + text : location.pathname.replace(/^.*\//, "");
  }
  function keep() {
    try { history.replaceState(null, "", written()); } catch (error) { /* a browser may forbid it for files */ }
  }
  /* One pass: the rows that fit, and by facet how many would, whatever is chosen in that facet itself. */
  function found() {
    var words = folded(state.words).split(/\s+/).filter(Boolean);
    var wanted = state.chosen.map(function (chosen) { return chosen.length ? new Set(chosen) : null; });
    var asked = wanted.map(function (_, f) { return f; }).filter(function (f) { return wanted[f]; });
    var here = list.facets.map(function () { return new Map(); });
    function count(f, values) {
      for (var v = 0; v < values.length; v++) {
        if (values.indexOf(values[v]) === v) here[f].set(values[v], (here[f].get(values[v]) || 0) + 1);
      }
    }
    var rows = [];
    for (var i = 0; i < list.rows.length; i++) {
      if (!words.every(function (word) { return texts[i].indexOf(word) >= 0; })) continue;
      var values = list.rows[i][2];
      var lacking = asked.filter(function (f) { return !values[f].some(function (value) { return wanted[f].has(value); }); });
      if (lacking.length > 1) continue;
      if (lacking.length) { count(lacking[0], values[lacking[0]]); continue; }
      rows.push(i);
      for (var f = 0; f < values.length; f++) count(f, values[f]);
    }
    return { rows: rows, here: here };
  }
  function ordered(rows) {
    var down = state.sort.charAt(0) === "-";
    var column = list.columns.findIndex(function (each) { return each[0].toLowerCase() === state.sort.replace(/^-/, ""); });
    if (column < 0) return rows;
    var numeric = list.columns[column][1] === "number";
    return rows.slice().sort(function (a, b) {
      var x = list.rows[a][1][column], y = list.rows[b][1][column];
      var way = numeric ? (Number(x) || 0) - (Number(y) || 0) : x.localeCompare(y);
      return (down ? -way : way) || a - b;
    });
  }
  function make(name, attributes, children) {
    var node = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) { node.setAttribute(key, attributes[key]); });
    (children || []).forEach(function (child) { node.append(child); });
    return node;
  }

  /* The facets are made once, and only their counts change, so that the keyboard's focus stays where it is. */
  var search = make("input", { type: "search", id: "q", "aria-controls": "rows" });
  var facets = make("div", { class: "facets" }, [make("label", { for: "q" }, ["Search"]), search]);
  var counts = [], late = [];
  list.facets.forEach(function (name, f) {
    var total = new Map();
    list.rows.forEach(function (row) {
      new Set(row[2][f]).forEach(function (value) { total.set(value, (total.get(value) || 0) + 1); });
    });
    var values = Array.from(total.keys());
    if (values.length > 1) {
      values.sort(name === "Year" ? undefined : function (a, b) { return total.get(b) - total.get(a) || a.localeCompare(b); });
    }
    var set = make("fieldset", {}, [make("legend", {}, [name])]);
    counts[f] = new Map();
    function add(value, place) {
      var tick = make("input", { type: "checkbox" });
      var number = make("span");
      var label = make("label", {}, [tick, make("span", {}, [value]), number]);
      counts[f].set(value, { tick: tick, number: number, label: label, far: place >= 8 });
      tick.addEventListener("change", function () {
        var at = state.chosen[f].indexOf(value);
        if (at >= 0) state.chosen[f].splice(at, 1); else state.chosen[f].push(value);
        state.all = false;
        keep(); show();
      });
      if (more) more.before(label); else set.append(label);
    }
    var more;
    values.slice(0, 8).forEach(add);
    /* The others are made when they are asked for: a facet may have thousands. */
    late[f] = function (wanted) {
      values.forEach(function (value, place) {
        if (place >= 8 && !counts[f].has(value) && (!wanted || wanted.indexOf(value) >= 0)) add(value, place);
      });
    };
    if (values.length > 8) {
      more = make("button", { type: "button", "aria-expanded": "false" }, [String(values.length - 8) + " more"]);
      more.addEventListener("click", function () {
        open[f] = !open[f];
        if (open[f]) late[f]();
        more.setAttribute("aria-expanded", String(open[f]));
        more.textContent = open[f] ? "fewer" : String(values.length - 8) + " more";
        show();
      });
      set.append(more);
    }
    facets.append(set);
  });
  facets.append(make("p", { class: "note" }, ["Within a heading: this or that. Between headings: both."]));
  var panel = make("details", { class: "panel" }, [make("summary", {}, ["Filter"]), facets]);
  var narrow = matchMedia("(max-width: 50rem)");
  panel.open = !narrow.matches;
  narrow.addEventListener("change", function () { panel.open = !narrow.matches; });
  document.getElementById("facets").append(panel);
  box.classList.add("faceted");

  var chips = make("div", { class: "chips" });
  table.closest(".scroll").before(chips);
  var rest = make("button", { type: "button" }, [""]);
  table.closest(".scroll").after(rest);
  rest.addEventListener("click", function () { state.all = true; keep(); show(); });
  search.addEventListener("input", function () { state.words = search.value; state.all = false; keep(); show(); });

  Array.from(table.tHead.rows[0].cells).forEach(function (head, c) {
    var key = list.columns[c][0].toLowerCase();
    var button = make("button", { type: "button" }, [head.textContent]);
    head.textContent = "";
    head.append(button);
    button.addEventListener("click", function () {
      state.sort = state.sort === key ? "-" + key : state.sort === "-" + key ? "" : key;
      keep(); show();
    });
  });

  function chip(text, drop) {
    var button = make("button", { type: "button" }, [text + " ×"]);
    button.setAttribute("aria-label", "Remove " + text);
    button.addEventListener("click", function () { drop(); keep(); show(); });
    return button;
  }
  function link(address) { return address.split("/").map(encodeURIComponent).join("/"); }

  function download(rows) {
    function cell(text) {
      if (/^[=+\-@\t\r]/.test(text)) text = "'" + text; /* a spreadsheet would run it as a formula */
      return /[",\n\r]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
    }
    var lines = [list.columns.map(function (each) { return each[0].toLowerCase(); })];
    rows.forEach(function (i) { lines.push(list.rows[i][1]); });
    return "data:text/csv;charset=utf-8," + encodeURIComponent(lines.map(function (line) { return line.map(cell).join(","); }).join("\r\n") + "\r\n");
  }

  function show() {
    search.value = state.words;
    var now = found(), rows = ordered(now.rows);
    counts.forEach(function (values, f) {
      var here = now.here[f];
      if (state.chosen[f].length) late[f](state.chosen[f]);
      values.forEach(function (each, value) {
        var number = here.get(value) || 0, chosen = state.chosen[f].indexOf(value) >= 0;
        each.tick.checked = chosen;
        each.number.textContent = number.toLocaleString("en");
        each.label.classList.toggle("nothing", !number);
        each.label.hidden = each.far && !open[f] && !chosen;
      });
    });
    var limit = state.all || rows.length <= 2 * first ? rows.length : first;
    body.replaceChildren.apply(body, rows.slice(0, limit).map(function (i) {
      var row = list.rows[i];
      return make("tr", {}, row[1].map(function (text, c) {
        var attributes = { "data-label": list.columns[c][0] };
        if (list.columns[c][1]) attributes.class = list.columns[c][1];
        return make("td", attributes, [c ? text : make("a", { href: link(row[0]) }, [text])]);
      }));
    }));
    rest.hidden = limit === rows.length;
    rest.textContent = "Show all " + plural(rows.length);
    chips.replaceChildren();
    state.chosen.forEach(function (chosen, f) {
      chosen.forEach(function (value) {
        chips.append(chip(list.facets[f] + ": " + value, function () { chosen.splice(chosen.indexOf(value), 1); }));
      });
    });
    if (state.words) chips.append(chip("“" + state.words + "”", function () { state.words = ""; }));
    var take = make("a", { href: "data:text/csv,", download: slug + ".csv" }, ["Download these " + plural(rows.length).replace(/ .*/, "") + " rows (CSV)"]);
    take.addEventListener("click", function () { take.href = download(rows); });
    chips.append(take);
    status.textContent = rows.length === list.rows.length ? plural(rows.length) : rows.length.toLocaleString("en") + " of " + plural(list.rows.length);
    Array.from(table.tHead.rows[0].cells).forEach(function (head, c) {
      var key = list.columns[c][0].toLowerCase();
      head.setAttribute("aria-sort", state.sort === key ? "ascending" : state.sort === "-" + key ? "descending" : "none");
    });
    panel.firstChild.textContent = "Filter" + (chips.children.length > 1 ? " (" + (chips.children.length - 1) + ")" : "");
  }
  addEventListener("beforeprint", function () { state.all = true; show(); });
  addEventListener("popstate", function () { read(); show(); });
  read();
  show();
})();
