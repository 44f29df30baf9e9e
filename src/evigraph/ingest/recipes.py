"""Recipes: the YAML files of `ingest/`, which say how the fields of a format become the keys of a record."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evigraph.errors import DataError
from evigraph.paths import SHIPPED, Workspace, visible

Candidate = str | list[str]
"""A field's name; several joined by `+`; or a list of two, the ends of a range."""

LIMIT = 2**20
"""The largest recipe, in bytes; what is larger is the sheet itself."""
READERS = ("tagged", "bibtex", "json", "sheet", "xml")
WORDS = ("decisions", "shapes")
"""Files of `ingest/` that are no recipes, but words."""
VERDICTS = ("include", "exclude", "maybe")


@dataclass(frozen=True)
class Recipe:
    """How one format is read.

    Attributes:
        name: the file without its suffix. label: what people call the format. reader: one of `READERS`. syntax: of a
        tagged one. begins: patterns that find the beginning of a record in a text, of which the first that the text
        has counts. having: a pattern that a text of this kind has besides. when: a JMESPath expression that holds of
        a record in JSON. records: expressions that find the list of records. fields: for each key the candidates,
        best first. bodies: the fields that name bodies, not persons. name_parts: in XML, where the parts of a name
        stand, by their names in CSL. order: `family-first` where names stand so without a comma. kinds: the format's
        kinds of publication in our words. named: for an identifier the fields that hold numbers of any kind, so that
        a value there counts only where it names what it is. accessions: fields whose numbers are those of a database,
        which `databases` name. sources: fields that tell journal, year, volume, issue and pages in one line.
        ties: the fields that name another publication which this one retracts, doubts, corrects or is a version of, by
        `ties.RELATIONS`; and as `types` more fields that may say that it is a notice or was retracted.
        decision: one of `VERDICTS`, of every record that carries none, as in a list of what was excluded. columns:
        how an extraction sheet is coded, see `extraction`. priority: recipes are tried
        in this order.
    """

    name: str
    label: str
    reader: str
    syntax: str = ""
    begins: tuple[str, ...] = ()
    having: str = ""
    when: str = ""
    records: tuple[str, ...] = ("@",)
    fields: dict[str, list[Candidate]] = field(default_factory=dict)
    bodies: tuple[str, ...] = ()
    name_parts: dict[str, str] = field(default_factory=dict)
    order: str = ""
    kinds: dict[str, str] = field(default_factory=dict)
    named: dict[str, list[str]] = field(default_factory=dict)
    accessions: tuple[str, ...] = ()
    databases: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    ties: dict[str, list[str]] = field(default_factory=dict)
    decision: str = ""
    columns: dict[str, Any] = field(default_factory=dict)
    priority: int = 100


def load(path: Path) -> Recipe:
    """One recipe.

    Raises:
        DataError: it isn't one.
    """
    from evigraph.files import yaml_text

    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise DataError(path, 0, "a device or a pipe; give a recipe that is a file")
        if path.is_file() and path.stat().st_size > LIMIT:
            raise DataError(path, 0, f"more than {LIMIT // 2**10} KB, so no recipe; give the recipe with --recipe")
        found = yaml_text.load(path.read_text("utf-8"))
        if not isinstance(found, dict):
            raise DataError(path, 0, "not a recipe: it has no `key: value` lines; see docs/extraction.md")
        known = set(Recipe.__dataclass_fields__) - {"name"} | {"extends"}
        if base := found.pop("extends", None):
            found = yaml_text.load((SHIPPED / "ingest" / f"{base}.yaml").read_text("utf-8")) | found
        if unknown := set(found) - known:
            raise DataError(path, 0, f"unknown key `{min(unknown)}`; a recipe has {', '.join(sorted(known))}")
        lists = {
            key: tuple(found[key])
            for key in ("begins", "records", "bodies", "accessions", "databases", "sources")
            if key in found
        }
        recipe = Recipe(path.stem, **found | lists)
    except OSError as error:
        raise DataError(path, 0, f"{error.strerror}; give a recipe, or draft one with evigraph recipe") from None
    except (yaml_text.YAMLError, UnicodeDecodeError, TypeError) as error:
        raise DataError(path, 0, f"not a recipe: {' '.join(str(error).split())[:200]}; see docs/linking.md") from None
    if recipe.reader not in READERS:
        raise DataError(path, 0, f"reader `{recipe.reader}` is none of {', '.join(READERS)}", recipe.reader)
    if recipe.decision not in ("", *VERDICTS):
        raise DataError(path, 0, f"decision `{recipe.decision}` is none of {', '.join(VERDICTS)}", recipe.decision)
    return recipe


def load_all(workspace: Workspace | None = None) -> list[Recipe]:
    """Every recipe: the review's own before the workspace's, and these before the shipped ones, by priority and name.

    A review's own lie in a folder of its name, `ingest/<review>/`, and no other review sees them.
    """
    folders = workspace.folders("ingest") if workspace else [SHIPPED / "ingest"]
    if workspace:
        folders = [*(folder / workspace.review.name for folder in folders), *folders]
    files = {path.stem: path for folder in reversed(folders) for path in visible(folder, "*.yaml")}
    found = [load(path) for name, path in sorted(files.items()) if name not in WORDS]
    return sorted(found, key=lambda recipe: (recipe.priority, recipe.name))


def typed(value: object) -> str:
    """A value of YAML as the text that a person typed."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)
