"""What an export of a known shape says: its rows, what they are coded with, and what a person should know."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from evigraph.ingest.declared import Code, Scheme, Tool
from evigraph.ingest.extraction.mapping import Appraising, Attribute, Columns, Source, folded, key
from evigraph.ingest.model import Batch, Decision, Extract, Rejected

LONGEST = 60
"""How long the name of an attribute may be, in characters."""


@dataclass
class Shape:
    """An export of a known shape, read.

    Attributes:
        format: what it was recognised as. attributes: numbered as the extracts refer to them. extracts, rejected: its
        rows. notes: what else a person should know. schemes, tools: what it declares. decisions: by row.
    """

    format: str
    attributes: Attributes = field(default_factory=lambda: Attributes())
    extracts: list[Extract] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    schemes: list[Scheme] = field(default_factory=list)
    tools: list[Tool] = field(default_factory=list)
    decisions: dict[int, list[Decision]] = field(default_factory=dict)

    def columns(self) -> Columns:
        """How its rows are to be coded: with the codes that are declared, else in words."""
        judging = tuple(
            Appraising(tool.key, dict.fromkeys(domains_of(tool), (Source(), Source()))) for tool in self.tools
        )
        return Columns(attributes=tuple(self.attributes.rules), appraisals=judging)

    def batch(self, base: Batch) -> Batch:
        """A batch with all of it; `base` tells the file."""
        return replace(
            base,
            format=self.format,
            present=len(self.extracts) + len(self.rejected),
            rejected=tuple(self.rejected),
            notes=tuple(self.notes),
            extracts=tuple(self.extracts),
            columns=self.columns(),
            schemes=(*self.schemes, *self._outcomes()),
            tools=tuple(self.tools),
        )

    def _outcomes(self) -> list[Scheme]:
        """The outcomes that results and appraisals are on, which are codes of their own."""
        several = [each.keys.get("outcome", ()) for row in self.extracts for each in row.results]
        several += [each.outcome for row in self.extracts for each in row.appraisals]
        labels = dict.fromkeys(said.text for each in several for said in each if said.text)
        codes = tuple(Code(f"outcome {label}", label) for label in labels)
        return [Scheme("outcome", "Outcome", codes=codes)] if codes else []


@dataclass
class Sheet:
    """A table whose headings are its first row: each column once, and each row with a cell for every heading."""

    headings: list[str]
    rows: list[tuple[int, dict[str, str]]]


class Attributes:
    """The attributes that a file's words become, each with a number and a name of its own."""

    def __init__(self) -> None:
        """Begin without any."""
        self.rules: list[Attribute] = []
        self._numbers: dict[str, int] = {}

    def number(self, heading: str, kind: str = "code", identity: str = "") -> int:
        """The number of the attribute for a heading, which is made if there is none.

        `identity` tells it from another of the same name; `kind` is one of `mapping.KINDS`.
        """
        known = identity or key(heading)
        if known not in self._numbers:
            taken = {each.name for each in self.rules}
            stem = slug(heading) or f"column-{len(self.rules) + 1}"
            numbered = (f"{stem}-{n}" for n in range(2, len(taken) + 3))
            name = next(each for each in (stem, *numbered) if each not in taken)
            self._numbers[known] = len(self.rules)
            self.rules.append(Attribute(name, Source(columns=(heading,)), kind))
        return self._numbers[known]


def slug(text: str) -> str:
    """A heading as the name of an attribute, or nothing where it has no letter or digit of Latin script."""
    return re.sub(r"[^a-z0-9]+", "-", folded(text)).strip("-")[:LONGEST].strip("-")


def domains_of(tool: Tool) -> list[str]:
    """The attributes that a tool of the file judges; those of a pack are known to who has the pack."""
    return [f"{tool.key}-{name}" for name, _ in tool.domains]
