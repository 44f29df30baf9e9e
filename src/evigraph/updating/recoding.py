"""Codes of the codebook renamed, merged and split, wherever they are referred to."""

from __future__ import annotations

import copy
import re
from collections import Counter
from pathlib import Path
from typing import Any

from evigraph import data, ontology
from evigraph.coding.codebook import TYPES, Book, contents, slug
from evigraph.data import Document, codings, quads
from evigraph.errors import UsageError
from evigraph.linking import Plan
from evigraph.linking.sameness import Reason
from evigraph.paths import Workspace
from evigraph.updating.changes import Outcome, change
from evigraph.updating.codes import Code, Codes

KINDS = ("rename", "merge", "split")
USES = ("benefit", "drawback", "focus", "concept", "concerns", "informant")
"""The keys by which a record is coded with a code."""


def recode(
    workspace: Workspace, kind: str, names: tuple[str, ...], reason: Reason, dry_run: bool
) -> tuple[Outcome, list[str]]:
    """Rename, merge or split codes; with `dry_run` write nothing. Also the records that a person has to code anew.

    `names` are ids, labels or other labels: OLD and NEW to rename, those to merge before the one that stays, or the one
    to split before those that it becomes. See `KINDS`.

    Raises:
        UsageError: a code isn't there, or can't be renamed, merged or split so. DataError: a document could not be
        taken as it would stand. Nothing is written then.
    """
    waiting: list[str] = []

    def planned(documents: list[Document]) -> Plan:
        made = _Change(documents, reason)
        steps = {"rename": made.rename, "merge": made.merge, "split": made.split}
        steps[kind](names)
        waiting[:] = made.waiting
        files = {}
        if made.moved:
            files = codings.recoded(workspace, made.moved)
        return Plan(contents=made.changed(), notes=made.notes, files=files)

    return change(workspace, f"recode {kind} {' '.join(names)}"[:200], planned, dry_run), waiting


