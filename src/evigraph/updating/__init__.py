"""What changes a review: tried, shown, written whole, and taken back; and new reviews.

>>> from evigraph import updating
>>> updating.SHOWN
12
"""

from evigraph.updating.changes import SHOWN, Effects, Outcome, change, effects, of
from evigraph.updating.links import link, screen
from evigraph.updating.outcome_text import as_json, as_text

__all__ = [
    "SHOWN",
    "Effects",
    "Outcome",
    "as_json",
    "as_text",
    "change",
    "decided",
    "effects",
    "link",
    "migration",
    "migration_text",
    "new_review",
    "of",
    "recoding",
    "recoding_attributes",
    "screen",
    "sparql_update",
    "study_coding",
]
