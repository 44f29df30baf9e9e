"""Which records are of one publication: identifiers, then likeness, then a library where likeness leaves it open."""

from evigraph.matching.duplicates import Match
from evigraph.matching.traits import Traits, folded

__all__ = ["Match", "Traits", "duplicates", "folded", "traits"]
