"""What several columns of a sheet say together: numbers of groups and effects, judgements, and who is told apart."""

from __future__ import annotations

import re

from evigraph.coding import appraisal_guesses, result_guesses
from evigraph.coding.codebook import Book
from evigraph.coding.recipe_text import Draft, quoted
from evigraph.coding.sheet_look import Look, numbers
from evigraph.ingest.extraction import folded, key

TEXTS = ("metric", "group", "first", "second")
"""The kinds of columns that have words, and no numbers."""


def told(look: Look, book: Book, made: Draft) -> set[str]:
    """Put into a draft what columns say together, and give the headings that nothing else has to look at."""
    made.ignore |= dict.fromkeys(look.row_numbers(), "it numbers the rows")
    said = _said(look)
    open_ = [h for h in look.headings if look.cells[h] and not look.named(h, "study")]
    fields = {h for h in open_ for name in look.known if look.bibliographic(name, h)}
    numeric = [h for h in open_ if look.numeric(h) and h not in fields]
    rows = list(enumerate(cells for _, cells in look.table.rows))
    filled = {h: {i for i, cells in rows if {*map(folded, cells.get(key(h), []))} - look.states} for h in numeric}
    texts = [h for h in open_ if not look.numeric(h)]
    found = result_guesses.Results(result_guesses.Columns(numeric, texts, said, filled))
    for _ in range(2 if found.rules else 0):
        if heading := look.telling(found.used(look.headings), found.claimed, list(made.ignore)):
            found.tell_apart(heading)
    made.results = found.rules
    if any(numbers(look.values(heading))[1] for heading in found.claimed & set(numeric)):
        made.decimal = ","
    made.ignore |= found.left
    about = {name: f"column: {quoted(heading)}" for name, heading in said.items() if name in ("outcome", "time")}
    return found.claimed | _judged(look, book, made, found.claimed, about)


def _said(look: Look) -> dict[str, str]:
    """The columns that name an outcome, a time, an instrument, a metric and groups; a group may be one of a pair."""
    found: dict[str, str] = {}
    for kind in ("outcome", "time", "measure", *TEXTS):
        among = [h for h in look.headings if look.cells[h] and look.named(h, kind)]
        among = [h for h in among if kind not in TEXTS or not look.numeric(h)]
        free = [h for h in among if h not in found.values()] or (among if kind in ("first", "second") else [])
        found |= {kind: free[0]} if free else {}
    return found


def _judged(look: Look, book: Book, made: Draft, taken: set[str], about: dict[str, str]) -> set[str]:
    """The columns that judge with a tool of appraisal."""
    unsaid = look.states - {"unclear", *appraisal_guesses.SIGNS}
    cells = {h: [text for text in look.cells[h] if folded(text) not in unsaid] for h in look.headings if h not in taken}
    found = appraisal_guesses.guess({h: texts for h, texts in cells.items() if look.cells[h]}, book)
    if found is None:
        return set()
    rule, own = appraisal_guesses.rule(found, look.headings, cells, look.words["support"], about)
    made.appraisals = [rule]
    made.ignore |= {h: "the weight of a study in a figure" for h in look.headings if key(h) in ("weight", "weights")}
    return own


def by_suffixed_years(look: Look, made: Draft) -> list[str]:
    """The columns of authors and years, where years such as 1994a tell studies apart and nothing else does."""
    own = [heading for name, heading in made.fields.items() if name in ("authors", "firstAuthor", "year")]
    years = look.cells.get(made.fields.get("year", ""), [])
    if made.study or {"title", "doi"} & set(made.fields) or len(own) < 2:
        return []
    return own if any(re.search(r"\d[a-z]$", each) for each in years) else []
