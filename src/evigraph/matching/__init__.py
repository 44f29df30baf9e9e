"""Which records are of one publication, and which a person has to decide about: by identifiers, then by likeness."""

from evigraph.matching.duplicates import Match
from evigraph.matching.traits import Traits, folded

__all__ = [
    "Match",
    "Traits",
    "duplicates",
    "folded",
    "identifiers",
    "likeness",
    "pairs",
    "registrations",
    "traits",
    "values",
]
