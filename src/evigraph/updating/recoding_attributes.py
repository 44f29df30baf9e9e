"""Attributes of the codebook renamed and merged, with every value that records have of them."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

from evigraph import data
from evigraph.coding.codebook import contents, slug
from evigraph.data import Document, code_words, codings, forms, quads
from evigraph.errors import UsageError
from evigraph.linking import Plan
from evigraph.linking.sameness import Reason
from evigraph.paths import Workspace, visible
from evigraph.updating.changes import Outcome, change

PREFIX = "attribute/"
"""How the id of an attribute begins; `recode` tells by it that an attribute is meant."""
SHOWN = 20
"""So many lines of recipes and queries that name an attribute are listed."""
Holds = dict[str, Any]


def recode(workspace: Workspace, kind: str, names: tuple[str, ...], reason: Reason, dry_run: bool) -> Outcome:
    """Rename an attribute, or merge attributes into the last; with `dry_run` write nothing.

    Raises:
        UsageError: an attribute isn't there, is there already, or is of another kind than the one that stays.
        DataError: a document could not be taken as it would stand. Nothing is written then.
    """
    if kind == "split" or (kind == "rename" and len(names) != 2) or len(names) < 2:
        raise UsageError(
            "an attribute is renamed, OLD and NEW, or merged, with --merge and last the one that stays", names
        )

    def planned(documents: list[Document]) -> Plan:
        made = _Change(documents, reason)
        for old in names[:-1]:
            made.rename(old, names[-1]) if kind == "rename" else made.merge(old, names[-1])
        notes = [*made.notes, *(note for old in made.moved for note in _named(workspace, old))]
        return Plan(contents=made.changed(), notes=notes, files=codings.renamed(workspace, made.moved))

    return change(workspace, f"recode {kind} {' '.join(names)}"[:200], planned, dry_run)


class _Change:
    """Documents while attributes are changed.

    Attributes:
        moved: the former keys of attributes, each with what it is called now.
    """

    def __init__(self, documents: list[Document], reason: Reason) -> None:
        self._held = {each.name: each.content for each in documents}
        self._contents: dict[str, Holds] = copy.deepcopy(contents(documents, {}))
        self._told = f"{reason.date}, {reason.who}" if reason.who else reason.date
        self._because = f"; {reason.because.rstrip('.')}" if reason.because else ""
        self.notes: list[str] = []
        self.moved: dict[str, str] = {}

    def changed(self) -> dict[str, Holds | None]:
        """The documents that are others than before."""
        return {n: quads.arranged(c) for n, c in self._contents.items() if c != self._held.get(n)}

    def rename(self, old: str, new: str) -> None:
        """An attribute gets another key and, where NEW is a label, that label; its list of codes is called after it."""
        record = self._attribute(old)
        key = new.removeprefix(PREFIX) if new.startswith(PREFIX) else slug(new)
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key):
            raise UsageError(f"`{new}` is no key of an attribute; use small letters, digits and hyphens", new)
        if any(each["id"] == PREFIX + key for each in self._attributes()):
            mend = f"evigraph recode --merge {old} {PREFIX}{key}"
            raise UsageError(f"`{PREFIX}{key}` is an attribute already; to put them together: {mend}", new)
        former = record["id"].removeprefix(PREFIX)
        record["id"] = PREFIX + key
        if not new.startswith(PREFIX):
            record["label"] = new.strip()
        self._rename_list(record, former, key)
        self._move(record, former, f"renamed from {former}")

    def merge(self, old: str, new: str) -> None:
        """Whatever has a value of one attribute has it of the other, whose list takes its codes."""
        gone, stays = self._attribute(old), self._attribute(new)
        if gone is stays:
            raise UsageError(f"`{old}` is {stays['id']} itself; name two attributes", old)
        if gone.get("as") != stays.get("as"):
            message = f"{gone['id']} is {gone.get('as')} and {stays['id']} is {stays.get('as')}; make them alike first"
            raise UsageError(message, old)
        if gone.get("as") == "code":
            self._join_lists(_scheme(gone), _scheme(stays))
        for content in self._contents.values():
            if gone in content.get("attributes", []):
                content["attributes"] = [each for each in content["attributes"] if each is not gone]
        stays["appliesTo"] = sorted({*stays.get("appliesTo", []), *gone.get("appliesTo", [])})
        stays["altLabels"] = [*stays.get("altLabels", []), *gone.get("altLabels", [])]
        former = gone["id"].removeprefix(PREFIX)
        self._move(stays, former, f"merged with {former}")

    def _attributes(self) -> Iterator[Holds]:
        for content in self._contents.values():
            yield from content.get("attributes", [])

    def _attribute(self, name: str) -> Holds:
        known = {each["id"]: each for each in self._attributes()}
        if name not in known:
            raise UsageError(f"no attribute has the id `{name}`; there are {', '.join(sorted(known)) or 'none'}", name)
        return known[name]

    def _rename_list(self, record: Holds, old: str, new: str) -> None:
        """A list of codes that is called after the attribute, and is no other's, is called after it still."""
        former, later = f"codebook/{old}", f"codebook/{new}"
        books = [each for content in self._contents.values() for each in content.get("codebooks", [])]
        if record.get("as") != "code" or "scheme" in record or not any(each["id"] == former for each in books):
            return
        others = any(each is not record and _scheme(each) == former for each in self._attributes())
        if others or any(each["id"] == later for each in books):
            record["scheme"] = former
            return
        for each in books:
            if each["id"] == former:
                each["id"] = later
        self._put_codes(former, later)

    def _put_codes(self, former: str, later: str) -> None:
        for content in self._contents.values():
            for _, node in data.nodes(content):
                for key in ("inScheme", "scale"):
                    if node.get(key) == former:
                        node[key] = later

    def _join_lists(self, former: str, later: str) -> None:
        """The codes of one list become the other's; two of one label would be two codes of one name there."""
        if former == later:
            return
        codes = [n for c in self._contents.values() for _, n in data.nodes(c) if n.get("inScheme") in (former, later)]
        live = [each for each in codes if not code_words.is_deprecated(each)]
        there = {code_words.word(each.get("label", "")): each["id"] for each in live if each["inScheme"] == later}
        for each in live:
            name = code_words.word(each.get("label", ""))
            if each["inScheme"] == former and name in there:
                self._point(each, there[name])
        self._put_codes(former, later)
        for content in self._contents.values():
            if "codebooks" in content:
                content["codebooks"] = [each for each in content["codebooks"] if each["id"] != former]

    def _point(self, code: Holds, identity: str) -> None:
        """Whatever has a code has the other of its name; it stays as a tombstone."""
        for content in self._contents.values():
            for _, node in data.nodes(content):
                for key, value in node.items():
                    if key in ("concept", "broader") and value == code["id"]:
                        node[key] = identity
        code.pop("broader", None)
        code |= {"deprecated": "true", "replacedBy": [identity]}
        code.setdefault("changeNote", []).append(f"{self._told}: merged into {identity}{self._because}")

    def _move(self, record: Holds, former: str, what: str) -> None:
        """Every value of a former attribute is one of the record's, and what happened is noted there."""
        key, count = record["id"].removeprefix(PREFIX), 0
        several = False
        for content in self._contents.values():
            for _, node in data.nodes(content):
                if node.get("ofAttribute") == former:
                    node["ofAttribute"] = key
                mine = [each for each in node.get("characteristics", []) if each.get("attribute") == former]
                if mine:
                    count += len(mine)
                    several |= _take(node, mine, former, key)
        if several and record.get("multiple") != "true":
            record["multiple"] = "true"
            self.notes.append(f"{record['id']}: takes several values from now on, since some have them")
        record["altLabels"] = sorted({*record.get("altLabels", []), former} - {key})
        values = f"{count} value" + "s" * (count != 1)
        record.setdefault("changeNote", []).append(f"{self._told}: {what}; {values}{self._because}")
        self.notes.append(f"{record['id']}: {what}; {values}")
        self.moved[former] = key


