"""Records into a review: searches, duplicates, screening decisions, and the studies that come of them.

Modules: `plans` (what linking files would change), `revisions` (documents while they are changed), `screening` (what
reviewers decided), `notices` (retractions and corrections), `sameness` (what a person decides about two records),
`study_drafts` (a study out of a record), `plan_files` (a plan as files), `blocks` (what is compared with what).
"""

from evigraph.linking.plans import Options, Plan
from evigraph.linking.revisions import Revision

__all__ = ["Options", "Plan", "Revision", "blocks", "plan_files", "plans", "sameness", "screening", "study_drafts"]
