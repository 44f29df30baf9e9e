"""Queries and claims of a workspace of version 0.1, said in today's terms; all else in their texts stays as typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evigraph import ontology, queries
from evigraph.errors import DataError
from evigraph.paths import Workspace

TEMPLATES = ("answer", "benefits", "drawbacks")
"""The queries that 0.1 gave each new review and that are others today, as `queries/templates/0.1` keeps them."""
TERMS = {"direction": "effect", "Direction": "Effect", "question": "researchQuestion"}
"""Terms of 0.1's vocabulary with those that mean today what they meant."""
ANSWERED = ("answer", "stance", "researchQuestion")
"""Terms that no query of 0.1 has: where one stands, `question` has today's meaning already."""
GONE = (
    *("MasteryFinding", "MotivationFinding", "outcome", "measurement", "assessment", "course"),
    *("increasing", "decreasing", "methodology", "tool"),
)
"""Terms of 0.1's vocabulary that none of today's stands for: a person has to ask for attributes instead."""
NAMED = ("columns", "group", "fold", "pivot", "order")
"""The parts of a header that name columns."""


@dataclass(frozen=True)
class Rewritten:
    """One text in today's terms.

    Attributes:
        path: its file. text: what it becomes. notes: what was done. requires: whether it gives rows of findings with an
        effect alone, where it gave those of direction none as well.
    """

    path: Path
    text: str
    notes: tuple[str, ...]
    requires: bool = False


def own(workspace: Workspace) -> dict[Path, str]:
    """The texts of the workspace's own queries, but those of other reviews.

    Raises:
        DataError: one isn't UTF-8, or can't be read.
    """
    return {path: _read(path) for path in queries.own_files(workspace)}


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise DataError(path, 0, f"{reason}; make it a text in UTF-8 that can be read, or move it away") from None


def is_old(text: str) -> bool:
    """Whether a query asks for a direction, as only those of 0.1 do."""
    return any(_uses(text, name) for name in ("direction", "Direction"))


def gone(text: str) -> tuple[str, ...]:
    """The terms of a query that today's vocabulary doesn't have, and nothing else for them."""
    return tuple(name for name in GONE if _uses(text, name))


def rewritten(path: Path, text: str) -> Rewritten | None:
    """A query of a workspace of 0.1 in today's terms, or None where it is the same in both."""
    template = _from_template(text)
    if template:
        return None if template == text else Rewritten(path, template, ("today's template",))
    made, notes = text, []
    today = any(_uses(text, name) for name in ANSWERED)
    for old, new in TERMS.items():
        if _uses(made, old) and not (old == "question" and today):
            made = _replaced(made, old, new)
            notes.append(f"{old} is {new} now")
    if _uses(text, "direction"):
        made = _columns(made)
    return Rewritten(path, made, tuple(notes), _uses(text, "direction")) if made != text else None


def _from_template(text: str) -> str:
    """Today's template filled in as a copy of 0.1's was, or nothing where the text is no such copy."""
    plain = text.replace("\r\n", "\n").rstrip("\n")
    for name in TEMPLATES:
        marks = {"summary": "@summary@", "notation": "@notation@"}
        pattern = re.escape(queries.template(f"0.1/{name}", marks).rstrip("\n"))
        for mark in marks.values():
            group = f"(?P<{mark.strip('@')}>.+?)"
            pattern = pattern.replace(mark, group, 1).replace(mark, f"(?P={mark.strip('@')})")
        if found := re.fullmatch(pattern, plain):
            return queries.template(name, found.groupdict())
    return ""


def _names(text: str, name: str) -> Iterator[re.Pattern[str]]:
    """What a term of the vocabulary may be written as in a text."""
    iri = re.escape(ontology.NAMESPACE)
    declared = set(re.findall(rf"(?i)\bPREFIX\s+([\w-]*):\s*<{iri}>", text)) or {"evi"}
    yield re.compile(rf"(<{iri}){name}(?=>)")
    for prefix in sorted(declared):
        yield re.compile(rf"((?<![\w:-]){re.escape(prefix)}:){name}(?![\w-])")


def _uses(text: str, name: str) -> bool:
    return any(pattern.search(text) for pattern in _names(text, name))


def _replaced(text: str, old: str, new: str) -> str:
    for pattern in _names(text, old):
        text = pattern.sub(rf"\g<1>{new}", text)
    return text


def _columns(text: str) -> str:
    """The variable and column `direction` as `effect`, unless the text has an `effect` of its own."""
    if re.search(r"[?$]effect\b", text) or not re.search(r"[?$]direction\b", text):
        return text
    lines, part = [], ""
    for line in text.splitlines(keepends=True):
        if line.startswith("#+"):
            key = re.match(r"#\+ ?([A-Za-z-]+):", line)
            part = key[1] if key else part
            lines.append(re.sub(r"\bdirection\b", "effect", line) if part in NAMED else line)
        else:
            lines.append(re.sub(r"([?$])direction\b", r"\1effect", line))
    return "".join(lines)


def claims(workspace: Workspace) -> Rewritten | None:
    """The claims on printed figures, with `effect` where they name the column `direction`.

    Raises:
        DataError: the file isn't UTF-8, or can't be read.
    """
    path = workspace.review / "printed" / "claims.yaml"
    if not path.is_file():
        return None
    text = _read(path)
    made = re.sub(r"(?m)^(\s+)direction:(\s+)(['\"]?)none\3[ \t]*$", r"\1effect:\2''", text)
    made = re.sub(r"(?m)^(\s+)direction:(?=\s)", r"\1effect:", made)
    made = re.sub(r"(?m)^(\s+measure: .*)\bdirection\b", r"\1effect", made)
    return Rewritten(path, made, ("direction is effect now",)) if made != text else None