class _Change(Codes):
    """Documents while codes are changed."""

    def __init__(self, documents: list[Document], reason: Reason) -> None:
        """Begin with a copy of every document that can refer to a code."""
        self._held = {each.name: each.content for each in documents}
        super().__init__({name: copy.deepcopy(content) for name, content in contents(documents, {}).items()})
        self._note = f"{reason.date}, {reason.who}" if reason.who else reason.date
        self._because = f"; {reason.because.rstrip('.')}" if reason.because else ""
        self.notes: list[str] = []
        self.waiting: list[str] = []
        self.moved: list[tuple[str, str, str]] = []

    def changed(self) -> dict[str, dict[str, Any] | None]:
        """The documents that are others than before."""
        return {n: quads.arranged(c) for n, c in self.contents.items() if c != self._held.get(n)}

    def rename(self, names: tuple[str, ...]) -> None:
        """A code gets another label, and the id that follows; or another id, where one is given."""
        if len(names) != 2:
            raise UsageError("recode takes two codes, OLD and NEW; --merge and --split take more", names)
        code, new = self.code(names[0]), names[1].strip()
        taken = self.find(new, code.list)
        if taken and taken[0].id != code.id:
            merge = f"evigraph recode --merge '{names[0]}' '{new}'"
            raise UsageError(f"`{new}` is a code already, {taken[0].id}; to put them together: {merge}", new)
        by_id = re.fullmatch(rf"{TYPES[code.list][1]}/[^\s<>\"{{}}|\\^`:]+", new) is not None
        identity = new if by_id else f"{code.id.rpartition('/')[0]}/{slug(new)[:60].strip('-')}"
        if identity.endswith("/"):
            raise UsageError(f"`{new}` has no letter or digit to make an id of; give an id as well", new)
        if identity != code.id and identity in self.ids():
            raise UsageError(f"{identity} is an id already; choose another label", new)
        old_label = code.label
        if not by_id:
            code.item["altLabels"] = sorted({*code.item.get("altLabels", []), old_label} - {new})
            code.item["label"] = new
        used = self._point(code, identity)
        code.item["id"] = identity
        self._say(code, f"renamed from {old_label}" if not by_id else f"id changed to {identity}", used)

    def merge(self, names: tuple[str, ...]) -> None:
        """Whatever has one of several codes has the last of them; the others stay as tombstones."""
        if len(names) < 2:
            raise UsageError("--merge takes the codes to merge, and last the one that stays", names)
        new = self.code(names[-1])
        for name in names[:-1]:
            old = self.code(name)
            self._require_alike(old, new)
            if old.id == new.id:
                raise UsageError(f"`{name}` is {new.id} itself; name two codes", name)
            used = self._point(old, new.id)
            self._bury(old, [new])
            self._say(old, f"merged into {new.label}", used)
        for key in ("contrary", "broader"):
            self._not_itself(new.item, key)

    def split(self, names: tuple[str, ...]) -> None:
        """A code becomes a tombstone for others, which are made where they aren't there; who has it, waits."""
        if len(names) < 3:
            raise UsageError("--split takes the code to split, and two or more that it becomes", names)
        old = self.code(names[0])
        ids = [self._made(old, name) for name in names[1:]]
        if len({*ids, old.id}) < len(names):
            raise UsageError("--split takes codes that differ from each other and from the one to split", names)
        codes = {each.id: each for each in self.codes()}
        parts = [codes[each] for each in ids]
        for each in parts:
            self._require_alike(old, each)
        old = codes[old.id]
        into = " and ".join(f"“{each.label}”" for each in parts)
        used = Counter[str]()
        for name, content in self.contents.items():
            for _, node in data.nodes(content):
                keys = [key for key in USES if old.id in _listed(node.get(key))]
                if keys and node.get("type") not in {kind for kind, _ in TYPES.values()}:
                    said = f"{self._note}: “{old.label}” was split into {into}, and it isn't said yet which this is."
                    node["note"] = f"{node['note']} {said}" if node.get("note") else said
                    self.waiting.append(f"{name}: {node['id']} {', '.join(keys)}")
                    used.update(keys)
        self._bury(old, parts)
        self._say(old, f"split into {into}", used)

    def _made(self, old: Code, name: str) -> str:
        """The id of a code to split into, which is made if there is none."""
        found = self.find(name, old.list)
        if found:
            return self.code(name, old.list).id
        book = Book(self.contents)
        attribute = old.item["inScheme"].removeprefix("codebook/") if old.list == "attributeValues" else ""
        whose = old.item.get("concerns", [])
        identity = book.add_code(old.list, name.strip(), f"“{old.label}”", whose, attribute)
        self.contents.update(book.changed)
        made = next(each for each in self.codes() if each.id == identity)
        if scheme := old.item.get("inScheme"):
            made.item["inScheme"] = scheme
        return identity

    def _require_alike(self, old: Code, new: Code) -> None:
        if old.list != new.list or (
            old.list == "attributeValues" and old.item.get("inScheme") != new.item.get("inScheme")
        ):
            message = f"{old.id} and {new.id} are codes of different lists; what has one can't have the other"
            raise UsageError(message, new.id)

    def _bury(self, old: Code, parts: list[Code]) -> None:
        """A code is a tombstone from now on, and stands below none."""
        for key in ("broader", "contrary"):
            old.item.pop(key, None)
        old.item["deprecated"] = "true"
        old.item["replacedBy"] = [each.id for each in parts]

    def _not_itself(self, item: dict[str, Any], key: str) -> None:
        rest = [each for each in _listed(item.get(key)) if each != item["id"]]
        if key in item and len(rest) < len(_listed(item[key])):
            item.pop(key)
            if rest:
                item[key] = rest

    def _say(self, code: Code, what: str, used: Counter[str]) -> None:
        """A note of the change, in the codebook and for who makes it."""
        counts = ", ".join(f"{number} {key}" for key, number in sorted(used.items())) or "nothing has it"
        code.item.setdefault("changeNote", []).append(f"{self._note}: {what}; {counts}{self._because}")
        self.notes.append(f"{code.id}: {what}; {counts}")

    def _point(self, code: Code, new: str) -> Counter[str]:
        """Every reference to a code names another id; how many there were, by key."""
        used = Counter[str]()
        for name, content in self.contents.items():
            named = [trail for trail, each in data.references(Document(Path(name), name, content)) if each == code.id]
            used.update(data.trail_key(trail) for trail in named)
            if named:
                _replace(content, code.id, new)
        twins = [each for each in self.codes() if each.key == code.key and each.list != code.list]
        if new != code.id and not any({code.list, each.list} == {"benefits", "drawbacks"} for each in twins):
            self.moved.append((code.list, code.key, new.rpartition("/")[2]))
        return used


def _replace(content: dict[str, Any], old: str, new: str) -> None:
    """Every reference of a document to one id names another, once in a list."""
    for _, node in data.nodes(content):
        for key, value in node.items():
            entry = ontology.keys().get(key)
            if entry is None or entry.kind != "node":
                continue
            if value == old:
                node[key] = new
            elif isinstance(value, list) and old in value:
                node[key] = list(dict.fromkeys(new if each == old else each for each in value))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
