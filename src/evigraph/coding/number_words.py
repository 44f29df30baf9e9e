"""What a heading says of a number: which number it is, of which group or effect, and what else it names.

`Mean (intervention)`, `m1i`, `mean.e` and `Experimental mean` are one thing in many spellings. The words are those of
`ingest/decisions.yaml`; the short forms are those of metafor, of meta and of RevMan.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from evigraph.ingest import decisions

FIRST, SECOND = "1", "2"
"""The two groups of a comparison: who got what is studied, and whom they are held against."""
ARM = ("n", "mean", "sd", "se", "events", "non-events")
"""The numbers of a group."""
OF_EFFECT = ("estimate", "se", "variance", "ci-low", "ci-high", "n", "p")
"""The numbers of an effect."""
_SHORT = {"n": "n", "m": "mean", "mean": "mean", "sd": "sd", "s": "sd", "x": "events", "e": "events", "xi": "events"}
_POS = {"pos": "events", "neg": "non-events"}
_TABLE = {
    "ai": ("events", FIRST),
    "bi": ("non-events", FIRST),
    "ci": ("events", SECOND),
    "di": ("non-events", SECOND),
}
"""The cells of a two by two table, as metafor calls them."""
NAMED = {"1": "Group 1", "2": "Group 2", "t": "Treatment", "e": "Experimental", "c": "Control"}
"""What groups are called where only a letter or a digit tells them."""
_ENDS = {"1": FIRST, "2": SECOND, "t": FIRST, "e": FIRST, "c": SECOND}


@dataclass(frozen=True)
class Word:
    """What a heading may say.

    Attributes:
        number: one of `ARM` or `OF_EFFECT`. arm: `FIRST`, `SECOND`, the
        number of a further group, or empty. metric: what kind of effect. rest: the
        other words of the heading, such as an outcome, a time, or a group of the team's own.
    """

    number: str
    arm: str = ""
    metric: str = ""
    rest: str = ""


def tokens(heading: str) -> list[str]:
    """The words of a heading, in small letters: `lowHR` is `low` and `hr`, `mean.e` is `mean` and `e`."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|[^\w]+|_+", " ", heading)
    return [each.casefold() for each in parted.split()]


@cache
def _words(kind: str) -> list[tuple[tuple[str, ...], str]]:
    """The words of a kind with what they mean, the longest first."""
    rules: dict[str, list[str]] = decisions.rules()[kind]
    found = [(tuple(str(word).split()), name) for name, words in rules.items() for word in words]
    return sorted(found, key=lambda each: -len(each[0]))


def _taken(words: list[str], kind: str) -> Iterator[tuple[str, list[str]]]:
    """What the longest words of a kind in a heading mean, with the words that are left."""
    for known, name in _words(kind):
        for at in range(len(words) - len(known) + 1):
            if tuple(words[at : at + len(known)]) == known:
                yield name, [*words[:at], *words[at + len(known) :]]
                return


def of_arm(heading: str) -> Word | None:
    """What a heading says as a number of a group."""
    words = tokens(heading)
    if short := _short(words):
        return short
    for number, left in _taken(words, "numbers"):
        if number not in ARM:
            continue
        for arm, rest in _taken(left, "arms"):
            return Word(number, FIRST if arm == "first" else SECOND, "", " ".join(rest))
        return Word(number, "", "", " ".join(left))
    return None


def of_arms(headings: list[str]) -> dict[str, Word]:
    """What each of the headings says as a number of a group, as far as it says one, beside the others.

    `e1i` and `c1i` are events of two groups at time 1. Of two headings for one number, as `nti` and `n1i`, it is
    the one that is nearer to another number of that group.
    """
    made = {heading: word for heading in headings if (word := of_arm(heading))}
    counted = {found[0]: each for each in headings if (found := re.fullmatch(r"[ec]\d+i?", each.casefold()))}
    for short, heading in counted.items():
        other = counted.get({"e": "c", "c": "e"}[short[0]] + short[1:])
        if other is not None:
            made[heading] = Word("events", _ENDS[short[0]], "", f"time {short[1:].removesuffix('i')}")
    return {heading: word for heading, word in made.items() if not _nearer(headings, made, heading)}


def _nearer(headings: list[str], words: dict[str, Word], heading: str) -> bool:
    """Whether another heading says the same number of the same group, nearer to the group's other numbers."""
    own = words[heading]
    same = [each for each, word in words.items() if word == own]
    beside = [
        headings.index(each)
        for each, word in words.items()
        if (word.arm, word.rest) == (own.arm, own.rest) and word.number != own.number
    ]
    if len(same) == 1 or not own.arm or not beside:
        return False
    return min(same, key=lambda each: min(abs(headings.index(each) - at) for at in beside)) != heading


