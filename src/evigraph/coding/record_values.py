"""Values of attributes on the sheets of groups and results: two columns an attribute, what is said and where."""

from __future__ import annotations

from collections.abc import Container, Iterator

from evigraph.coding import value_columns
from evigraph.coding.changed_cells import RefusedError, parts
from evigraph.coding.changed_values import with_characteristics, with_values
from evigraph.coding.value_columns import NOWHERE, Record, values_of
from evigraph.coding.workbook_cells import Shown
from evigraph.coding.workbook_form import Cell, Choice, Column

PLACE = "|place"
"""How the key of a column of places ends."""


class ValueCells:
    """The values that the records of one sheet have of the codebook's attributes."""

    def __init__(self, shown: Shown, kept: str) -> None:
        """Show those of `groups` or of `results`."""
        self._shown, self._kept = shown, kept
        self._kind = value_columns.LEVELS[kept].capitalize()

    def columns(self, taken: Container[str]) -> Iterator[Column]:
        """Two for each attribute; `taken` has what the sheet's other columns are called."""
        for attribute in self._shown.of[self._kept]:
            column = value_columns.of_values(attribute, self._shown.vocabulary, self.choices(), taken)
            yield column
            yield Column(column.key + PLACE, f"{column.heading}: place", 18)

    def choices(self) -> dict[str, list[Choice]]:
        """The lists of their drop-downs."""
        return self._shown.choices_of(self._kept)

    def cell(self, study: str, record: Record, key: str) -> Cell:
        """What is said of an attribute, or where: one place for all values or one for each; none for the report."""
        attribute = key[1:].removesuffix(PLACE)
        if not key.endswith(PLACE):
            return self._shown.value_cell(record, attribute)
        places = [self._place(study, each) for each in values_of(record, attribute)]
        return places[0] if len(set(places)) == 1 else "; ".join(each or NOWHERE for each in places)

    def _place(self, study: str, value: Record) -> str:
        name = self._shown.name(value["locatedAt"]) if "locatedAt" in value else ""
        return "" if name == f"Report {study}" else name

    def set(self, study: str, record: Record, key: str, text: str) -> Record:
        """The record, of the study with that key, with that cell.

        A value that is written over another one, or beside others of one place, is at the place that the cell shows.

        Raises:
            RefusedError: it can't be.
        """
        attribute = key[1:].removesuffix(PLACE)
        held = values_of(record, attribute)
        if key.endswith(PLACE):
            return self._placed(study, record, attribute, text) if text or held else record
        made = with_values(self._shown, record, attribute, text, self._kind)
        new = values_of(made, attribute)
        kept = [each for each in new if _said(each) in map(_said, held)]
        gone = [each for each in held if _said(each) not in map(_said, kept)]
        places = [each.get("locatedAt") for each in gone] if len(new) == len(held) else []
        whole = {each.get("locatedAt") for each in held}
        places += list(whole) * len(new) if len(whole) == 1 else []
        fresh = iter(places)
        at = {id(e): next(fresh, None) for e in new if e not in kept}
        located = [self._at(study, made, e, at[id(e)]) if id(e) in at else e for e in new]
        others = [each for each in made.get("characteristics", []) if each["attribute"] != attribute]
        return with_characteristics(made, [*others, *located])

    def _at(self, study: str, record: Record, value: Record, place: str | None) -> Record:
        """The value at a place; what is said without one stands where its record stands, or else in the report."""
        bare = {name: said for name, said in value.items() if name != "locatedAt"}
        nowhere = "locatedAt" not in record and (self._kept == "groups" or "id" in record)
        if place is None and nowhere and value["state"] == "stated":
            place = self._shown.book.place(study, "", of_review=False)
        return {**bare, "locatedAt": place} if place else bare

    def _placed(self, study: str, record: Record, attribute: str, text: str) -> Record:
        held = values_of(record, attribute)
        if not held:
            raise RefusedError("there is no value that stands there; fill in the value too")
        names = {"", *(self._place(study, each) for each in held)}
        each = [text] if len(held) == 1 or text in names else parts(text)
        if len(each) not in (1, len(held)):
            raise RefusedError(f"`{text}` are {len(each)} places for {len(held)} values; write one, or one for each")
        told = each * len(held) if len(each) == 1 else each
        made = []
        for value, where in zip(held, told, strict=True):
            named = self._shown.book.place(study, where, of_review=True) if where not in ("", NOWHERE) else None
            made.append(self._at(study, record, value, named))
        others = [each for each in record.get("characteristics", []) if each["attribute"] != attribute]
        return with_characteristics(record, [*others, *made])


def _said(value: Record) -> Record:
    """What a value says, however it is numbered."""
    return {name: each for name, each in value.items() if name not in ("id", "position")}
