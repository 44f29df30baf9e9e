"""A review of any size in the model's form: N coded studies with findings and values, the same bytes each time.

Run it by hand: `python bench/reviews.py 3000 FOLDER` writes the workspace; any command then takes `--workspace FOLDER`.
Other measurements import `write`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from evigraph.files import yaml_text

STANCES = ("supports", "supports", "mixed", "against", "context")
EFFECTS = ("positive", "positive", "negative", "mixed", "none", "unclear")
MODALITIES = ("found", "suggested", "argued")
CODES = {
    "stakeholder": ("Patient", "Nurse", "Carer", "Clinic"),
    "benefit": ("Fewer falls", "Better sleep", "Less pain", "Lower cost", "More trust", "Shorter stay"),
    "drawback": ("More work", "Side effects", "Higher cost", "Less privacy"),
}
ATTRIBUTES = {
    "country": ("Chile", "Ghana", "India", "Japan", "Norway", "Peru", "Turkey", "Vietnam"),
    "design": ("Trial", "Cohort", "Survey", "Interviews", "Case study"),
    "setting": ("Hospital", "Home", "School"),
}
QUESTIONS = 8
PER_STUDY = 10 / 3
"""Findings a study, so that 3,000 studies have 10,000."""


def write(folder: Path, studies: int, base: str = "https://example.org/generated/") -> Path:
    """Write a workspace of so many included studies, each coded; returns its folder.

    Raises:
        FileExistsError: the folder has a review of that name already.
    """
    review = folder / "data" / "generated"
    (review / "studies").mkdir(parents=True)
    _write(review / "review.yaml", _review(base))
    _write(review / "codebook.yaml", _codebook())
    for number in range(1, studies + 1):
        _write(review / "studies" / f"author-{number}.yaml", _study(number))
    return folder


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml_text.dump(content), "utf-8")


def _review(base: str) -> dict[str, Any]:
    questions = [
        {
            "id": f"question/rq-{n}",
            "type": "ResearchQuestion",
            "label": f"Does telling people early help them, seen from side {n}?",
            "notation": f"RQ{n}",
            "position": n,
            "asks": "whether",
        }
        for n in range(1, QUESTIONS + 1)
    ]
    coding = {"id": "coding/first", "type": "Coding", "coder": ["agent/first"], "mode": "manual", "date": "2026-01-05"}
    return {
        "id": "review",
        "type": "Review",
        "title": "A generated review",
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "language": "en",
        "questions": questions,
        "codings": [coding],
        "agents": [{"id": "agent/first", "type": "Agent", "label": "A generator"}],
        "base": base,
    }


def _codebook() -> dict[str, Any]:
    told: dict[str, Any] = {"id": "review", "type": "Review"}
    for kind, labels in CODES.items():
        told[f"{kind}s"] = [
            {"id": _code(kind, label), "type": kind.capitalize(), "label": label, "position": place}
            | {"definition": f"What its text calls so: {label.lower()}.", "inScheme": f"codebook/{kind}s"}
            | ({} if kind == "stakeholder" else {"concerns": [_of("stakeholder", place)]})
            for place, label in enumerate(labels, 1)
        ]
    told["attributes"] = [
        {"id": f"attribute/{name}", "type": "Attribute", "label": name.capitalize(), "as": "text"}
        | {"definition": f"The {name} of the study.", "appliesTo": ["study"]}
        for name in ATTRIBUTES
    ]
    told["codebooks"] = [
        {"id": f"codebook/{kind}s", "type": "Codebook", "label": f"{kind.capitalize()}s"} for kind in CODES
    ]
    return told


def _code(kind: str, label: str) -> str:
    return f"{kind}/{label.lower().replace(' ', '-')}"


def _study(number: int) -> dict[str, Any]:
    key, place = f"author-{number}", f"locator/Report-author-{number}"
    first, last = (int((number + step) * PER_STUDY) for step in (-1, 0))
    values: dict[str, Any] = {"at": "report"} | {
        name: said[number * (7 + place_of) % len(said)] for place_of, (name, said) in enumerate(ATTRIBUTES.items())
    }
    if number % 11 == 0:
        values["country"] = "not-reported"
    return {
        "id": f"study/{key}",
        "type": "Study",
        "label": f"Author {number} ({_year(number)})",
        "reports": [
            {
                "id": f"report/{key}",
                "type": "Report",
                "title": f"What became of group {number} when it was told early, and of those who weren\u2019t",
                "authors": f"Author, A. {number}",
                "year": _year(number),
                "container": f"Journal {number % 97}",
                "doi": f"10.5555/generated.{number}",
            }
        ],
        "inclusion": {"id": f"inclusion/{key}", "type": "Inclusion", "state": "stated", "verdict": "include"},
        "values": values,
        "findings": [_finding(key, place, n) for n in range(first, last)],
        "locators": [{"id": place, "type": "Locator", "label": f"Report {key}", "section": f"Report {key}"}],
    }


def _finding(key: str, place: str, n: int) -> dict[str, Any]:
    good = n % 3 > 0
    kind = "benefit" if good else "drawback"
    return {
        "id": f"finding/{key}-{n}",
        "type": "Finding",
        "answers": {f"question/rq-{n % QUESTIONS + 1}": STANCES[n // QUESTIONS % len(STANCES)]},
        "concerns": [_of("stakeholder", n // 5)],
        "effect": EFFECTS[n // 7 % len(EFFECTS)],
        "modality": MODALITIES[n // 3 % len(MODALITIES)],
        kind: _of(kind, n // 4),
        "statement": f"In group {n} those who were told early did otherwise than the others, by {n % 40} in a hundred.",
        "locatedAt": place,
        "coding": "coding/first",
    }


def _of(kind: str, number: int) -> str:
    return _code(kind, CODES[kind][number % len(CODES[kind])])


def _year(number: int) -> int:
    return 1990 + number * 13 % 36


if __name__ == "__main__":
    print(write(Path(sys.argv[2]), int(sys.argv[1])))
