"""The pages about the review as a whole: home, about, data."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from evigraph.site import alone, words
from evigraph.site.evidence import Evidence
from evigraph.site.of_figures import Drawn
from evigraph.site.records import Finding, Study
from evigraph.site.shelf import POLICY, Page, Shelf


def home(shelf: Shelf, figures: list[Drawn], blocks: dict[str, str], attributes: list[tuple[str, str, int]]) -> Page:
    """`index.html`: what the review is, what it read, a line a question, and what the studies are like.

    `figures` stand below the questions; `attributes` are the titles, addresses and numbers of rows of the pages that
    count values.
    """
    evidence = shelf.evidence
    stating = [study for study in evidence.included if any(not f.repeats for f in study.findings)]
    lines = [question_line(evidence, iri) for iri in evidence.questions]
    values = {
        "included": len(evidence.included),
        "cited_only": len(evidence.studies) - len(evidence.included),
        "stating": len(stating),
        "silent": len(evidence.included) - len(stating),
        "findings": sum(not f.repeats for study in evidence.included for f in study.findings),
        "asked": asked(evidence),
        "lines": lines,
        "figures": figures,
        "blocks": blocks,
        "attributes": attributes,
        "schema": dataset(shelf),
        "alone": Markup(alone.STYLE),  # noqa: S704 - ours
        "policy": Markup(POLICY.replace("style-src 'self'", f"style-src 'self' {alone.allowed(alone.STYLE)}")),  # noqa: S704
    }
    return Page("index.html", "home.html", "", values)


def asked(evidence: Evidence) -> str:
    """What the review asks, counted: `9 questions and 3 goals`."""
    goals = sum(1 for iri in evidence.questions if iri in set(evidence.things.are("Goal")))
    counts = [(len(evidence.questions) - goals, "question"), (goals, "goal")]
    return " and ".join(words.counted(number, noun) for number, noun in counts if number)


def question_line(evidence: Evidence, question: str) -> dict[str, Any]:
    """A question with a square for each included study that speaks to it, in the order of the stances."""
    squares = []
    for study in evidence.speaking(question):
        stance = stance_of(study, question)
        sign = words.STANCES.get(stance, words.STANCES[""])
        squares.append((list(words.STANCES).index(sign.key), study.label, study, sign))
    return {
        "iri": question,
        "notation": evidence.notation(question),
        "text": evidence.things.label(question),
        "squares": [(study, sign) for _, _, study, sign in sorted(squares, key=lambda each: each[:2])],
        "studies": len(squares),
        "asks": evidence.asks(question),
    }


def stance_of(study: Study, question: str) -> str:
    """What a study says to a question on the whole: both, if it says yes and no; else the strongest that it says.

    The rule is that of the evidence map: any finding that says both makes the study say both.
    """
    said = {s.stance for f in study.findings if not f.repeats for s in f.said if s.question == question}
    if "mixed" in said or {"supports", "against"} <= said:
        return "mixed"
    return next((word for word in words.STANCES if word in said), "")


def about(shelf: Shelf, blocks: dict[str, str]) -> Page:
    """`about.html`: what, who, when, under which licence, how it was coded, how to cite."""
    evidence, things = shelf.evidence, shelf.evidence.things
    codings = [
        {
            "iri": iri,
            "label": things.label(iri),
            "who": [things.label(each) for each in things.names(iri, "prov:wasAssociatedWith")],
            "how": next((each.rpartition("#")[2].replace("-", " ") for each in things.names(iri, "mode")), ""),
            "when": things.text(iri, "prov:endedAtTime"),
            "after": [things.label(each) for each in things.names(iri, "prov:wasInformedBy")],
        }
        for iri in things.are("Coding")
    ]
    agents = [
        (things.label(iri), things.text(iri, "dcterms:description"))
        for iri in things.in_order(things.are("prov:Agent"))
    ]
    missing = [name for name, address in blocks.items() if not address]
    values = {"codings": codings, "agents": agents, "missing": missing, "assessed": bool(things.are("Appraisal"))}
    return Page("about.html", "about.html", "About this review", values | {"uncoded": uncoded(evidence)})


def uncoded(evidence: Evidence) -> int:
    """How many included studies have neither a finding nor a value yet."""
    return sum(not study.findings and not study.values for study in evidence.included)


def dataset(shelf: Shelf) -> dict[str, Any]:
    """The review as a `Dataset` of schema.org."""
    review = shelf.review
    told = {
        "name": shelf.title,
        "description": review.get("description"),
        "license": review.get("license"),
        "version": review.get("version"),
        "creator": {"@type": "Person", "name": review["creator"]} if isinstance(review.get("creator"), str) else None,
        "inLanguage": review.get("language"),
        "url": shelf.base_url or None,
        "isAccessibleForFree": True,
    }
    kept = {key: value for key, value in told.items() if value}
    return {"@context": "https://schema.org", "@type": "Dataset", "@id": shelf.addresses.base, **kept}


def first_words(each: Finding, length: int = 90) -> str:
    """A finding's statement, cut at a word where it is long."""
    if len(each.statement) <= length:
        return each.statement
    return each.statement[:length].rpartition(" ")[0] + " …"
