"""Templates: the one module that knows Jinja2. Every value is escaped, and a name that isn't there is a fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2

FOLDER = Path(__file__).parent / "templates"
"""The templates of the site, whose `base.html` pages of other rooms extend too."""


def environment(*folders: Path, **names: Any) -> jinja2.Environment:
    """The templates of folders, the first one that has a name; with the names that all of them may use."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(names)
    return made
