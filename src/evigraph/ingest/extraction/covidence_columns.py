"""What the columns of a Covidence export are about: a study, one of its arms, a number of an outcome, a judgement."""

from __future__ import annotations

import re
from dataclasses import dataclass

from evigraph.ingest.extraction import words

SEPARATORS = r"\s*[|>→]\s*|\s*:\s+|\s+[-\u2013\u2014]\s+"
"""What stands between the parts of a heading."""
ARM = r"(?i)(arm|intervention|group|comparator|control|exposure|treatment)(?: (?:arm|group))?(?: (\d+|[A-Z]))?"
NUMBERED = r"(?i)((?:arm|intervention|group|comparator) \d+)\s+(.+)"
VERSUS = r"(?i)(.+?)\s+(?:vs\.?|versus|compared (?:to|with))\s+(.+)"
SECTIONS = (
    "identification",
    "methods",
    "population",
    "interventions",
    "outcomes",
    "baseline characteristics",
    "results",
)
"""The parts of Covidence's form, by which a heading may begin."""
OF_PEOPLE = ("population", "baseline characteristics", "interventions")
"""Parts whose numbers of an arm are no outcome."""
TIME = r"(?i)\b(?:{})\w*\b"


@dataclass(frozen=True)
class Column:
    """A column by its heading.

    Attributes:
        heading: as it is written. kind: `study`, `arm` or `number`. name: of the attribute, or what the number is.
        arm, versus: the arms that it is about, as the heading calls them, or empty. outcome, time: of a number.
    """

    heading: str
    kind: str
    name: str
    arm: str = ""
    versus: str = ""
    outcome: str = ""
    time: str = ""


def column(heading: str, arms: frozenset[str]) -> Column:
    """What a column is about; `arms` are the names that studies give their arms, in small letters."""
    parts = [each for each in re.split(SEPARATORS, heading) if each.strip()]
    if found := re.fullmatch(NUMBERED, parts[-1]) if parts else None:
        parts = [*parts[:-1], found.group(1), found.group(2)]
    section = words.bare(parts[0]) if len(parts) > 1 and words.bare(parts[0]) in SECTIONS else ""
    parts = parts[1:] if section else parts
    arm, versus, rest = _arms(parts, arms)
    if section not in OF_PEOPLE and len(rest) > 1 and (kind := statistic(rest[-1])):
        times = [each for each in rest[:-1] if _is_time(each)]
        about = [each for each in rest[:-1] if each not in times]
        if about:
            return Column(heading, "number", kind, arm, versus, ", ".join(about), ", ".join(times))
    if arm and not versus:
        return Column(heading, "arm", ", ".join(rest), arm)
    return Column(heading, "study", ", ".join(parts) or heading)


def _arms(parts: list[str], arms: frozenset[str]) -> tuple[str, str, list[str]]:
    """The arms that a heading names, and the rest of it."""
    for at, each in enumerate(parts):
        rest = parts[:at] + parts[at + 1 :]
        if (found := re.fullmatch(VERSUS, each)) and len(parts) > 1:
            return found.group(1), found.group(2), rest
        if words.bare(each) in arms or (re.fullmatch(ARM, each.strip()) and (rest or re.search(r"\d", each))):
            return each, "", rest
    return "", "", parts


def statistic(text: str) -> str:
    """What a number is: a key of a result, a metric, `se` or a limit, another statistic, or nothing."""
    rules = words.rules()
    if found := words.meaning(text, rules["covidence"]["numbers"]) or words.meaning(text, rules["metrics"]):
        return found
    return f"statistic {text}" if words.bare(text) in rules["covidence"]["statistics"] else ""


def _is_time(text: str) -> bool:
    known = "|".join(words.rules()["times"])
    return bool(re.search(TIME.format(known), text)) and len(text) <= 40


def name_of_arm(column_: Column) -> bool:
    """Whether a column says what an arm is called."""
    return column_.kind == "arm" and words.bare(column_.name) in words.rules()["covidence"]["name"]