def _short(words: list[str]) -> Word | None:
    """The short forms: n1i, sdci, x.e, tpos; what stands before them is an outcome or a time."""
    *before, last = words or [""]
    rest = " ".join(before)
    if last in _TABLE and not rest:
        number, arm = _TABLE[last]
        return Word(number, arm)
    if found := re.fullmatch(r"([tec])(pos|neg)", last):
        return Word(_POS[found.group(2)], _ENDS[found.group(1)], "", rest)
    if last == "se" and before:
        return None  # `g_se`: the standard error of an effect
    if found := re.fullmatch(r"(n|mean|m|sd|s|x|e)([1-9tec])i?", last):
        return Word(_SHORT[found.group(1)], _ENDS.get(found.group(2), found.group(2)), "", rest)
    if last in ("ni", "mi", "sdi", "xi"):
        return Word(_SHORT[last.removesuffix("i")], "", "", rest)
    if len(before) == 1 and last in _ENDS and before[0] in _SHORT:
        return Word(_SHORT[before[0]], _ENDS[last])
    for letter, left in ((before[:1], [*before[1:], last]), ([last], before)):
        if left and letter and letter[0] in ("x", "s", "m"):
            arm, others = next(_taken(left, "arms"), ("", left))
            return Word(_SHORT[letter[0]], {"first": FIRST, "second": SECOND}.get(arm, ""), "", " ".join(others))
    return None


def of_effect(heading: str) -> Word | None:
    """What a heading says as a number of an effect."""
    words = _apart(tokens(heading))
    if short := _short_effect(words):
        return short
    number, left = next(_taken(words, "limits"), ("", words))
    left = [each for each in left if each not in ("ci", "95", "confidence", "interval", "limit", "bound")]
    metric, rest = next(_taken(left, "metrics"), ("", left))
    if metric or number:
        plain = "" if metric == "estimate" else metric
        return Word(number or "estimate", "", plain, " ".join(rest))
    return None


def _apart(words: list[str]) -> list[str]:
    """Words that are written as one, taken apart: `selnHR`, `logrr`."""
    made: list[str] = []
    for each in words:
        found = re.fullmatch(r"(se|var|v|low|lower|upp|upper)?(log|ln)?(or|rr|hr|rd|smd|md|irr|te)", each)
        found = found or re.fullmatch(r"(se|var)(log|ln)", each)
        made += [part for part in found.groups() if part] if found else [each]
    return made


def _short_effect(words: list[str]) -> Word | None:
    *before, last = words or [""]
    found = re.fullmatch(r"(yi?|vi?|sei?)(\d?)", re.sub(r"^([yv])(\d)i$", r"\1i\2", last))
    if found and (last not in ("y", "v") or before == []):
        number = {"y": "estimate", "v": "variance", "s": "se"}[found.group(1)[0]]
        metric, rest = next(_taken(before, "metrics"), ("", before))
        plain = "" if metric == "estimate" else metric
        return Word(number, "", plain, " ".join([*rest, *([found.group(2)] if found.group(2) else [])]))
    if last in ("di", "ri", "ni") and not before:
        known = {"di": ("estimate", "SMD"), "ri": ("estimate", "COR"), "ni": ("n", "")}[last]
        return Word(known[0], "", known[1])
    return None


def _arm_of(words: list[str]) -> str:
    """The words of a heading that name one of the two groups, or nothing."""
    for known, _ in _words("arms"):
        for at in range(len(words) - len(known) + 1):
            if len(words) > 1 and tuple(words[at : at + len(known)]) == known:
                return " ".join(known)
    return ""


def titled(words: str) -> str:
    """Words as a label."""
    return words[:1].upper() + words[1:]


def called(arm: str, headings: Iterable[str]) -> str:
    """What an arm is called by its headings: `Mean (intervention)` is of the Intervention, `nti` of the Treatment."""
    for heading in headings:
        words = tokens(heading)
        if found := _arm_of(words):
            return NAMED.get(found, titled(found))
        if len(words) == 1 and (short := re.fullmatch(r"(?:n|m|mean|sd|s|x|e)([tec])i?|([tec])(?:pos|neg)", words[0])):
            return NAMED[short.group(1) or short.group(2)]
    return NAMED.get(arm, f"Group {arm}")
