"""How closed lists are said to readers, and how numbers take their nouns."""

from __future__ import annotations

from dataclasses import dataclass

DASH = "\u2013"


@dataclass(frozen=True)
class Sign:
    """How one word of a list is shown: by a glyph and words, never by a colour alone.

    Attributes:
        key: the word in the data. glyph: its mark. said: the words. answers: the words where a question asks what.
        tone: the class of its colour.
    """

    key: str
    glyph: str
    said: str
    answers: str
    tone: str


STANCES = {
    each.key: each
    for each in (
        Sign("supports", "▲", "says yes", "answers it", "positive"),
        Sign("conditional", "◆", "says yes under a condition", "answers it under a condition", "mixed"),
        Sign("mixed", "◆", "says both", "says both", "mixed"),
        Sign("against", "▼", "says no", "says no", "negative"),
        Sign("context", "○", "gives context", "gives context", "context"),
        Sign("not-addressed", "·", "doesn\u2019t address it", "doesn\u2019t address it", "silent"),
        Sign("", "?", "not coded", "not coded", "unclear"),
    )
}
EFFECTS = {
    each.key: each
    for each in (
        Sign("positive", "▲", "positive", "positive", "positive"),
        Sign("mixed", "◆", "mixed", "mixed", "mixed"),
        Sign("negative", "▼", "negative", "negative", "negative"),
        Sign("none", "\uff1d", "no effect found", "no effect found", "none"),
        Sign("unclear", "?", "unclear", "unclear", "unclear"),
        Sign("", "○", "no effect reported", "no effect reported", "context"),
    )
}
STATES = {
    "not-reported": "not reported",
    "not-applicable": "doesn\u2019t apply",
    "not-coded": "not coded",
    "inferred": "inferred",
    "stated": "",
}
MODALITIES = {"found": "found", "suggested": "suggested", "argued": "argued"}


def of_stance(key: str, asks: str) -> str:
    """A stance in words; a question that asks *what* is answered, not affirmed."""
    sign = STANCES.get(key)
    return key.replace("-", " ") if sign is None else sign.answers if asks == "what" else sign.said


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 study`, `0 studies`, `1,200 findings`."""
    return f"{number:,} {one if number == 1 else many or plural(one)}"


def plural(noun: str) -> str:
    """The plural of one of the few nouns that are counted here."""
    if noun.endswith("y") and not noun.endswith(("ay", "ey", "oy")):
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch")) else "s")


def heading(name: str) -> str:
    """A name of a column, query or attribute as a person writes it."""
    return name.replace("-", " ").replace("_", " ").capitalize()
