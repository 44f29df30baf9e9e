"""Does a review hold to its shapes, its check queries and, on request, the axioms of its vocabulary.

>>> from evigraph import checks
>>> from evigraph.paths import SHIPPED, find_workspace
>>> checks.check(find_workspace(SHIPPED))
[]
"""

from evigraph.checks.validation_report import Violation, check, violations

__all__ = ["Violation", "check", "reasoning", "validation_report", "violations"]
