/* SPARQL in the page. Engine and graph are loaded on the first Run, and live in a worker that Stop ends. A page that was
   opened from a folder may load neither WebAssembly nor workers from files, so that both are made of scripts. */
(function () {
  "use strict";
  var MOST = 1000;

  /* The worker: its text is this function's, so it uses nothing from outside. */
  function work(engine) {
    var store = null;
    function unpacked(text) {
      var raw = atob(text), bytes = new Uint8Array(raw.length);
      for (var i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
      return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
    }
    async function begin(wasm, graph) {
      engine.initSync({ module: await unpacked(wasm).arrayBuffer() });
      store = new engine.Store();
      store.load(await unpacked(graph).text(), { format: "application/n-quads" });
    }
    function ask(query) {
      var found = store.query(query, { results_format: "json", use_default_graph_as_union: true });
      if (found.charAt(0) === "{") return JSON.parse(found);
      return { graph: store.query(query, { results_format: "nt", use_default_graph_as_union: true }) };
    }
    return { begin: begin, ask: ask };
  }
  function worker(engine) {
    var able = work(engine);
    self.onmessage = async function (event) {
      try {
        if (event.data.wasm) await able.begin(event.data.wasm, event.data.graph);
        var start = performance.now();
        self.postMessage({ found: able.ask(event.data.query), took: performance.now() - start });
      } catch (error) {
        self.postMessage({ fault: String(error.message || error) });
      }
    };
  }

  /* A query without its comments, texts and IRIs, to look for words in. */
  function bare(query) {
    return query.replace(/"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|<[^<>\s]*>|#[^\n]*/g, " ");
  }
  function withPrefixes(query, prefixes) {
    var plain = bare(query), declared = new Set(), used = new Set();
    (plain.match(/\bprefix\s+[\w-]*\s*:/gi) || []).forEach(function (each) { declared.add(each.replace(/^prefix\s+|\s*:$/gi, "")); });
    (plain.match(/(^|[^\w:-])[A-Za-z][\w-]*:/g) || []).forEach(function (each) { used.add(each.replace(/^[^A-Za-z]*|:$/g, "")); });
    return Object.keys(prefixes).filter(function (name) { return used.has(name) && !declared.has(name); })
      .map(function (name) { return "PREFIX " + name + ": <" + prefixes[name] + "> "; }).join("") + query;
  }
  /* Why there is no answer, in words; before the first line stand so many letters that nobody typed. */
  function inWords(fault, query, before) {
    if (/\bservice\b/i.test(bare(query)) && /service/i.test(fault) && !/expected/.test(fault)) {
      return "SERVICE asks another host, and this page asks nobody else: leave it out, or ask with evigraph or another program.";
    }
    if (/^\s*(prefix\s+[\w-]*\s*:\s*|base\s*)*(insert|delete|load|clear|drop|create|add|move|copy|with)\b/i.test(bare(query))) {
      return "This page answers SELECT, ASK, CONSTRUCT and DESCRIBE; it changes nothing.";
    }
    var at = /^error at (\d+):(\d+): ([^]*)$/.exec(fault);
    if (!at) return fault;
    var column = Number(at[2]) - (at[1] === "1" ? before : 0);
    var awaited = (at[3].match(/"[^"]+"|\b[A-Z]{2,}\b/g) || []).slice(0, 8).join(" ");
    return "Line " + at[1] + ", column " + column + ": that isn’t SPARQL" + (awaited ? "; here may stand " + awaited : "");
  }
  function csv(rows) {
    function cell(text) {
      if (/^[=+\-@\t\r]/.test(text) && !/^-?[\d.]+(e[+-]?\d+)?$/i.test(text)) text = "'" + text; /* else a spreadsheet runs it */
      return /[",\n\r]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
    }
    return rows.map(function (row) { return row.map(cell).join(","); }).join("\r\n") + "\r\n";
  }
  globalThis.evigraphSparql = { work: work, withPrefixes: withPrefixes, inWords: inWords, csv: csv };
  if (typeof document === "undefined") return;

  var root = new URL("../", document.currentScript.src).href;
  var place = document.getElementById("ask"), text = document.getElementById("query"), menu = document.getElementById("named");
  var run = document.getElementById("run"), stop = document.getElementById("stop"), here = document.getElementById("here");
  var status = document.getElementById("status"), answer = document.getElementById("answer");
  var told = null, running = null, loading = null, pages = new Map();

  function element(name, attributes, children) {
    var node = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) { node.setAttribute(key, attributes[key]); });
    (children || []).forEach(function (child) { node.append(child); });
    return node;
  }
  function load(name) {
    return new Promise(function (done, failed) {
      var node = document.createElement("script");
      node.src = root + "assets/" + name;
      node.onload = done;
      node.onerror = function () { failed(new Error(name + " isn’t there; unpack the whole folder")); };
      document.head.append(node);
    });
  }
  function ready() {
    loading = loading || Promise.all(["oxigraph.js", "sparql-data.js", "search-documents.js"].map(load)).then(function () {
      globalThis.evigraphDocuments[1].forEach(function (row) { pages.set(row[1], row[2]); });
    });
    loading.catch(function () { loading = null; });
    return loading;
  }
  function counted(number, noun) { return number.toLocaleString("en") + " " + noun + (number === 1 ? "" : "s"); }

  /* A thing is shown by what its page is called, and leads there; anything else as short as it can be said. */
  function shown(term) {
    if (term.type !== "uri") return term.type === "bnode" ? "_:" + term.value : term.value;
    var base = place.getAttribute("data-base"), iri = term.value;
    var address = iri.indexOf(base) === 0 ? iri.slice(base.length) + ".html" : "";
    if (pages.has(address)) return element("a", { href: root + address.split("/").map(encodeURIComponent).join("/") }, [pages.get(address)]);
    var names = Object.keys(told.prefixes).filter(function (name) { return iri.indexOf(told.prefixes[name]) === 0; });
    var name = names.sort(function (a, b) { return told.prefixes[b].length - told.prefixes[a].length; })[0];
    return element("span", { class: "iri", title: iri }, [name === undefined ? iri : name + ":" + iri.slice(told.prefixes[name].length)]);
  }
  function download(content, kind, name, said) {
    return element("a", { href: URL.createObjectURL(new Blob([content], { type: kind })), download: name }, [said]);
  }
  function table(variables, rows) {
    var head = element("tr", {}, variables.map(function (name) { return element("th", { scope: "col" }, [name]); }));
    var body = element("tbody", {}, rows.slice(0, MOST).map(function (row) {
      return element("tr", {}, variables.map(function (name) {
        var term = row[name], number = term && /#(integer|decimal|double|float|int|long)$/.test(term.datatype || "");
        return element("td", number ? { class: "number", "data-label": name } : { "data-label": name }, term ? [shown(term)] : []);
      }));
    }));
    var held = element("table", { class: "rows" }, [element("thead", {}, [head]), body]);
    return element("div", { class: "scroll", role: "region", "aria-label": "Answer", tabindex: "0" }, [held]);
  }
  function show(message, query) {
    var found = message.found;
    answer.replaceChildren();
    if (message.fault) { status.textContent = inWords(message.fault, query[0], query[1]); return; }
    var took = " in " + (message.took / 1000).toFixed(2) + " s";
    if ("boolean" in found) { status.textContent = (found.boolean ? "Yes" : "No") + took; return; }
    if ("graph" in found) {
      var lines = found.graph.split("\n").filter(Boolean);
      status.textContent = counted(lines.length, "statement") + took;
      answer.append(element("p", {}, [download(found.graph, "application/n-triples", "answer.nt", "Download (N-Triples)")]),
        element("pre", {}, [lines.slice(0, MOST).join("\n")]));
      return;
    }
    var variables = found.head.vars, rows = found.results.bindings;
    status.textContent = counted(rows.length, "row") + took + (rows.length > MOST ? "; the first " + MOST.toLocaleString("en") + " are shown" : "");
    if (!rows.length) return;
    var cells = rows.map(function (row) { return variables.map(function (name) { return row[name] ? row[name].value : ""; }); });
    answer.append(element("p", {}, [download(csv([variables].concat(cells)), "text/csv", "answer.csv", "Download " + counted(rows.length, "row") + " (CSV)")]), table(variables, rows));
  }
  function busy(now) {
    stop.hidden = !now;
    run.disabled = now;
    answer.setAttribute("aria-busy", String(now));
  }
  function ended() { if (running) running.terminate(); running = null; busy(false); }

  run.addEventListener("click", function () {
    var query = withPrefixes(text.value, told.prefixes), asked = [text.value, query.length - text.value.length];
    busy(true);
    answer.replaceChildren();
    status.textContent = loading ? "Asking …" : "Loading the engine and the graph …";
    ready().then(function () {
      if (stop.hidden) return; /* stopped meanwhile */
      var message = { query: query };
      if (!running) {
        var source = work.toString() + "\n(" + worker.toString() + ")(" + globalThis.evigraphOxigraph + ");";
        var address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
        running = new Worker(address);
        URL.revokeObjectURL(address);
        message.wasm = globalThis.evigraphWasm;
        message.graph = globalThis.evigraphGraph;
      }
      running.onmessage = function (event) { busy(false); show(event.data, asked); };
      running.onerror = function (event) { ended(); status.textContent = event.message || "The engine has failed."; };
      running.postMessage(message);
    }).catch(function (error) { busy(false); status.textContent = error.message; });
  });
  stop.addEventListener("click", function () { ended(); status.textContent = "Stopped."; run.focus(); });
  text.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !run.disabled) run.click();
  });
  function keep() { here.href = location.pathname.replace(/^.*\//, "") + "#q=" + encodeURIComponent(text.value); }
  text.addEventListener("input", keep);
  menu.addEventListener("change", function () { text.value = menu.value ? told.queries[menu.value] : told.first; keep(); });
  function fromAddress() {
    var asked = new URLSearchParams(location.hash.slice(1)).get("q");
    if (asked !== null) { text.value = asked; menu.value = ""; }
    keep();
  }
  addEventListener("hashchange", fromAddress);

  var raw = atob(globalThis.evigraphQueries), bytes = new Uint8Array(raw.length);
  for (var i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json().then(function (read) {
    told = read;
    text.value = told.first;
    fromAddress();
    place.hidden = false;
  });
})();
