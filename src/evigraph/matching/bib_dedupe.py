"""What bib-dedupe says of pairs of records: the one module that knows that library, which the extra `dedupe` brings.

It brings pandas and numpy along. Without it all pairs that likeness leaves open stay apart.

Source: Wagner (2024), BibDedupe, doi:10.21105/joss.06318.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from evigraph.matching.traits import Traits

if TYPE_CHECKING:
    import pandas as pd

Pair = tuple[Traits, Traits]
_FULL = {
    "id": "",
    "title": "-",
    "authors": "A, B.",
    "year": 2000,
    "container": "-",
    "volume": 1,
    "issue": 1,
    "pages": "1-2",
}
"""A record with all values, of no pair: bib-dedupe fails on a column in which nobody has any, as on titles alone."""


def duplicates(pairs: list[Pair]) -> list[Pair]:
    """The pairs that bib-dedupe calls duplicates: none where it isn't installed, and none that makes it fail."""
    if not pairs or find_spec("bib_dedupe") is None:
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it uses what pandas has deprecated
            return _asked(pairs)
    except Exception:  # its rules for pages, numbers and names fail in many ways on odd values; halves find the pair
        if len(pairs) == 1:
            return []
        half = len(pairs) // 2
        return duplicates(pairs[:half]) + duplicates(pairs[half:])


def _asked(pairs: list[Pair]) -> list[Pair]:
    from bib_dedupe import bib_dedupe, verbose_print

    verbose_print.verbosity_level = 0
    items = {each.item["id"]: each.item for pair in pairs for each in pair}
    prepared = bib_dedupe.prep(table([*items.values(), _FULL]), cpu=1, verbosity_level=0)
    said = bib_dedupe.match(_joined(prepared, pairs), cpu=1, verbosity_level=0)
    sure = said[said["duplicate_label"] == "duplicate"]
    found = {frozenset(each) for each in zip(sure["ID_1"], sure["ID_2"], strict=True)}
    return [pair for pair in pairs if frozenset(each.item["id"] for each in pair) in found]


def table(items: Iterable[dict[str, Any]]) -> pd.DataFrame:
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


def _joined(prepared: pd.DataFrame, pairs: list[Pair]) -> pd.DataFrame:
    """The pairs as bib-dedupe's own blocking gives them: both records side by side."""
    import pandas as pd

    named = pd.DataFrame([(a.item["id"], b.item["id"]) for a, b in pairs], columns=["ID_1", "ID_2"])
    named["block_rule"] = "evigraph"
    left = named.merge(prepared.add_suffix("_1"), on="ID_1")
    return left.merge(prepared.add_suffix("_2"), on="ID_2")
