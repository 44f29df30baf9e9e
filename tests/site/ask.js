/* Run by tests with node: the named queries of a site's SPARQL page, answered by its engine, as JSON. node ask.js FOLDER */
"use strict";
const fs = require("node:fs");
const vm = require("node:vm");
const zlib = require("node:zlib");
const folder = process.argv[2];
for (const name of ["oxigraph", "sparql-data", "sparql-queries", "sparql"]) {
  vm.runInThisContext(fs.readFileSync(`${folder}/assets/${name}.js`, "utf8"), name);
}
const told = JSON.parse(zlib.gunzipSync(Buffer.from(globalThis.evigraphQueries, "base64")));
const page = globalThis.evigraphSparql;
const engine = page.work(vm.runInThisContext(globalThis.evigraphOxigraph));
const faults = [
  "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
  "LOAD <http://example.org/>",
  "SELECT ?s { ?s a evi:Study",
];
engine.begin(globalThis.evigraphWasm, globalThis.evigraphGraph).then(() => {
  const answers = Object.entries(told.queries).map(([name, query]) => {
    const found = engine.ask(page.withPrefixes(query, told.prefixes));
    return [name, { query, columns: found.head.vars, rows: found.results.bindings.map((row) => found.head.vars.map((each) => (row[each] ? row[each].value : null))) }];
  });
  const first = engine.ask(page.withPrefixes(told.first, told.prefixes)).results.bindings.length;
  const refused = faults.map((query) => {
    const whole = page.withPrefixes(query, told.prefixes);
    try {
      engine.ask(whole);
      return "";
    } catch (error) {
      return page.inWords(String(error.message || error), query, whole.length - query.length);
    }
  });
  console.log(JSON.stringify({ answers: Object.fromEntries(answers), first, refused, csv: page.csv([["a", "=1+1"], ["x,\"y\"", "-2"]]) }));
});
