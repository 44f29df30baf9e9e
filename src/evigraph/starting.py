"""A new review: the smallest documents that hold to the shapes, to be filled in."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from evigraph import data, graph
from evigraph.errors import UsageError

QUERY = """#+ summary: How many studies state each benefit.
#+ description: Unit, distinct studies. A query of this workspace; change it, or write others beside it.
#+ columns: [benefit, studies]
#+ order: most studies first, then by name
PREFIX evi: <https://w3id.org/evigraph/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?benefit (COUNT(DISTINCT ?study) AS ?studies) WHERE {
  ?finding evi:benefit ?concept ; evi:fromStudy ?study .
  ?concept skos:prefLabel ?benefit .
}
GROUP BY ?concept ?benefit
ORDER BY DESC(?studies) ?benefit
"""


def documents(slug: str, title: str, base: str) -> dict[str, dict[str, Any]]:
    """The documents of a review that has one question and no study yet, by name."""
    root = {"id": "review", "type": "Review"}
    question = {"id": "question/rq-1", "type": "ResearchQuestion", "label": "What is known?", "notation": "RQ1"}
    coding = {"id": "coding/first", "type": "Coding", "coder": ["agent/first"], "mode": "manual", "date": "2000-01-01"}
    scheme = "codebook/stakeholders"
    return {
        "review": {
            **root,
            "title": title,
            "base": base,
            "license": "https://creativecommons.org/licenses/by/4.0/",
            "description": f"The review {slug}: change this text, the question, the coder and the date below.",
            "questions": [{**question, "position": 1}],
            "codings": [coding],
            "agents": [{"id": "agent/first", "type": "Agent", "label": "First coder"}],
        },
        "codebook": {
            **root,
            "codebooks": [
                {"id": scheme, "type": "Codebook", "label": "Stakeholders"},
                {"id": "codebook/benefits", "type": "Codebook", "label": "Benefits"},
                {"id": "codebook/drawbacks", "type": "Codebook", "label": "Drawbacks"},
            ],
            "stakeholders": [
                {
                    "id": "stakeholder/participant",
                    "type": "Stakeholder",
                    "label": "Participant",
                    "definition": "Somebody whom the studies are about.",
                    "position": 1,
                    "inScheme": scheme,
                }
            ],
        },
        "outline": {**root, "locators": []},
        "references": {**root, "references": []},
        "citations": {**root, "citations": []},
        "discrepancies": {**root, "discrepancies": []},
    }


def create(root: Path, slug: str, title: str, base: str) -> Path:
    """A workspace at `root` with one review; everything is written, or nothing.

    Returns the review's folder.

    Raises:
        UsageError: the slug or base can't be used, the folder isn't empty, or it can't be written.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise UsageError(f"`{slug}` can't name a review; use small letters, digits and hyphens", slug)
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+[/#]", base):
        raise UsageError(f"base `{base}` is not an absolute IRI that ends in / or #", base)
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise UsageError(f"{root} is there already and not empty; choose another folder", root)
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".evigraph-", dir=root.parent) as folder:
            review = Path(folder) / "new" / "data" / slug
            (review / "studies").mkdir(parents=True)
            for name, content in documents(slug, title, base).items():
                (review / f"{name}.yaml").write_text(data.dump(graph.arranged(content)), "utf-8")
            queries = Path(folder) / "new" / "queries" / "counts"
            queries.mkdir(parents=True)
            (queries / "benefits-by-studies.rq").write_text(QUERY, "utf-8")
            if root.exists():
                root.rmdir()
            shutil.move(Path(folder) / "new", root)
    except OSError as error:
        raise UsageError(f"{root}: {error.strerror}; choose a folder that can be written", root) from None
    return root / "data" / slug
