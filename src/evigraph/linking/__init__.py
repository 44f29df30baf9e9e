"""Records into a review: searches, duplicates, screening decisions, and the studies that come of them.

Modules: `plans` (what linking files would change), `model` (how files are linked, and what comes of it), `searches` (a
file and its records as a document), `revisions` (documents while they are changed), `screening` (what reviewers decided
about a record), `screening_files` with `held` (files of decisions, and the records that they mean), `notices`
(retractions and corrections by their titles), `tied` (the same by what databases say), `versions` (of one work),
`sameness` (what a person decides about two records), `publications` (the best that records say),
`report_values` (reports follow their records), `again` (files that were linked before), `study_drafts` (a study out of
a publication), `plan_files` (a plan as files), `rounds` (what was searched and screened together), `blocks` (what is
compared with what).
"""

from evigraph.linking.model import SOURCES, Options, Plan
from evigraph.linking.revisions import Revision

__all__ = [
    "SOURCES",
    "Options",
    "Plan",
    "Revision",
    "blocks",
    "plan_files",
    "plans",
    "publications",
    "report_values",
    "rounds",
    "sameness",
    "screening",
    "screening_files",
    "searches",
    "study_drafts",
    "tied",
]
