"""Which held record a row of decisions means: told by an identifier alone, or else by title and year.

A decision comes about one record, whatever it is: a protocol or an erratum too. So nothing is held against a row whose
identifier is that of one publication, and rows are never compared with each other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from evigraph.linking.revisions import Revision
from evigraph.matching import duplicates, identifiers, likeness, registrations
from evigraph.matching.traits import Traits, folded

OWN = re.compile(r"record/[\w.-]+/\d+")
"""An id of ours."""
TOLD = {"year", *identifiers.KINDS, "firstAuthor"}
"""What must not differ where a title tells which record is meant."""
OWN_EACH = frozenset(identifiers.KINDS) - {"doi"}
"""The identifiers that no two publications share, as a book and its chapters share a DOI."""
Item = dict[str, Any]


class Held:
    """The records of a review, by what rows of decisions tell of them."""

    def __init__(self, revision: Revision) -> None:
        """Take the records and reports as they stand."""
        self._known: list[Item] = [*revision.reports(), *revision.records()]
        self._items = {item["id"]: item for item in self._known}
        identified = ((r["identifies"], r["id"]) for r in revision.records() if "identifies" in r)
        self._identified = dict(reversed(list(identified)))
        self._by_key: dict[tuple[str, str], list[str]] = defaultdict(list)
        for item in self._known:
            for key in _keys(item):
                self._by_key[key].append(item["id"])
        self._roots = {identity: self._root(identity) for identity in self._items}
        self._publications: dict[str, list[str]] = defaultdict(list)
        for identity, root in self._roots.items():
            self._publications[root].append(identity)

    def find(self, items: list[Item]) -> list[tuple[str, str]]:
        """For each row the record that stands for its publication, or nothing and why there is none."""
        found = [self._told(item) for item in items]
        pairs = list(zip(items, found, strict=True))
        left = {_content(item): item for item, told in pairs if told == ("", "")}
        alike = self._alike(left) if left else {}
        return [
            ("", why) if why else self._record(root or alike.get(_content(item), "")) for item, (root, why) in pairs
        ]

    def _record(self, root: str) -> tuple[str, str]:
        if root.startswith("report/"):
            record = self._identified.get(root, "")
            return record, "" if record else f"is {root}, which no record identifies"
        return root, "" if root else "isn't held"

    def _root(self, identity: str) -> str:
        """What stands for the publication of a record: the first of its duplicates, or the report that it has."""
        item = self._items[identity]
        while (first := item.get("duplicateOf", "")) in self._items:
            item = self._items[first]
        return str(item.get("identifies", item["id"]))

    def _told(self, item: Item) -> tuple[str, str]:
        """The one publication that an identifier, an address or a title tells; nothing, perhaps with the reason."""
        roots = {kind: found for kind in identifiers.KINDS if (found := self._by_identifier(kind, item))}
        roots = roots or ({"url": found} if (found := self._by_identifier("url", item)) else {})
        if not roots:
            return (self._by_title(item), "") if item.get("title") else self._by_number(item)
        listed = list(roots.values())
        several = set.intersection(*listed) or set.union(*listed)
        if len(several) == 1:
            (root,) = several
            return (root, "") if roots.keys() & OWN_EACH else self._titled(item, root, min(roots))
        named = [each for each in sorted(several) if self._same_title(each, item)]
        if len(named) == 1:
            return named[0], ""
        if set.intersection(*listed):
            kinds = " and ".join(each.upper() for each in roots)
            return "", f"has the {kinds} of several, {', '.join(sorted(several))}; give its title or another identifier"
        told = " and ".join(f"the {kind.upper()} of {', '.join(sorted(found))}" for kind, found in roots.items())
        return "", f"has {told}; mend the one that is wrong"

    def _by_identifier(self, kind: str, item: Item) -> set[str]:
        value = item.get(kind)
        return {self._roots[each] for each in self._by_key.get((kind, _plain(kind, value)), [])} if value else set()

    def _by_number(self, item: Item) -> tuple[str, str]:
        """What a registration number or an ISBN tells, where there is nothing else: first an entry, or a whole book."""
        told = [("entry", number) for number in sorted(_registered(item))]
        for keys in (
            told,
            [("registration", number) for _, number in told],
            _books(item, identifiers.BOOK),
            _books(item, "isbn"),
        ):
            roots = {self._roots[each] for key in keys for each in self._by_key.get(key, [])}
            if len(roots) == 1:
                return roots.pop(), ""
            if roots:
                kind = "number" if told else "ISBN"
                return (
                    "",
                    f"has the {kind} of several, {', '.join(sorted(roots))}; give its title or another identifier",
                )
        return "", ""

    def _titled(self, item: Item, root: str, kind: str) -> tuple[str, str]:
        """The publication, unless its title is another: chapters and abstracts of a supplement share a DOI."""
        if not item.get("title") or not (titles := [each for each in self._members(root) if each.get("title")]):
            return root, ""
        row = Traits(item)
        for held in map(Traits, titles):
            if likeness.likeness(row, held) >= likeness.RELATED or likeness.related(row, held):
                return root, ""
        return "", f"has the {kind.upper()} of {root}, whose title is another; give that title, or none"

    def _members(self, root: str) -> list[Item]:
        return [self._items[each] for each in self._publications[root]]

    def _same_title(self, root: str, item: Item) -> bool:
        title = folded(item.get("title", ""))
        return bool(title) and any(folded(each.get("title", "")) == title for each in self._members(root))

    def _by_title(self, item: Item) -> str:
        """The one publication that has this title, and that nothing in the row contradicts; nothing otherwise.

        Only where a title says much, the year may be the one before or after: online, and in print.
        """
        near = 0 if Traits(item).generic else 1
        for slack in (0, near):
            for key in _titles(item):
                alike = [self._items[each] for each in self._by_key.get(key, [])]
                roots = {self._roots[each["id"]] for each in alike if _agree(each, item, slack)}
                if roots:
                    return roots.pop() if len(roots) == 1 else ""
        return ""

    def _alike(self, left: dict[str, Item]) -> dict[str, str]:
        """The publications of rows whose title is only like that of a record, by the rows' content."""
        items = [{**item, "id": f"row/{number}"} for number, item in enumerate(left.values())]
        found = {match.record: match.other for match in duplicates.matches(items, self._known)}
        for item in items:
            if found.get(item["id"], "").startswith("row/"):  # joined with a row before: look at it alone
                found |= {match.record: match.other for match in duplicates.matches([item], self._known)}
        named = zip(left, items, strict=True)
        return {key: self._roots.get(found.get(item["id"], ""), "") for key, item in named}


