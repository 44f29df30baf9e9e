"""Which records are one publication: identifiers first, then bib-dedupe on the pairs that look alike."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

IDENTIFIERS = ("doi", "pmid", "eric", "openalex")
ALIKE = 60.0
"""How alike two titles are, from 0 to 100, before bib-dedupe is asked about them."""
SAME_TITLE = 50.0
"""How alike two titles are at least, from 0 to 100, where an identifier is the same."""
BLOCK_LIMIT = 400
"""A block of more records than this tells nothing; what it would find, another block does."""

_NOTICE = re.compile(
    r"^\W*(?:correction|corrigend|errat|addend|retract|withdrawn|expression of concern|comment(?:ary)? (?:on|to)|"
    r"(?:author'?s? )?(?:reply|response) (?:to|on)|re:|letter|review of|editorial)|"
    r"\b(?:erratum|corrigendum|correction)\W*$",
    re.IGNORECASE,
)
_PREPRINT = re.compile(
    r"^10\.(?:48550|1101|31234|31235|31219|20944|21203|2139|26434|36227|12688|35542|55458|33767|51224|7287|22541|64898)/",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Match:
    """Two records that are one publication.

    Attributes:
        record: the later one. other: the one it duplicates. basis: why. score: from 0 to 1, how sure that is.
    """

    record: str
    other: str
    basis: str
    score: float


Item = dict[str, Any]
"""A record or report by its keys, with its `id`."""


def matches(new: list[Item], known: list[Item]) -> list[Match]:
    """For each new record the known or earlier one that it duplicates, if any.

    Sources: exact identifiers; else the rules of Wagner (2024), BibDedupe, doi:10.21105/joss.06318.
    """
    found = {match.record: match for match in _by_identifier(new, known)}
    open_ones = [item for item in new if item["id"] not in found]
    for match in _alike(open_ones, [*known, *(item for item in new if item["id"] in found)], new):
        if match.record not in found or match.score > found[match.record].score:
            found.setdefault(match.record, match)
    order = {item["id"]: place for place, item in enumerate([*known, *new])}
    return [_resolved(match, found) for match in sorted(found.values(), key=lambda match: order[match.record])]


def _resolved(match: Match, found: dict[str, Match]) -> Match:
    """The same match, with the first of a chain of duplicates."""
    other, seen = match.other, {match.record}
    while other in found and other not in seen:
        seen.add(other)
        other = found[other].other
    return Match(match.record, other, match.basis, match.score)


def identifiers(item: Item) -> Iterator[tuple[str, str]]:
    """The identifiers of a record, each with its kind, as they are compared."""
    for kind in IDENTIFIERS:
        if value := item.get(kind):
            yield kind, str(value).casefold()


def apart(first: Item, second: Item) -> str:
    """Why two records can't be one publication however alike they look, or nothing."""
    titles = str(first.get("title", "")), str(second.get("title", ""))
    if bool(_NOTICE.search(titles[0])) != bool(_NOTICE.search(titles[1])):
        return "one is a notice about the other"
    if _preprint(first) != _preprint(second) and first.get("doi") and second.get("doi"):
        return "one is a preprint of the other"
    numbers = [re.findall(r"\b(?:part|volume|study|chapter)?\s*(\d+|[ivx]+)\s*$", title.lower()) for title in titles]
    if all(numbers) and numbers[0] != numbers[1]:
        return "their titles end in different numbers"
    return ""


def _preprint(item: Item) -> bool:
    return bool(_PREPRINT.match(str(item.get("doi", "")))) or "preprint" in str(item.get("kind", ""))


def _by_identifier(new: list[Item], known: list[Item]) -> Iterator[Match]:
    held: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in known:
        for identifier in identifiers(item):
            held[identifier].append(item)
    for item in new:
        for kind, value in identifiers(item):
            other = next((each for each in held[kind, value] if _same_work(item, each)), None)
            if other is not None:
                yield Match(item["id"], other["id"], f"the same {kind}, {value}", 1.0)
                break
        for identifier in identifiers(item):
            held[identifier].append(item)


def _same_work(first: Item, second: Item) -> bool:
    """One identifier may stand for a book and each of its chapters: known titles have to be alike."""
    if apart(first, second) and apart(first, second) != "one is a preprint of the other":
        return False
    titles = [folded(each.get("title", "")) for each in (first, second)]
    return not all(titles) or likeness(*titles) >= SAME_TITLE


def folded(text: str) -> str:
    """A title as it is compared: small letters and digits, without accents."""
    plain = unicodedata.normalize("NFKD", str(text).casefold())
    return " ".join(re.findall(r"\w+", "".join(each for each in plain if not unicodedata.combining(each))))


