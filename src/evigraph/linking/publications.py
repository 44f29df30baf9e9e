"""What is known of a publication: the best that its records say, whatever order they came in.

Decision 18 states the rule of precedence and why it is so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from evigraph.ingest.fields.ties import RETRACTED
from evigraph.linking.study_drafts import REPORT_KEYS
from evigraph.matching import Traits
from evigraph.matching.values import journal

SOURCES = ("database", "register", "citation", "organisation", "website")
"""The kinds of searches, those first whose records somebody has checked; a search that tells none is of a database."""
IDENTIFIERS = ("doi", "pmid", "pmcid", "eric", "openalex", "isbn")
"""The keys of identifiers; a report has one of each, and what else its records say in its `identifiers`."""
PEOPLE = ("authors", "firstAuthor", "authorCount", "groupAuthors")
"""What only one record can say: the names of one, and the number of another, would be of nobody."""

Member = tuple[str, dict[str, Any]]
"""A record of a publication, after the kind of the search that found it."""


def best(members: Iterable[Member]) -> dict[str, Any]:
    """The best values of a publication by the keys of a report; the order of its records plays no part."""
    ranked = sorted(members, key=_rank)
    records = [record for _, record in ranked]
    found = {key: record[key] for record in reversed(records) for key in REPORT_KEYS if key in record}
    if len(records) == 1:
        return found
    found = {key: value for key, value in found.items() if key not in PEOPLE}
    found |= _people(_equals(ranked, "authors") or _equals(ranked, "firstAuthor"))
    for key, fuller in (("title", _title), ("container", _container), ("pages", _pages)):
        if key in found:
            found[key] = fuller(found[key], _equals(ranked, key))
    if any(record.get("kind") == RETRACTED for record in records):
        found["kind"] = RETRACTED  # a database that doesn't know it yet doesn't contradict it
    more = sorted(set(_gathered(records, found)))
    return found | ({"identifiers": more} if more else {})


def _place(kind: str) -> int:
    return SOURCES.index(kind) if kind in SOURCES else 0


def _rank(member: Member) -> tuple[int, bool, int, str]:
    """What goes first: by the kind of its search, by having an identifier, by how much it tells, by what it tells."""
    kind, record = member
    told = {key: record[key] for key in REPORT_KEYS if key in record}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, default=str)
    return _place(kind), not any(key in record for key in IDENTIFIERS), -len(told), text


def _equals(ranked: list[Member], key: str) -> list[dict[str, Any]]:
    """The records that have a value, of the best kind of search that has it: of these, the fuller goes before."""
    having = [(_place(kind), record) for kind, record in ranked if key in record]
    return [record for place, record in having if place == having[0][0]]


def _people(records: list[dict[str, Any]]) -> dict[str, Any]:
    """The authors as one record has them; of records that agree on the first, the one with the fullest names."""
    if not records:
        return {}
    first = Traits(records[0]).author
    alike = [each for each in records if Traits(each).author == first]
    fullest = max(alike, key=lambda each: (int(each.get("authorCount", 0)), len(str(each.get("authors", "")))))
    return {key: fullest[key] for key in PEOPLE if key in fullest}


def _title(title: str, records: list[dict[str, Any]]) -> str:
    """The title, or the fullest one that adds a subtitle; not in capitals, if another tool kept the small letters."""
    start = Traits({"title": title}).title
    alike = [str(each["title"]) for each in records if Traits(each).title == start or start in Traits(each).heads]
    return max(
        [title, *alike], key=lambda each: (len(Traits({"title": each}).title), not each.isupper(), each[-1:] != ".")
    )


def _container(container: str, records: list[dict[str, Any]]) -> str:
    """The journal's name, or its fullest form where it is shortened."""
    one = Traits({"container": container})
    alike = [str(each["container"]) for each in records if journal(one, Traits({"container": each["container"]}))]
    return max([container, *alike], key=lambda each: len(" ".join(Traits({"container": each}).container)))


def _pages(pages: str, records: list[dict[str, Any]]) -> str:
    """The pages, or in full where they are shortened to `121-8` or to the first one."""
    one = Traits({"pages": pages})
    others = ((str(each["pages"]), Traits({"pages": each["pages"]})) for each in records)
    alike = [text for text, other in others if one.page and one.page == other.page and one.last in ("", other.last)]
    return max([pages, *alike], key=len)


def _gathered(records: list[dict[str, Any]], found: dict[str, Any]) -> Iterator[str]:
    """What else the records name the publication by: registrations, and identifiers that differ from the best ones."""
    for record in records:
        yield from record.get("identifiers", [])
        for key in IDENTIFIERS:
            if key in record and bare(key, record[key]) != bare(key, found[key]):
                yield f"{key}:{record[key]}"


def bare(key: str, value: object) -> str:
    """An identifier as it is compared: without its case, and an ISBN without its hyphens."""
    return re.sub(r"[\W_]", "", str(value)) if key == "isbn" else str(value).casefold()
