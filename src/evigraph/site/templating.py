"""Templates: the one module that knows Jinja2. Every value is escaped, and a name that isn't there is a fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2


def environment(folder: Path, **names: Any) -> jinja2.Environment:
    """The templates of a folder, with the names that all of them may use."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(names)
    return made
