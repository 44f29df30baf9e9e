"""Which columns of a sheet are the numbers of groups, and which are of effects, guessed from headings and cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from evigraph.coding import number_words
from evigraph.coding.number_words import ARM, FIRST, SECOND, Word
from evigraph.coding.recipe_text import Rule, columns, quoted
from evigraph.ingest.extraction import key

TIMES = re.compile(r"\b(pre|post|baseline|base|follow up|fu|end|week|weeks|month|months|year|years|day|days|\d+)\b")
"""Words of a heading that tell a time, and no outcome."""
BEFORE = re.compile(r"pre|baseline|base|before|pretest")
"""Words of a time before anything was done, so that nothing is compared by such numbers."""
SURE = ("OR", "RR", "HR", "RD", "log OR", "log RR", "log HR", "SMD", "MD")
"""Metrics whose name in full is enough for a column to be of effects."""
KEYS = ("outcome", "time", "measure", "group", "versus", "metric")
"""The keys by which a result of a study is told from another."""


@dataclass
class Columns:
    """What there is to look at.

    Attributes:
        numeric, texts: the headings with numbers and those with words, in order. said: the columns that the recipe may
        tell an outcome, a time, an instrument, a metric or groups by, as far as there are any. filled: the rows that
        have a cell in each column.
    """

    numeric: list[str]
    texts: list[str]
    said: dict[str, str] = field(default_factory=dict)
    filled: dict[str, set[int]] = field(default_factory=dict)


Family = dict[str, str]
"""The headings of the numbers of one group or one effect, by number."""


class Results:
    """The results that the rows of a sheet tell, by the headings that have numbers.

    Attributes:
        rules: what a recipe says of each. claimed: the headings that they take. left: headings that say nothing more,
        with why.
    """

    def __init__(self, look: Columns) -> None:
        """Guess."""
        self._look = look
        self.rules: list[Rule] = []
        self.claimed: set[str] = set()
        self.left: dict[str, str] = {}
        self._groups: dict[str, tuple[str, str]] = {}
        arms = self._arms()
        effects = list(self._effects(arms))
        if arms:
            self._of_arms(arms, bool(effects))
        for family, word in effects:
            self._effect(family, word, arms.get("", {}).get(FIRST, {}))
        if not arms:
            self._long(effects)

    def _arms(self) -> dict[str, dict[str, Family]]:
        """For each outcome or time the numbers of each group, where there are at least two groups."""
        found: dict[str, dict[str, Family]] = {}
        unnamed: dict[str, Family] = {}
        for heading, word in number_words.of_arms(self._look.numeric).items():
            if word.arm:
                found.setdefault(word.rest, {}).setdefault(word.arm, {}).setdefault(word.number, heading)
            elif word.rest:
                unnamed.setdefault(word.rest, {}).setdefault(word.number, heading)
        named = {arm for by in found.values() for arm in by}
        if len(named) == 1 and list(found) == [""]:  # `resp.plac` is told, and `resp.halo` is what it is held against
            known = set(next(iter(found[""].values())))
            if other := next((name for name, family in unnamed.items() if set(family) == known), ""):
                free = SECOND if named == {FIRST} else FIRST
                found[""][free] = unnamed[other]
                self._groups[free] = f"text: {quoted(number_words.titled(other))}", ""
        elif not named:
            found = self._unnamed(unnamed)
        whole = {rest: dict(sorted(by.items())) for rest, own in found.items() if _comparable(by := _common(own))}
        shared = {arm: each for arm, each in found.get("", {}).items() if "n" in each} if whole else {}
        for rest, by in whole.items():
            for arm, family in by.items():
                if rest and "n" not in family and "non-events" not in family and arm in shared:
                    family["n"] = shared[arm]["n"]
        if len(whole) > 1 and all(set(family) == {"n"} for family in whole.get("", {}).values()):
            whole.pop("", None)
        return whole

    def used(self, headings: list[str]) -> list[str]:
        """The headings by which its rules tell one result of a study from another."""
        texts = [text for rule in self.rules for name, text in rule.keys.items() if name in KEYS]
        return [each for each in headings if any(f"column: {quoted(each)}" in text for text in texts)]

    def tell_apart(self, heading: str) -> None:
        """Take a column that tells the rows of a study apart as the instrument, or the time, of each result."""
        for each in self.rules:
            free = next((name for name in ("measure", "time", "outcome") if name not in each.keys), "")
            if free:
                each.keys[free] = f"column: {quoted(heading)}"
                each.why += f"; {heading} tells the rows of a study apart, say what it is"
        self.claimed.add(heading)

    def _unnamed(self, unnamed: dict[str, Family]) -> dict[str, dict[str, Family]]:
        """Groups of the team's own, `Brain_n` and `No_brain_n`: at least two that have the same numbers."""
        for family in unnamed.values():
            alike = [name for name, other in unnamed.items() if set(other) == set(family)]
            if len(alike) > 1 and len(family) > 1 and {"n", "events", "non-events"} & set(family):
                arms = {str(i): name for i, name in enumerate(alike, 1)}
                self._groups |= {arm: (f"text: {quoted(number_words.titled(name))}", "") for arm, name in arms.items()}
                return {"": {arm: dict(unnamed[name]) for arm, name in arms.items()}}
        return {}

    def _group(self, arm: str, headings: Iterable[str]) -> str:
        """How a recipe says which group an arm is: by a column that names it, or by the word of the headings."""
        if arm in self._groups:
            return self._groups[arm][0]
        default = number_words.called(arm, headings)
        own = re.compile(rf"(treatment|trt|group|arm|intervention|drug|t|condition(arm)?){arm}")
        column = next((each for each in self._look.texts if own.fullmatch(key(each))), "")
        column = column or self._look.said.get({FIRST: "first", SECOND: "second"}.get(arm, ""), "")
        if column:
            self.claimed.add(column)
            return f"column: {quoted(column)}\ndefault: {quoted(default)}"
        return f"text: {quoted(default)}"

    def _of_arms(self, arms: dict[str, dict[str, Family]], compared: bool) -> None:
        named: dict[str, list[str]] = {}
        for by in arms.values():
            for arm, family in by.items():
                named.setdefault(arm, []).extend(family.values())
        self._groups |= {arm: (self._group(arm, headings), "") for arm, headings in named.items()}
        for rest, by in arms.items():
            about = self._about(rest)
            for arm, family in by.items():
                shown = ", ".join(family.values())
                self.rules.append(Rule({"group": self._groups[arm][0], **about, **self._numbers(family)}, shown))
            if not compared and not BEFORE.fullmatch(rest) and set(by) >= {FIRST, SECOND}:
                pair = {"group": self._groups[FIRST][0], "versus": self._groups[SECOND][0]}
                when = {"when": columns(by[FIRST].values())}
                self.rules.append(Rule({**pair, **about, **when}, "which groups are compared"))

    def _numbers(self, family: Family) -> dict[str, str]:
        self.claimed |= set(family.values())
        made = {name: f"column: {quoted(family[name])}" for name in ARM if name in family and name != "non-events"}
        if "non-events" in family and "events" in family:
            parts = [family["events"], family["non-events"]]
            if "n" in family:
                self.left[family["non-events"]] = f"{family['n']} less {family['events']}"
            else:
                made["n"] = f"sum: [{', '.join(map(quoted, parts))}]"
        return made

    def _about(self, rest: str) -> dict[str, str]:
        """The outcome, time and instrument of a result; what headings have besides is a time or an outcome."""
        own: tuple[str, ...] = ("outcome", "time", "measure")
        made = {each: columns([self._look.said[each]]) for each in own if each in self._look.said}
        self.claimed |= {self._look.said[name] for name in made}
        if BEFORE.fullmatch(rest):
            made["time"] = quoted(number_words.titled(rest))
        elif rest:
            free = "time" if TIMES.search(rest) else "outcome"
            made.setdefault(free if free not in made else "measure", quoted(number_words.titled(rest)))
        return made

    def _effects(self, arms: dict[str, dict[str, Family]]) -> Iterator[tuple[Family, Word]]:
        """The numbers of each effect, with the word that names it; a bare letter counts where others stand by it."""
        taken = {h for by in arms.values() for family in by.values() for h in family.values()}
        words = {h: word for h in self._look.numeric if h not in taken and (word := number_words.of_effect(h))}
        found = [(h, word) for h, word in words.items() if word.number == "estimate"]
        used: set[str] = set()
        for heading, word in found:
            alone = sum(other.rest == word.rest for _, other in found) == 1
            family = {"estimate": heading}
            for other, said in words.items():
                fits = said.metric == word.metric or (not said.metric and alone)
                loose = not said.rest and not said.metric and len(found) == 1
                if said.number != "estimate" and ((said.rest == word.rest and fits) or loose) and other not in used:
                    family.setdefault(said.number, other)
            if arms:
                family.pop("n", None)
            sure = word.metric in SURE and not word.rest and len(key(heading)) > 1
            if sure or {"se", "variance", "ci-low", "n"} & set(family) or key(heading) == "yi":
                used |= set(family.values())
                yield family, word

    def _effect(self, family: Family, word: Word, arm: Family) -> None:
        """One effect; rows that have numbers of groups only are compared all the same, for who computes it."""
        groups = {}
        if {FIRST, SECOND} <= set(self._groups):
            groups = {"group": self._groups[FIRST][0], "versus": self._groups[SECOND][0]}
        elif {"first", "second"} <= set(self._look.said):
            groups = {"group": self._group(FIRST, ()), "versus": self._group(SECOND, ())}
        elif not word.metric and (groups := self._one_group()):  # what changed in each group
            family |= {k: h for h in self._look.numeric for k in ("n",) if number_words.of_arm(h) == Word(k)}
        self.claimed |= set(family.values())
        metric, why = quoted(word.metric), ", ".join(family.values())
        if "metric" in self._look.said and not word.metric:
            metric = f"column: {quoted(self._look.said['metric'])}"
            self.claimed.add(self._look.said["metric"])
        elif not word.metric:
            metric, why = "effect size", f"{why}; say which metric: SMD, MD, OR, log OR …"
        numbers = {name: columns([heading]) for name, heading in family.items() if name != "p"}
        about = {**groups, **self._about(word.rest)}
        there = set().union(*(self._look.filled.get(each, set()) for each in family.values()))
        beside = [each for name, each in arm.items() if name != "n" and self._look.filled.get(each, set()) - there]
        when = {"when": columns([*family.values(), *beside])} if beside and groups else {}
        self.rules.append(Rule({**about, "metric": metric, **numbers, **when}, why))
        if "p" in family:
            self.rules.append(Rule({**about, "statistic": "p-value", "value": columns([family["p"]])}, family["p"]))

    def _long(self, effects: list[tuple[Family, Word]]) -> None:
        """A row a group, or the numbers of a study as a whole."""
        taken = {heading for family, _ in effects for heading in family.values()}
        family: Family = {}
        for heading in self._look.numeric:
            word = Word("se") if key(heading) == "se" else number_words.of_arm(heading)
            if heading not in taken and word and not word.arm and not word.rest:
                family.setdefault(word.number, heading)
        if key(family.get("mean", "")) == "mi" and not {"sd", "se"} & set(family):
            del family["mean"]  # of alphas it is the number of items
        several = len(family) > 1 and ({"n", "mean", "events"} & set(family)) and set(family) != {"n", "se"}
        if not several or (effects and len(family) < 2):
            return
        about = {**self._one_group(), **self._about("")}
        self.rules.append(Rule({**about, **self._numbers(family)}, ", ".join(family.values())))

    def _one_group(self) -> dict[str, str]:
        """The group of a row, where a column names it."""
        name = self._look.said.get("group")
        self.claimed |= {name} if name else set()
        return {"group": columns([name])} if name else {}


def _common(by: dict[str, Family]) -> dict[str, Family]:
    """The numbers that all groups have: `sei` looks like one of a group, and is of an effect."""
    shared = set.intersection(*(set(family) for family in by.values()))
    return {arm: {name: heading for name, heading in each.items() if name in shared} for arm, each in by.items()}


def _comparable(by: dict[str, Family]) -> bool:
    """Whether there are two groups, with enough numbers to be those of groups."""
    several = [set(family) for family in by.values()]
    return len(several) > 1 and bool(several[0]) and several[0] not in ({"se"}, {"mean"}, {"sd"}, {"non-events"})
