/* Run by tests with node: what the search of a site finds, as JSON. node find.js FOLDER WORDS... */
"use strict";
const fs = require("node:fs");
const vm = require("node:vm");
const [folder, ...asked] = process.argv.slice(2);
for (const name of ["minisearch", "search-documents", "search"]) {
  vm.runInThisContext(fs.readFileSync(`${folder}/assets/${name}.js`, "utf8"), name);
}
const find = globalThis.evigraphSearch.make(globalThis.MiniSearch, globalThis.evigraphDocuments);
console.log(JSON.stringify(asked.map((words) => find(words).slice(0, 3).map((hit) => hit.address))));
