"""A new review: the smallest documents that hold to the shapes, to be filled in."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evigraph import data, queries
from evigraph.data import quads
from evigraph.errors import UsageError
from evigraph.linking import study_drafts
from evigraph.updating import new_folders

TRIALS = {
    "Randomised trial": "Who got what was assigned by chance.",
    "Non-randomised trial": "The researchers assigned who got what, and not by chance.",
    "Before-and-after study": "One group was measured before and after.",
    "Cohort study": "Groups that differ in what they met were followed over time.",
    "Cross-sectional study": "Everything was measured at one time.",
}
FIELDWORK = {
    "Interview study": "People were interviewed one by one.",
    "Focus group study": "Groups talked about the researchers' questions.",
    "Ethnography": "The researchers took part in, or watched, what people do.",
    "Document analysis": "Written sources were analysed.",
}
KINDS: dict[str, dict[str, dict[str, str]]] = {
    "narrative": {},
    "map": {"design": TRIALS | FIELDWORK, "country": {}, "population": {}},
    "effectiveness": {"design": TRIALS, "outcome": {}, "country": {}},
    "qualitative": {"design": FIELDWORK, "theme": {}, "country": {}},
}
"""The kinds of review, each with the attributes that its codebook begins with, and their first codes."""

ABOUT = {
    "narrative": "what is said, in words, with benefits and drawbacks",
    "map": "what has been studied, and where the gaps are",
    "effectiveness": "whether something works: groups, results, effects",
    "qualitative": "what people say and do: themes",
}
"""What each kind of review is about, for who has to choose."""

DEFINITIONS = {
    "design": ("How the study was made.", ["study"]),
    "country": ("Where the study was made.", ["study"]),
    "population": ("Whom or what the study is about.", ["study"]),
    "outcome": ("What was looked at for a change or a difference.", ["finding", "result"]),
    "theme": ("What a finding is about, in the review's own words.", ["finding"]),
}
"""What each of these attributes tells, and of which records."""


@dataclass(frozen=True)
class Outline:
    """What a new review begins with; what isn't given is a placeholder to be changed.

    Attributes:
        title: the review's. base: the IRI that its own IRIs begin with. questions, goals: their texts, in order.
        stakeholders: labels of the codebook, in order. benefits, drawbacks: the same; `Student: Ease` concerns
        students, `Ease` everybody. who: who codes, by name. kind: one of `KINDS`; all but a narrative review
        have benefits and drawbacks only where some are given.
    """

    title: str
    base: str
    questions: tuple[str, ...] = ("What is known?",)
    goals: tuple[str, ...] = ()
    stakeholders: tuple[str, ...] = ("Participant",)
    benefits: tuple[str, ...] = ()
    drawbacks: tuple[str, ...] = ()
    who: str = "First coder"
    kind: str = "narrative"

    @property
    def weighs(self) -> bool:
        """Whether the review is about benefits and drawbacks."""
        return self.kind == "narrative" or bool(self.benefits or self.drawbacks)


def documents(slug: str, outline: Outline) -> dict[str, dict[str, Any]]:
    """The documents of a review without a study, by name."""
    root = {"id": "review", "type": "Review"}
    coding = {"id": "coding/first", "type": "Coding", "coder": ["agent/first"], "mode": "manual"}
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    review = {
        **root,
        "title": outline.title,
        "base": outline.base,
        "description": f"The review {slug}.",
        "goals": _numbered("goal", "Goal", "Goal ", outline.goals),
        "questions": _numbered("rq", "ResearchQuestion", "RQ", outline.questions),
        "codings": [{**coding, "date": today}],
        "agents": [{"id": "agent/first", "type": "Agent", "label": outline.who}],
    }
    codebook = {
        **root,
        "codebooks": [
            {"id": f"codebook/{key}", "type": "Codebook", "label": key.capitalize()}
            for key in ("stakeholders", *(("benefits", "drawbacks") if outline.weighs else ()), *KINDS[outline.kind])
        ],
        "stakeholders": _concepts("Stakeholder", outline.stakeholders, ()),
        "benefits": _concepts("Benefit", outline.benefits, outline.stakeholders),
        "drawbacks": _concepts("Drawback", outline.drawbacks, outline.stakeholders),
        "attributeValues": list(_values(KINDS[outline.kind])),
        "attributes": [_attribute(key) for key in KINDS[outline.kind]],
    }
    return {
        "review": {key: value for key, value in review.items() if value != []},
        "codebook": {key: value for key, value in codebook.items() if value != []},
        "outline": {**root, "locators": []},
        "references": {**root, "references": []},
        "citations": {**root, "citations": []},
        "discrepancies": {**root, "discrepancies": []},
    }


def _numbered(key: str, kind: str, notation: str, texts: tuple[str, ...]) -> list[dict[str, Any]]:
    """Questions or goals; the ids are those of the shipped review, such as `question/rq-1` and `goal/goal-1`."""
    folder = "question" if key == "rq" else key
    return [
        {
            "id": f"{folder}/{key}-{number}",
            "type": kind,
            "label": text,
            "notation": f"{notation}{number}",
            "position": number,
            **(_asks(text) if key == "rq" else {"asks": "what"}),
        }
        for number, text in enumerate(texts, 1)
    ]


ASKS = {
    "what": ("what", "which", "who", "whom", "how", "why", "where", "when"),
    "whether": ("do", "does", "did", "is", "are", "was", "were", "can", "could", "should", "will", "has", "have"),
}
"""The first words of English questions that tell what is asked; of any other it is left open."""


def _asks(text: str) -> dict[str, str]:
    first = text.split(maxsplit=1)[0].casefold() if text.strip() else ""
    kind = next((kind for kind, words in ASKS.items() if first in words), "")
    return {"asks": kind} if kind else {}


def _attribute(key: str) -> dict[str, Any]:
    """The declaration of an attribute that a codebook begins with; its codes are in the codebook of that name."""
    definition, levels = DEFINITIONS[key]
    head = {"id": f"attribute/{key}", "type": "Attribute", "label": key.capitalize(), "definition": definition}
    return {**head, "as": "code", "appliesTo": levels, "multiple": "true", "role": key}


def _values(attributes: dict[str, dict[str, str]]) -> Iterator[dict[str, Any]]:
    """The first codes of attributes, in order."""
    for attribute, codes in attributes.items():
        for position, (label, definition) in enumerate(codes.items(), 1):
            yield {
                "id": f"value/{attribute}/{study_drafts.slugged(label)}",
                "type": "AttributeValue",
                "label": label,
                "definition": definition,
                "position": position,
                "inScheme": f"codebook/{attribute}",
            }


def _concepts(kind: str, labels: tuple[str, ...], stakeholders: tuple[str, ...]) -> list[dict[str, Any]]:
    folder = kind.lower()
    found = []
    for position, (who, label) in enumerate((_told(each, stakeholders) for each in labels), 1):
        concept = {
            "id": f"{folder}/{study_drafts.slugged(label)}",
            "type": kind,
            "label": label,
            "definition": f"{label}: write here what counts as this {folder} and what doesn't.",
            "position": position,
            "inScheme": f"codebook/{folder}s",
        }
        if who:
            concept["concerns"] = [f"stakeholder/{study_drafts.slugged(each)}" for each in who]
        found.append(concept)
    return found


def _told(label: str, stakeholders: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Whom a concept is about, and its own label."""
    who, colon, rest = label.partition(":")
    named = tuple(each for each in stakeholders if each.casefold() == who.strip().casefold())
    return (named, rest.strip()) if colon and named else (stakeholders, label)


