/* Search over all pages. The index is made in the page, once somebody comes to the box: until then nothing is loaded.
   Without this script a link leads to an index of all things. */
(function () {
  "use strict";
  var FIRST = 8, MOST = 200;
  /* What people name they mean more often than what speaks of it. */
  var WEIGHT = { Question: 2.2, Study: 2, Finding: 1, Table: 1.6, Figure: 1.6 };
  var WIDE = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+/g; /* writing without blanks is read by pairs of letters */

  function folded(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/ı/g, "i").toLowerCase();
  }
  /* A word as it is compared: without its marks, and in the singular, as far as an "s" tells. */
  function term(word) {
    var plain = folded(word);
    return /[^s]s$/.test(plain) && plain.length > 3 ? plain.slice(0, -1) : plain;
  }
  function pairs(run) {
    var found = [];
    for (var i = 0; i < run.length - 1; i++) found.push(run.slice(i, i + 2));
    return found.length ? found : [run];
  }
  function tokens(text) {
    var wide = (text.normalize("NFC").match(WIDE) || []).reduce(function (all, run) { return all.concat(pairs(run)); }, []);
    return text.normalize("NFC").replace(WIDE, " ").split(/[\n\r\p{Z}\p{P}\p{S}]+/u).concat(wide).filter(Boolean);
  }
  function plain(text) { return tokens(text).map(term).join(" "); }
  /* documents is [kinds, rows]; a row is [kind, address, title, beside, more]. */
  function make(MiniSearch, documents) {
    var kinds = documents[0], rows = documents[1];
    var index = new MiniSearch({
      fields: ["title", "beside", "more"], tokenize: tokens,
      processTerm: term,
      searchOptions: {
        boost: { title: 3, beside: 1.5 },
        prefix: function (word) { return word.length > 2; },
        fuzzy: function (word) { return word.length > 3 ? 1 : false; },
        boostDocument: function (id) { return WEIGHT[kinds[rows[id][0]]] || 2; }
      }
    });
    index.addAll(rows.map(function (row, i) { return { id: i, title: row[2], beside: row[3], more: row[4] }; }));
    return function find(text) {
      /* All words, one letter wrong at most; else two letters; else any of the words. */
      var found = index.search(text, { combineWith: "AND" });
      if (!found.length) found = index.search(text, { combineWith: "AND", fuzzy: function (word) { return word.length > 6 ? 2 : 1; } });
      if (!found.length) found = index.search(text);
      var said = plain(text), called = function (hit) { return plain(rows[hit.id][2]) === said; };
      found = found.filter(called).concat(found.filter(function (hit) { return !called(hit); }));
      return found.map(function (hit) {
        var row = rows[hit.id];
        return { kind: kinds[row[0]], address: row[1], title: row[2], beside: row[3], terms: hit.terms };
      });
    };
  }
  globalThis.evigraphSearch = { make: make };
  if (typeof document === "undefined") return;

  var base = new URL("../", document.currentScript.src).href;
  var find = null, loading = null;
  function load(name) {
    return new Promise(function (done, failed) {
      var node = document.createElement("script");
      node.src = base + "assets/" + name;
      node.onload = done;
      node.onerror = failed;
      document.head.append(node);
    });
  }
  function ready() {
    loading = loading || Promise.all([load("minisearch.js"), load("search-documents.js")]).then(function () {
      find = make(globalThis.MiniSearch, globalThis.evigraphDocuments);
    });
    return loading;
  }
  function element(name, attributes, children) {
    var node = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) { node.setAttribute(key, attributes[key]); });
    (children || []).forEach(function (child) { node.append(child); });
    return node;
  }
  function link(address) { return base + address.split("/").map(encodeURIComponent).join("/"); }
  /* A text with the words that were found marked. */
  function marked(text, terms) {
    return text.split(/([\n\r\p{Z}\p{P}\p{S}]+)/u).map(function (part) {
      return terms.indexOf(term(part)) >= 0 ? element("mark", {}, [part]) : part;
    });
  }
  function short(text) { return text.length > 160 ? text.slice(0, 160).replace(/\s\S*$/, "") + " …" : text; }

  var own = document.getElementById("search");
  if (own) wholePage(own); else box();

  function wholePage(place) {
    var index = document.getElementById("index");
    var input = element("input", { type: "search", id: "find", autocomplete: "off" });
    var status = element("p", { class: "lead", role: "status" });
    var kinds = element("p", { class: "chips" });
    var list = element("ul", { class: "findings hits" });
    place.append(element("label", { for: "find" }, ["Words to find; a letter may be wrong, and marks may be missing"]), input, status, kinds, list);
    var asked = new URLSearchParams(location.search);
    var state = { q: asked.get("q") || "", kind: asked.get("kind") || "" };
    input.value = state.q;
    input.addEventListener("focus", ready);
    input.addEventListener("input", function () { state.q = input.value; state.kind = ""; keep(); show(); });
    addEventListener("popstate", function () {
      var now = new URLSearchParams(location.search);
      state = { q: now.get("q") || "", kind: now.get("kind") || "" };
      input.value = state.q;
      show();
    });
    function keep() {
      var now = new URLSearchParams();
      if (state.q) now.set("q", state.q);
      if (state.kind) now.set("kind", state.kind);
      var text = now.toString();
      try { history.replaceState(null, "", text ? "?" + text : location.pathname.replace(/^.*\//, "")); } catch (error) { /* a browser may forbid it for files */ }
    }
    function show() {
      index.hidden = !!state.q.trim();
      if (!state.q.trim()) { status.textContent = ""; kinds.replaceChildren(); list.replaceChildren(); return; }
      ready().then(function () {
        var found = find(state.q), many = new Map();
        found.forEach(function (hit) { many.set(hit.kind, (many.get(hit.kind) || 0) + 1); });
        var shown = found.filter(function (hit) { return !state.kind || hit.kind === state.kind; });
        status.textContent = (found.length === 1 ? "1 page" : found.length.toLocaleString("en") + " pages") +
          (found.length ? "" : ": nothing holds these words") + (shown.length > MOST ? ", the best " + MOST + " shown" : "");
        kinds.replaceChildren.apply(kinds, Array.from(many, function (pair) {
          var button = element("button", { type: "button", "aria-pressed": String(state.kind === pair[0]) }, [pair[0] + " " + pair[1].toLocaleString("en")]);
          button.addEventListener("click", function () {
            state.kind = state.kind === pair[0] ? "" : pair[0];
            keep(); show();
          });
          return button;
        }));
        list.replaceChildren.apply(list, shown.slice(0, MOST).map(function (hit) {
          var title = element("a", { href: link(hit.address) }, marked(hit.title, hit.terms));
          return element("li", { class: "finding" }, [title, element("span", { class: "bits" }, [
            element("span", {}, [hit.kind]), element("span", {}, marked(short(hit.beside), hit.terms))
          ].filter(function (each) { return each.textContent; }))]);
        }));
      });
    }
    show();
  }

  /* The box in the head of every page takes the place of the link; its results are a list to walk with the arrow keys. */
  function box() {
    var there = Array.from(document.querySelectorAll("header.top nav a")).find(function (a) { return /(^|\/)search\.html$/.test(a.getAttribute("href")); });
    if (!there) return;
    var input = element("input", {
      type: "search", placeholder: "Search", "aria-label": "Search", role: "combobox", autocomplete: "off",
      "aria-expanded": "false", "aria-controls": "hits", "aria-autocomplete": "list"
    });
    var list = element("ul", { id: "hits", role: "listbox", "aria-label": "Results" });
    var status = element("span", { class: "skip", "aria-live": "polite" });
    list.hidden = true;
    there.replaceWith(element("span", { class: "find" }, [input, list, status]));
    var at = -1;
    function close() { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); }
    function choose(place) {
      var options = list.children;
      if (at >= 0) options[at].setAttribute("aria-selected", "false");
      at = (place + options.length) % options.length;
      options[at].setAttribute("aria-selected", "true");
      options[at].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[at].id);
    }
    function all() { return base + "search.html?q=" + encodeURIComponent(input.value); }
    function option(i, address, children) {
      var node = element("li", { role: "option", id: "hit-" + i, "aria-selected": "false" }, children);
      node.addEventListener("mousedown", function (event) { event.preventDefault(); location.href = address; });
      node.address = address;
      return node;
    }
    function show() {
      var text = input.value.trim();
      if (!text) { close(); return; }
      ready().then(function () {
        if (text !== input.value.trim() || document.activeElement !== input) return;
        var found = find(text);
        var options = found.slice(0, FIRST).map(function (hit, i) {
          return option(i, link(hit.address), [element("span", { class: "what" }, [hit.kind + " "]), element("span", {}, marked(short(hit.title), hit.terms))]);
        });
        options.push(option(options.length, all(), [found.length ? "All " + found.length.toLocaleString("en") + " results" : "Nothing found: to the index"]));
        list.replaceChildren.apply(list, options);
        status.textContent = found.length === 1 ? "1 result" : found.length.toLocaleString("en") + " results";
        at = -1;
        input.removeAttribute("aria-activedescendant");
        list.hidden = false;
        input.setAttribute("aria-expanded", "true");
      });
    }
    input.addEventListener("focus", ready);
    input.addEventListener("input", show);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", function (event) {
      if (event.key === "Escape") { close(); return; }
      if (event.key === "Enter" && input.value.trim()) { location.href = at >= 0 ? list.children[at].address : all(); return; }
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      if (list.hidden) show(); else choose(event.key === "ArrowDown" ? at + 1 : Math.max(at, 0) - 1);
    });
  }
})();