def _agree(held: Item, item: Item, slack: int) -> bool:
    """Whether nothing that both tell differs, but for so many years."""
    told = [key for key in TOLD if key in held and key in item]
    if any(str(held[key]).casefold() != str(item[key]).casefold() for key in told if key != "year"):
        return False
    return "year" not in told or abs(int(held["year"]) - int(item["year"])) <= slack


def _keys(item: Item) -> Iterable[tuple[str, str]]:
    for kind in (*identifiers.KINDS, "url"):
        if value := item.get(kind):
            yield kind, _plain(kind, value)
    yield from _titles(item)
    yield from (("entry", number) for number in registrations.of_entry(item))
    yield from (("registration", number) for number in _registered(item))
    yield from (
        *_books(item, "isbn"),
        *(_books(item, identifiers.BOOK) if item.get("kind") == identifiers.BOOK else ()),
    )


def _registered(item: Item) -> set[str]:
    """Every registration number that it names, as they are compared."""
    return {number for each in item.get("identifiers", ()) for number in registrations.numbers(str(each))}


def _books(item: Item, kind: str) -> list[tuple[str, str]]:
    number = identifiers.book_number(item.get("isbn", ""))
    return [(kind, number)] if number else []


def _titles(item: Item) -> list[tuple[str, str]]:
    """The title as it is written, and without what a publisher or a database adds to it."""
    if not item.get("title"):
        return []
    return [("title", folded(item["title"])), ("marked", Traits(item).title)]


def _plain(kind: str, value: object) -> str:
    text = str(value).casefold().strip()
    return re.sub(r"^https?://(www\.)?|/+$", "", text) if kind == "url" else text


def _content(item: Item) -> str:
    return repr(sorted((key, str(value)) for key, value in item.items() if key != "id"))