def own_queries(outline: Outline) -> dict[str, str]:
    """The queries of a new review by their path below `queries/`: its tables, its counts, and one for each question."""
    weighing = ("tables/benefits", "tables/drawbacks", "counts/stakeholder-counts") if outline.weighs else ()
    found = {name: queries.template(name.partition("/")[2], {}) for name in weighing}
    asked = [(f"goal-{i}", f"Goal {i}", text) for i, text in enumerate(outline.goals, 1)]
    asked += [(f"rq-{i}", f"RQ{i}", text) for i, text in enumerate(outline.questions, 1)]
    for name, notation, text in asked:
        summary = json.dumps(f"{notation}: {' '.join(text.split())}", ensure_ascii=False)  # a YAML string as well
        found[f"answers/{name}"] = queries.template("answer", {"notation": notation, "summary": summary})
    return found


def create(root: Path, slug: str, outline: Outline) -> Path:
    """A review in the workspace at `root`, its first or one beside others; everything is written, or nothing.

    What is written into a folder that is there is one change, which `undo` takes back. Queries of a review that was
    alone until then go to the folder of its name, so that they stay its own.

    Returns the review's folder.

    Raises:
        UsageError: the slug or base can't be used, the folder has no room for it, or it can't be written.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or slug in queries.FOLDERS:
        kind = "a kind of queries is called so" if slug in queries.FOLDERS else "use small letters, digits and hyphens"
        raise UsageError(f"`{slug}` can't name a review; {kind}", slug)
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+[/#]", outline.base):
        raise UsageError(f"base `{outline.base}` is not an absolute IRI that ends in / or #", outline.base)
    _require_distinct(outline)
    texts = {
        f"data/{slug}/{name}.yaml": data.dump(quads.arranged(each)) for name, each in documents(slug, outline).items()
    }
    texts |= {f"queries/{slug}/{name}.rq": text for name, text in own_queries(outline).items()}
    return new_folders.write(root, slug, outline.base, texts)


def _require_distinct(outline: Outline) -> None:
    for kind in ("stakeholders", "benefits", "drawbacks"):
        seen: dict[str, str] = {}
        for label in getattr(outline, kind):
            key = study_drafts.slugged(_told(label, outline.stakeholders)[1])
            if not key:
                raise UsageError(f"`{label}` has no letter or digit to make a key of; write it in Latin letters", label)
            if key in seen:
                raise UsageError(f"`{label}` and `{seen[key]}` would have one key; rename one of the {kind}", label)
            seen[key] = label
