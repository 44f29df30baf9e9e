"""The `columns` of a recipe, taken apart; what can't be followed is named with what is allowed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evigraph.errors import DataError
from evigraph.ingest.decisions import rules
from evigraph.ingest.extraction import mapping
from evigraph.ingest.extraction.mapping import (
    Amount,
    Appraising,
    Attribute,
    Columns,
    Finding,
    Grouping,
    Result,
    Source,
    folded,
)
from evigraph.ingest.recipes import Recipe, typed

FROM = ("column", "one-hot", "sum", "text")
"""Where a value can come from."""


def columns_of(recipe: Recipe) -> Columns:
    """What a recipe says about columns.

    Raises:
        DataError: it says something that can't be followed, named with what is allowed.
    """
    return _Reader(Path(f"{recipe.name}.yaml")).columns(recipe.columns)


class _Reader:
    """Takes the tree of a recipe apart, and says where it can't be followed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def _fail(self, where: str, message: str, value: object = None) -> DataError:
        return DataError(self._path, 0, f"columns{where}: {message}; see docs/extraction.md", value)

    def _mapping(self, found: Any, allowed: set[str], where: str) -> dict[str, Any]:
        if not isinstance(found, dict):
            raise self._fail(where, f"keys with values are needed here, not `{found}`", found)
        for name in found:
            if name not in allowed:
                near = difflib.get_close_matches(str(name), sorted(allowed), 1)
                mend = f"did you mean `{near[0]}`?" if near else f"it may be one of {', '.join(sorted(allowed))}"
                raise self._fail(where, f"unknown key `{name}`; {mend}", name)
        return found

    def _words(self, found: Any, where: str) -> tuple[str, ...]:
        items = found if isinstance(found, list) else [] if found is None else [found]
        if any(isinstance(item, dict | list) for item in items):
            raise self._fail(where, "a text or a list of texts is needed here", found)
        return tuple(typed(item) for item in items)

    def _one(self, found: Any, allowed: tuple[str, ...], where: str) -> str:
        if found not in allowed:
            raise self._fail(where, f"`{found}` is none of {', '.join(allowed)}", found)
        return str(found)

    def columns(self, tree: dict[str, Any]) -> Columns:
        allowed = {each.replace("_", "-") for each in Columns.__dataclass_fields__} - {"carried", "consensus-column"}
        found = self._mapping(tree, allowed | {"carry-down", "consensus"}, "")
        consensus = found.get("consensus", ["consensus"])
        marked = self._mapping(consensus, {"column"}, ".consensus") if isinstance(consensus, dict) else {}
        own = [self._attribute(each, i) for i, each in enumerate(self._list(found, "attributes"), 1)]
        groups = tuple(self._grouping(each, i, own) for i, each in enumerate(self._list(found, "groups"), 1))
        headings = found.get("headings", 1)
        if headings not in (1, 2, 3):
            raise self._fail(".headings", "1, 2 or 3 rows of headings", headings)
        return Columns(
            self._words(found.get("needs"), ".needs"),
            typed(found.get("sheet", "")),
            headings,
            self._words(found.get("study"), ".study"),
            self._words(found.get("label"), ".label"),
            self._words(found.get("carry-down"), ".carry-down"),
            typed(found.get("reviewer", "")),
            tuple(folded(each) for each in ([] if marked else self._words(consensus, ".consensus"))),
            typed(marked.get("column", "")),
            self._states(found.get("states", {})),
            self._one(found.get("decimal", "."), (".", ","), ".decimal"),
            self._one(found.get("new-codes", "keep"), ("keep", "add"), ".new-codes"),
            self._one(found.get("rest", "note"), mapping.RESTS, ".rest"),
            self._words(found.get("ignore"), ".ignore"),
            self._one(found.get("place-in", "report"), ("report", "review"), ".place-in"),
            self._one(found.get("reports", "one"), mapping.REPORTS, ".reports"),
            tuple(own),
            tuple(self._finding(each, i) for i, each in enumerate(self._list(found, "findings"), 1)),
            tuple(self._appraisal(each, i) for i, each in enumerate(self._list(found, "appraisals"), 1)),
            tuple(self._result(each, i) for i, each in enumerate(self._list(found, "results"), 1)),
            groups,
            self._pattern(found.get("split", ""), ".split"),
        )

    def _slug(self, what: str, word: str, where: str) -> str:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", word):
            raise self._fail(where, f"{what} `{word}` is written in small letters with hyphens", word)
        return word

    def _list(self, found: dict[str, Any], name: str) -> list[Any]:
        items = found.get(name) or []
        if not isinstance(items, list):
            raise self._fail(f".{name}", "a list is needed; write `- ` before each", items)
        return items

    def _states(self, found: Any) -> dict[str, tuple[str, ...]]:
        said = self._mapping(found, {"not-reported", "not-applicable", "not-coded"}, ".states")
        own = {name: tuple(map(folded, self._words(words, f".states.{name}"))) for name, words in said.items()}
        taken = {word for words in own.values() for word in words}
        known = {n: tuple(folded(w) for w in words) for n, words in rules()["states"].items()}
        return {name: (*own.get(name, ()), *(w for w in known.get(name, ()) if w not in taken)) for name in known}

    def source(self, found: Any, where: str) -> Source:
        """A source from a text, or from a mapping with `column`, `one-hot`, `sum` or `text`."""
        if not isinstance(found, dict):
            return Source(" ".join(self._words(found, where)))
        self._mapping(found, {*FROM, "split", "values", "default"}, where)
        if len(set(FROM) & set(found)) != 1:
            names = ", ".join(f"`{each}`" for each in FROM)
            raise self._fail(where, f"exactly one of {names} says where it comes from", found)
        hot = found.get("one-hot", {})
        marks = {typed(each): typed(each) for each in hot} if isinstance(hot, list) else hot
        if not isinstance(marks, dict):
            raise self._fail(where, "`one-hot` is a list of headings, or headings with values", hot)
        return Source(
            typed(found.get("text", "")),
            self._words(found.get("column"), where),
            {typed(heading): typed(value) for heading, value in marks.items()},
            self._pattern(found.get("split", ""), where),
            dict(self._synonyms(found.get("values", {}), where)),
            typed(found.get("default", "")),
            self._words(found.get("sum"), where),
        )

    def _pattern(self, found: Any, where: str) -> str:
        text = typed(found)
        inner = text[1:-1] if len(text) > 2 and text[0] == text[-1] == "/" else re.escape(text)
        try:
            re.compile(inner)
        except re.error as error:
            raise self._fail(where, f"split `{text}` is no pattern: {error}", found) from None
        if re.search(r"[+*}]\)?[+*{]", inner):
            raise self._fail(where, f"split `{text}` repeats what repeats, which can take for ever", found)
        return inner

    def _synonyms(self, found: Any, where: str) -> Iterator[tuple[str, str]]:
        if not isinstance(found, dict):
            raise self._fail(where, "`values` is words with what they stand for", found)
        for word, value in found.items():
            # YAML takes an unquoted Yes for true; in a sheet it is what a person typed, or a spreadsheet's own true.
            for each in (("yes", "true") if word else ("no", "false")) if isinstance(word, bool) else (word,):
                yield folded(typed(each)), typed(value)

    def _grouping(self, found: Any, number: int, attributes: list[Attribute]) -> Grouping:
        """A rule for groups; its attributes are added to the others."""
        where = f".groups {number}"
        said = self._mapping(found, {"label", "kind", "n", "attributes", "each"}, where)
        each = self._mapping(said.get("each", {}), {"separator", "columns"}, f"{where}.each")
        lists = each.get("columns", {})
        if ("each" in said and not (isinstance(lists, dict) and lists)) or not ({"each", "label"} & set(said)):
            raise self._fail(where, "a `label`, or `each` with the `columns` whose parts run in parallel", found)
        first, own = len(attributes), self._list(said, "attributes")
        listed = [{"attribute": name, "column": typed(heading)} for name, heading in lists.items()]
        attributes += [self._attribute(one, i, where) for i, one in enumerate([*own, *listed], 1)]
        return Grouping(
            self.source(said.get("label"), f"{where}.label"),
            self._slug("kind", typed(said["kind"]), where) if said.get("kind") else "",
            self.source(said.get("n"), f"{where}.n"),
            tuple(range(first, len(attributes))),
            tuple(range(first + len(own), len(attributes))),
            self._pattern(each.get("separator", ";"), f"{where}.each"),
        )

    def _attribute(self, found: Any, number: int, above: str = "") -> Attribute:
        where = f"{above}.attributes {number}"
        own = {"attribute", "as", "codes", "basis", "place"}
        said = self._mapping(found, {*own, *FROM, "split", "values", "default"}, where)
        name = self._slug("attribute", typed(said.get("attribute", "")), where)
        lists = ("", "stakeholders", "benefits", "drawbacks", "contentFocuses", "attributeValues")
        return Attribute(
            name,
            self.source({each: value for each, value in said.items() if each not in own}, where),
            self._one(said.get("as", "code"), mapping.KINDS, f"{where}.as"),
            self._one(said.get("codes", ""), lists, f"{where}.codes"),
            self.source(said.get("basis"), f"{where}.basis"),
            self.source(said.get("place"), f"{where}.place"),
        )

    def _finding(self, found: Any, number: int) -> Finding:
        where = f".findings {number}"
        said = self._mapping(found, {*mapping.FINDING, *mapping.WAS, "quantities", "when"}, where)
        for old, new in mapping.WAS.items():
            if old in said and new in said:
                raise self._fail(where, f"`{old}` and `{new}` are one thing; keep `{new}`", old)
            said = {new if name == old else name: value for name, value in said.items()}
        keys = {name: self.source(said[name], f"{where}.{name}") for name in mapping.FINDING if name in said}
        amounts = tuple(self._amount(each, where) for each in self._list(said, "quantities"))
        return Finding(keys, amounts, self.source(said.get("when"), f"{where}.when"))

    def _appraisal(self, found: Any, number: int) -> Appraising:
        where = f".appraisals {number}"
        said = self._mapping(found, {"tool", "judgements", "outcome", "time", "place"}, where)
        tool, judgements = typed(said.get("tool", "")), said.get("judgements")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", tool):
            raise self._fail(
                where, f"tool `{tool}` is the key of a pack, such as rob2; `evigraph pack` lists them", tool
            )
        if not isinstance(judgements, dict) or not judgements:
            raise self._fail(where, "`judgements` says for each domain where its judgement stands", judgements)
        made = {}
        for name, each in judgements.items():
            attribute = typed(name) if typed(name).startswith(f"{tool}-") else f"{tool}-{typed(name)}"
            own = each if isinstance(each, dict) else {"text": each}
            source = {key: value for key, value in own.items() if key != "support"}
            at = f"{where}.judgements.{typed(name)}"
            made[attribute] = self.source(source, at), self.source(own.get("support"), f"{at}.support")
        rest = (self.source(said.get(key), f"{where}.{key}") for key in ("outcome", "time", "place"))
        return Appraising(tool, made, *rest)

    def _result(self, found: Any, number: int) -> Result:
        where = f".results {number}"
        said = self._mapping(found, {*mapping.RESULT, *mapping.NUMBERS, "when"}, where)
        if "metric" in said and "statistic" in said:
            raise self._fail(where, "a result has a metric, being an effect, or a statistic; make it two", "metric")
        if "value" in said and "statistic" not in said:
            raise self._fail(where, "a `value` needs the `statistic` that it is the value of", "value")
        keys = {name: self.source(said[name], f"{where}.{name}") for name in mapping.RESULT if name in said}
        numbers = {name: self.source(said[name], f"{where}.{name}") for name in mapping.NUMBERS if name in said}
        if not numbers and "versus" not in said:
            raise self._fail(where, f"a number is needed, one of {', '.join(mapping.NUMBERS)}, or `versus`", found)
        return Result(keys, numbers, self.source(said.get("when"), f"{where}.when"))

    def _amount(self, found: Any, where: str) -> Amount:
        said = self._mapping(found, {"kind", "value", "unit"}, f"{where}.quantities")
        kind = self._slug("kind of a quantity", typed(said.get("kind", "")), where)
        value = self.source(said.get("value"), f"{where}.quantities.value")
        return Amount(kind, value, self.source(said.get("unit", "number"), f"{where}.quantities.unit"))
