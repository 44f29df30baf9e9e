"""How titles differ: by how a tool writes them, by a slip, by a subtitle, or by a word that changes what is meant."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import product

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from evigraph.matching.traits import GENERIC, Traits
from evigraph.matching.values import authors

_OPPOSITES = frozenset(
    ("men", "women", "male", "female", "boys", "girls", "vivo", "vitro", "short", "long", "pre", "post")
)
_BEFORE = (
    "a an ante anti bi co de dis ex extra fe homo hetero hyper hypo il im in infra inter intra ir macro mega "
    "micro mid mini mis mono multi neo non out over para peri poly post pre pro re semi sub super supra trans tri "
    "ultra un under uni up down"
)
_BEHIND = "itis osis oma ectomy otomy ostomy opathy oplasty aemia emia uria ology ography"
_PREFIXES, _ENDINGS = frozenset(_BEFORE.split()), frozenset(_BEHIND.split())
"""Beginnings and endings of words that turn what they mean."""
FEW = 2
"""As many words at most in one title and not in the other make a person look twice."""
_WEAK = frozenset(
    ("abstract", "article", "original", "paper", "poster", "report", "research", "results", "review", "study", "trial")
)
"""What a database or another version of a title adds without meaning another study."""


def likeness(first: Traits, second: Traits) -> float:
    """How alike two titles are, from 0 to 100; one that continues the other, as with a subtitle, is fully alike."""
    if first.title and second.title and continues(first, second):
        return 100.0
    return 95.0 if cut(first, second) else spelling(first, second)


def spelling(first: Traits, second: Traits) -> float:
    """How alike two titles are, from 0 to 100, letter by letter or word by word."""
    if not first.title or not second.title:
        return 0.0
    if first.title.replace(" ", "") == second.title.replace(" ", ""):
        return 100.0
    a, b = " ".join(first.words), " ".join(second.words)
    return max(fuzz.ratio(a, b), fuzz.token_sort_ratio(a, b))


def continues(first: Traits, second: Traits) -> bool:
    """Whether one title is the other without its subtitle; a part's number isn't one."""
    short, long = sorted((first, second), key=lambda traits: len(traits.title))
    rest = long.title[len(short.title) :].split()
    if len(short.words) < GENERIC - 1 or not rest or not long.title.startswith(short.title + " "):
        return False
    if long.numbers != short.numbers and len(rest) < GENERIC:
        return False
    return short.title in long.heads or (len(rest) > 1 and authors(first, second) is True)


def cut(first: Traits, second: Traits) -> bool:
    """Whether one title is the other without its subtitle, but for a slip."""
    short, long = sorted((first, second), key=lambda traits: len(traits.title))
    heads = (head for head in long.heads if len(head.split()) > GENERIC)
    return short.numbers == long.numbers and any(
        fuzz.ratio(short.title, head) >= 95 and _all_slips(*_apart(short.title.split(), head.split())) for head in heads
    )


def slips(first: Traits, second: Traits) -> bool:
    """Whether titles differ by slips only, not by a word that one of them has more."""
    if first.title.replace(" ", "") == second.title.replace(" ", ""):
        return True
    a, b = _apart(first.words, second.words)
    return bool(a) == bool(b) and _all_slips(a, b)


def other_words(first: Traits, second: Traits) -> tuple[list[str], list[str]]:
    """The words by which two titles mean something else: mice and rats, or men and women, are two studies."""
    if likeness(first, second) == 100 or cut(first, second) or slips(first, second):
        return [], []
    a, b = _apart(first.words, second.words)
    if not (a and b) and all(word in _WEAK or len(word) < 3 for word in [*a, *b]):
        return [], []  # also a letter such as β, which an export has lost
    return a, b


def turned(first: Traits, second: Traits) -> bool:
    """Whether titles differ by so few words that one is the other about somebody or something else."""
    one, other = other_words(first, second)
    few = max(len(one), len(other)) <= FEW
    return bool(one or other) and few and shared(first, second) > len(one) + len(other)


def _apart(first: list[str], second: list[str]) -> tuple[list[str], list[str]]:
    """The words that only one of two titles has, in order."""
    return [word for word in first if word not in second], [word for word in second if word not in first]


def _all_slips(a: list[str], b: list[str]) -> bool:
    if not a or not b:
        return not a and not b
    if len(a) == len(b):
        slipped = all(map(_slip, a, b)) or all(map(_slip, sorted(a), sorted(b)))
    else:
        slipped = _slip("".join(a), "".join(b))
    if not slipped or (_OPPOSITES.intersection(a) and _OPPOSITES.intersection(b)):
        return False
    return not any(_contrast(x, y) for x, y in product(a, b))


def _slip(x: str, y: str) -> bool:
    """Whether one word is the other with a wrong letter; in a short word, with one more, less or exchanged."""
    if [c for c in x if c.isdigit()] != [c for c in y if c.isdigit()]:
        return False
    if Indel.distance(x, y) <= 1 or (sorted(x) == sorted(y) and x[:1] == y[:1]):
        return True
    return max(len(x), len(y)) > 5 and fuzz.ratio(x, y) >= 75


def _contrast(x: str, y: str) -> bool:
    """Whether two words are one with another beginning or ending that turns its meaning: hyper- and hypotension."""
    if x == y:
        return False
    end, start = _common(x[::-1], y[::-1]), _common(x, y)
    if end > 3 and {x[: len(x) - end], y[: len(y) - end]} <= _PREFIXES | {""}:
        return True
    return start > 3 and {x[start:], y[start:]} <= _ENDINGS


def _common(x: str, y: str) -> int:
    """With how many of the same letters two words begin."""
    return next((i for i, (a, b) in enumerate(zip(x, y, strict=False)) if a != b), min(len(x), len(y)))


def shared(first: Traits, second: Traits) -> int:
    """How many words two titles have in common, in one order."""
    return sum(m.size for m in SequenceMatcher(None, first.words, second.words, autojunk=False).get_matching_blocks())
