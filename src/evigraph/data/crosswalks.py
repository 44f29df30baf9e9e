"""Crosswalks: which attribute or code of one review is which of another, as SSSOM files say it.

Source: A Simple Standard for Sharing Ontological Mappings, https://w3id.org/sssom/.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evigraph.errors import DataError
from evigraph.files import yaml_text

FILE = "data/crosswalk.tsv"
"""Where a workspace has the crosswalk of its reviews."""
NEEDED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
SKOS = "http://www.w3.org/2004/02/skos/core#"
EXACT, BROAD, NARROW = (f"{SKOS}{name}Match" for name in ("exact", "broad", "narrow"))
PREFIXES = {
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": SKOS,
    "sssom": "https://w3id.org/sssom/",
}
"""What needs no declaration in a file (SSSOM's built-in prefixes)."""


@dataclass(frozen=True)
class Mapping:
    """One line of a crosswalk, with its ids as IRIs.

    Attributes:
        path, line: where it stands. subject, predicate, object: IRIs. names: subject and object as the line has them.
        labels: those of subject and object, as far as the line tells. justification: how it was found.
    """

    path: Path
    line: int
    subject: str
    predicate: str
    object: str
    names: tuple[str, str]
    labels: tuple[str, str]
    justification: str

    @property
    def how(self) -> str:
        """The predicate and the place, for a person."""
        return f"{self.predicate.replace(SKOS, 'skos:')}, {self.path.name}:{self.line}"


def read(path: Path, bases: dict[str, str]) -> list[Mapping]:
    """The mappings of a crosswalk; what is negated (`predicate_modifier` Not) says nothing.

    `bases` are the reviews by name; their names are prefixes that need no declaration.

    Raises:
        DataError: the file is no SSSOM table, or an id in it can't be expanded.
    """
    try:
        lines = path.read_bytes().decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else "") or "not UTF-8"
        raise DataError(path, 0, f"{reason}; make it a table in SSSOM, tab-separated and in UTF-8") from None
    head = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    prefixes = {**PREFIXES, **_declared(path, lines[:head]), **bases}
    columns = lines[head].split("\t") if head < len(lines) else []
    if missing := [name for name in NEEDED if name not in columns]:
        raise DataError(path, head + 1, f"no column `{missing[0]}`; SSSOM needs {', '.join(NEEDED)}, parted by tabs")
    return list(_mappings(path, lines, head, columns, prefixes))


def _declared(path: Path, comments: list[str]) -> dict[str, str]:
    """The prefixes of the `curie_map` in the lines above the table."""
    try:
        told = yaml_text.load("\n".join(line[1:].removeprefix(" ") for line in comments)) or {}
        return {str(name): str(iri) for name, iri in (told.get("curie_map") or {}).items()}
    except (yaml_text.YAMLError, AttributeError):
        raise DataError(
            path, 1, "the lines with # are no YAML with a `curie_map` of prefixes; mend or remove"
        ) from None


def _mappings(
    path: Path, lines: list[str], head: int, columns: list[str], prefixes: dict[str, str]
) -> Iterator[Mapping]:
    for number, cells in enumerate(csv.reader(lines[head + 1 :], delimiter="\t"), head + 2):
        if not any(cells):
            continue
        if len(cells) != len(columns):
            raise DataError(
                path, number, f"{len(cells)} cells, and the table has {len(columns)} columns; mend the tabs"
            )
        row = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
        if empty := next((name for name in NEEDED if not row[name]), None):
            raise DataError(path, number, f"`{empty}` is empty; each mapping needs {', '.join(NEEDED)}")
        subject, predicate, target, _ = (_expanded(path, number, row[name], prefixes) for name in NEEDED)
        known = {f"{SKOS}{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")}
        if predicate.startswith(SKOS) and predicate not in known:
            near = difflib.get_close_matches(predicate, sorted(known), 1, 0)[0].replace(SKOS, "skos:")
            raise DataError(path, number, f"no predicate is called `{row['predicate_id']}`; did you mean {near}?")
        if row.get("predicate_modifier", "").casefold() != "not":
            labels = row.get("subject_label", ""), row.get("object_label", "")
            names = row["subject_id"], row["object_id"]
            yield Mapping(path, number, subject, predicate, target, names, labels, row["mapping_justification"])


def _expanded(path: Path, line: int, name: str, prefixes: dict[str, str]) -> str:
    if name.startswith(("http://", "https://")):
        return name
    prefix, colon, rest = name.partition(":")
    if not colon or not rest or prefix not in prefixes:
        mend = f"a review here ({', '.join(sorted(set(prefixes) - set(PREFIXES)))}) or one of the `curie_map`"
        raise DataError(path, line, f"`{name}`: write it as prefix:id, where the prefix is {mend}", name)
    return prefixes[prefix] + rest
