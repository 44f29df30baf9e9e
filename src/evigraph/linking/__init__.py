"""Records into a review: searches, duplicates, screening decisions, and the studies that come of them."""
