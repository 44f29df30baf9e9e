"""Which records are of one publication: identifiers, then likeness, then a library for the rest, if it is there."""

from evigraph.matching.duplicates import Match
from evigraph.matching.traits import Traits, folded

__all__ = ["Match", "Traits", "duplicates", "folded", "likeness", "traits", "values"]