def _scheme(record: Holds) -> str:
    return str(record.get("scheme", f"codebook/{record['id'].removeprefix(PREFIX)}"))


def _take(node: Holds, mine: list[Holds], former: str, key: str) -> bool:
    """A record's values of one attribute become values of another; whether it has several of that then."""
    there = [each for each in node["characteristics"] if each.get("attribute") == key]
    for each in mine:
        twin = next((held for held in there if _same(held, each)), None)
        if twin is not None or (each.get("state") not in ("stated", "inferred") and there):
            node["characteristics"] = [held for held in node["characteristics"] if held is not each]
            continue
        if there and all(held.get("state") not in ("stated", "inferred") for held in there):
            node["characteristics"] = [held for held in node["characteristics"] if held not in there]
            there = []
        each["attribute"] = key
        if any(each["id"] == forms.value_id(node, former, i) for i in range(1, len(mine) + 1)):
            taken = {held["id"] for held in node["characteristics"] if held is not each}
            numbers = range(1, len(node["characteristics"]) + 2)
            each["id"] = next(i for i in (forms.value_id(node, key, n) for n in numbers) if i not in taken)
        there.append(each)
    return len(there) > 1


def _same(one: Holds, other: Holds) -> bool:
    return all(one.get(key) == other.get(key) for key in ("state", "concept", "value", "text", "locatedAt"))


def _named(workspace: Workspace, old: str) -> Iterator[str]:
    """The lines of recipes and of the review's queries that name an attribute, which a person changes."""
    root = workspace.root
    own = visible(root, "*.yaml", "*.yml", "recipes/*.yaml", f"queries/{workspace.review.name}/**/*.rq")
    word = re.compile(rf"(?<![\w/-]){re.escape(old)}(?![\w-])")
    found = []
    for path in own:
        lines = path.read_text("utf-8", "replace").splitlines()
        found += [f"{path.relative_to(root)}:{i}" for i, line in enumerate(lines, 1) if word.search(line)]
    for where in found[:SHOWN]:
        yield f"! {where} names `{old}`; change it there"
    if len(found) > SHOWN:
        yield f"! {len(found) - SHOWN} more lines of recipes and queries name `{old}`"
