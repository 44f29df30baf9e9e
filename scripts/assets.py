"""What the pages of a site take from npm, made into classic scripts: search (MiniSearch) and SPARQL (Oxigraph).

    python scripts/assets.py

The versions are those of `scripts/npm/package.json`, held by the hashes of its lock. A page that was opened from a
folder may load no module, no worker file and no `.wasm`, so that each becomes a plain script that sets a global name.
They are written to `src/evigraph/site/npm`, which isn't kept in the repository; building the wheel runs this too.
Without npm, or without a way to its registry, it says so, and pages come without search and SPARQL.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent.parent
PINNED = ROOT / "scripts" / "npm"
TARGET = ROOT / "src" / "evigraph" / "site" / "npm"
LOCK = "package-lock.json"
SECONDS = 300


def main() -> str:
    """Make the assets, if they aren't those of the lock already; an empty text, or why they can't be made."""
    stamp = TARGET / LOCK
    if stamp.is_file() and stamp.read_bytes() == (PINNED / LOCK).read_bytes():
        return ""
    npm = shutil.which("npm")
    if npm is None:
        return "npm is missing"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for each in ("package.json", LOCK, ".npmrc"):
            shutil.copy(PINNED / each, folder)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        try:
            ran = subprocess.run(command, cwd=folder, capture_output=True, timeout=SECONDS, env=_environment())  # noqa: S603
        except subprocess.TimeoutExpired:
            return f"npm took longer than {SECONDS} s"
        if ran.returncode:
            said = ran.stderr.decode("utf-8", "replace").strip().splitlines()
            return next((line for line in said if "error" in line.lower()), "npm failed")
        made = assets(folder / "node_modules")
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir()
    for file, text in made.items():
        (TARGET / file).write_text(text, "utf-8")
    shutil.copy(PINNED / LOCK, stamp)  # last, so that a half-written folder is made again
    return ""


def _environment() -> dict[str, str]:
    """That of this process, with which npm gives up soon where there is no network."""
    return os.environ | {"NPM_CONFIG_UPDATE_NOTIFIER": "false", "NPM_CONFIG_FETCH_RETRIES": "1"}


def assets(modules: Path) -> dict[str, str]:
    """The scripts and their licences by file name, out of a `node_modules`."""
    search, graph = modules / "minisearch", modules / "oxigraph"
    wasm = gzip.compress((graph / "web_bg.wasm").read_bytes(), 9, mtime=0)
    glue = json.dumps(iife((graph / "web.js").read_text("utf-8")), ensure_ascii=False)
    notices = [
        f"{_named(search)}, MIT\n\n{(search / 'LICENSE.txt').read_text('utf-8').strip()}\n",
        f"{_named(graph)}, MIT or Apache-2.0; taken under the Apache License 2.0: https://www.apache.org/licenses/LICENSE-2.0\n"
        "Copyright the Oxigraph developers. The wrapping as a script is ours; its code is unchanged.\n",
    ]
    return {
        "minisearch.js": f"/*! {_named(search)}, MIT; see LICENSES.txt */\n"
        + without_comments((search / "dist" / "umd" / "index.js").read_text("utf-8")),
        "oxigraph.js": f"/*! {_named(graph)}, MIT or Apache-2.0; see LICENSES.txt */\n"
        f"globalThis.evigraphOxigraph={glue};\n"
        f'globalThis.evigraphWasm="{base64.b64encode(wasm).decode()}";\n',
        "LICENSES.txt": f"\n{'-' * 80}\n\n".join(notices),
    }


def _named(package: Path) -> str:
    told: dict[str, Any] = json.loads((package / "package.json").read_text("utf-8"))
    return f"{ {'minisearch': 'MiniSearch', 'oxigraph': 'Oxigraph'}[told['name']] } {told['version']}"


def iife(module: str) -> str:
    """Oxigraph's module for browsers as an expression, whose value has `Store` and `initSync`.

    Raises:
        ValueError: the module isn't written as it was when this was.
    """
    plain = re.sub(r"(?m)^export (class|function) ", r"\1 ", without_comments(module))
    plain = re.sub(r"(?m)^export \{ initSync, __wbg_init as default \};$", "", plain)
    plain = plain.replace("new URL('web_bg.wasm', import.meta.url)", "undefined")
    if re.search(r"(?m)^\s*(import|export)\b|import\.meta", plain) or "class Store " not in plain:
        raise ValueError("oxigraph's web.js has changed: see how scripts/assets.py makes a script of it")
    return f"(function () {{\n{plain}\nreturn {{ Store: Store, initSync: initSync }};\n}})()"


def without_comments(script: str) -> str:
    """A script without its comments on lines of their own and its indentation, which are half of its size."""
    plain = re.sub(r"(?ms)^[ \t]*/\*.*?\*/[ \t]*$", "", script)
    plain = re.sub(r"(?m)^[ \t]*//.*$", "", plain)
    return re.sub(r"(?m)^[ \t]+|[ \t]+$", "", re.sub(r"\n\s*\n", "\n", plain)).strip() + "\n"


class Assets(BuildHookInterface[Any]):
    """Makes the assets when a wheel is built; without them the wheel is built all the same, and this says so."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Hatch calls this before it collects the files."""
        if version != "editable" and (why := main()):
            self.app.display_warning(f"The wheel's pages come without search and SPARQL: {why}")


if __name__ == "__main__":
    if reason := main():
        print(f"Pages come without search and SPARQL: {reason}", file=sys.stderr)
        sys.exit(1)
