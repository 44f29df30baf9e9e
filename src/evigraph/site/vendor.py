"""What pages take from npm, where it was built: `scripts/assets.py` does that, for the wheel and in a checkout."""

from __future__ import annotations

from evigraph.site.shelf import FOLDER

NPM = FOLDER / "npm"
SEARCH, SPARQL, LICENCES = "minisearch.js", "oxigraph.js", "LICENSES.txt"


def built() -> bool:
    """Whether search and SPARQL are there."""
    return all((NPM / name).is_file() for name in (SEARCH, SPARQL, LICENCES))


def assets() -> dict[str, bytes]:
    """The scripts that a site takes along with their licences, by their addresses; nothing where they aren't built."""
    return {f"assets/{name}": (NPM / name).read_bytes() for name in (SEARCH, SPARQL, LICENCES)} if built() else {}