def likeness(first: str, second: str) -> float:
    """How alike two folded titles are, from 0 to 100; a title is much like itself without its subtitle."""
    from rapidfuzz import fuzz

    return max(fuzz.ratio(first, second), 0.9 * fuzz.token_set_ratio(first, second))


def _keys(item: Item) -> Iterator[tuple[Any, ...]]:
    """The blocks of a record: only records of one block are compared."""
    title, year = folded(item.get("title", "")), item.get("year")
    first = folded(item.get("firstAuthor", "")).rpartition(" ")[2]
    pages = re.match(r"\w+", str(item.get("pages", "")))
    container = folded(item.get("container", ""))[:12]
    if title:
        yield "title", title.replace(" ", "")[:24]
        yield "end", title.replace(" ", "")[-24:]
    if first:
        yield "author", first, year
        yield "start", first, title[:8]
    if pages and year:
        yield "pages", pages.group(), year, item.get("volume")
    if container and item.get("volume") and pages:
        yield "place", container, item.get("volume"), pages.group()
    for identifier in identifiers(item):
        yield "same", *identifier


def _candidates(new: list[Item], known: list[Item], wanted: set[str]) -> Iterator[tuple[Item, Item]]:
    blocks: dict[tuple[Any, ...], list[Item]] = defaultdict(list)
    folds: dict[str, str] = {}
    for item in [*known, *new]:
        folds[item["id"]] = folded(item.get("title", ""))
        others: dict[str, Item] = {}
        for key in _keys(item):
            if item["id"] in wanted and len(blocks[key]) <= BLOCK_LIMIT:
                others |= {other["id"]: other for other in blocks[key]}
            blocks[key].append(item)
        for other in others.values():
            if likeness(folds[item["id"]], folds[other["id"]]) >= ALIKE and not apart(item, other):
                yield item, other


def _alike(open_ones: list[Item], settled: list[Item], new: list[Item]) -> list[Match]:
    wanted = {item["id"] for item in open_ones}
    settled_ids = {item["id"] for item in settled}
    ordered = [*(i for i in settled if i not in new), *new]
    known = [item for item in ordered if item["id"] in settled_ids and item not in new]
    pairs = list(_candidates(new, known, wanted))
    if not pairs:
        return []
    import pandas as pd
    from bib_dedupe import bib_dedupe, verbose_print

    verbose_print.verbosity_level = 0
    table = _table({item["id"]: item for pair in pairs for item in pair}.values())
    joined = _joined(pd, bib_dedupe.prep(table, cpu=1, verbosity_level=0), pairs)
    said = bib_dedupe.match(joined, cpu=1, verbosity_level=0)
    sure = said[said["duplicate_label"] == "duplicate"]
    scores = {(a["id"], b["id"]): likeness(folded(a["title"]), folded(b["title"])) / 100 for a, b in pairs}
    found = [
        Match(a, b, "alike in title, authors and place (bib-dedupe)", round(scores[a, b], 3))
        for a, b in zip(sure["ID_1"], sure["ID_2"], strict=True)
    ]
    return sorted(found, key=lambda match: -match.score)


def _table(items: Iterable[Item]) -> pd.DataFrame:
    """The columns that bib-dedupe reads."""
    import pandas as pd

    kinds = {"book": "book", "chapter": "inbook", "conference paper": "inproceedings", "thesis": "phdthesis"}
    rows = [
        {
            "ID": item["id"],
            "ENTRYTYPE": kinds.get(str(item.get("kind")), "article"),
            "title": item.get("title", ""),
            "author": " and ".join(str(item.get("authors", "")).split("; ")[:30]),
            "year": str(item.get("year", "")),
            "journal": item.get("container", ""),
            "volume": str(item.get("volume", "")),
            "number": str(item.get("issue", "")),
            "pages": str(item.get("pages", "")).replace("-", "--"),
            "doi": str(item.get("doi", "")),
            "abstract": "",
        }
        for item in items
    ]
    return pd.DataFrame(rows)


def _joined(pandas: Any, prepared: pd.DataFrame, pairs: list[tuple[Item, Item]]) -> pd.DataFrame:
    """The pairs as bib-dedupe's own blocking gives them: both records side by side."""
    named = pandas.DataFrame([(a["id"], b["id"]) for a, b in pairs], columns=["ID_1", "ID_2"]).drop_duplicates()
    named["block_rule"] = "evigraph"
    left = named.merge(prepared.add_suffix("_1"), on="ID_1")
    return left.merge(prepared.add_suffix("_2"), on="ID_2")
