"""The pages of single things: a question, a study, a finding, a code."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import Any

from evigraph.site import words
from evigraph.site.of_the_review import first_words, question_line
from evigraph.site.records import Finding, Study
from evigraph.site.shelf import Page, Shelf, outside


def question(shelf: Shelf, iri: str) -> Page:
    """A question's page: how many studies speak to it, which way, in which words, and what the review concludes."""
    notation, text = shelf.evidence.notation(iri), shelf.evidence.things.label(iri)
    title = f"{notation}: {text}" if notation != text else text
    return Page(shelf.addresses.give(iri), "question.html", title, later=partial(_question, shelf, iri))


def _question(shelf: Shelf, iri: str) -> dict[str, Any]:
    evidence = shelf.evidence
    line = question_line(evidence, iri)
    groups: dict[str, list[tuple[Study, list[tuple[Finding, Any]]]]] = defaultdict(list)
    for study in evidence.included:
        mine = [(f, s) for f in study.findings if not f.repeats for s in f.said if s.question == iri]
        by_stance: dict[str, list[tuple[Finding, Any]]] = defaultdict(list)
        for finding, said in mine:
            by_stance[said.stance if said.stance in words.STANCES else ""].append((finding, said))
        for stance, found in by_stance.items():
            groups[stance].append((study, found))
    order = [(words.STANCES[word], groups[word]) for word in words.STANCES if word in groups]
    own = [f for f in evidence.syntheses.values() if any(s.question == iri for s in f.said)]
    apart = [
        f
        for f in evidence.findings.values()
        if f.study in evidence.studies
        and not evidence.studies[f.study].included
        and any(s.question == iri for s in f.said)
    ]
    place = evidence.questions.index(iri)
    around = (evidence.questions[place - 1] if place else "", *evidence.questions[place + 1 : place + 2])
    return {
        "line": line,
        "all": len(evidence.included),
        "groups": order,
        "findings": sum(len(found) for _, studies in order for _, found in studies),
        "syntheses": [(f, next(s for s in f.said if s.question == iri)) for f in own],
        "apart": apart,
        "before": around[0],
        "after": around[1] if len(around) > 1 else "",
        "uncertain": not evidence.things.are("Appraisal"),
    }


def study(shelf: Shelf, each: Study) -> Page:
    """A study's page: its reports, what it is like, what it says to which question, and why it is in the review."""
    return Page(shelf.addresses.give(each.iri), "study.html", each.label, later=partial(_study, shelf, each))


def _study(shelf: Shelf, each: Study) -> dict[str, Any]:
    evidence, things = shelf.evidence, shelf.evidence.things
    by_question: dict[str, list[Finding]] = defaultdict(list)
    for finding in each.findings:
        for said in finding.said or []:
            by_question[said.question].append(finding)
    unasked = [finding for finding in each.findings if not finding.said]
    order = [(iri, by_question[iri]) for iri in evidence.questions if iri in by_question]
    results = [
        result(shelf, iri)
        for iri in (*things.into(each.iri, "fromStudy"), *things.names(each.iri, "result"))
        if things.is_a(iri, "Result") or things.is_a(iri, "Quantity")
    ]
    results += [result(shelf, iri) for finding in each.findings for iri in finding.results]
    mentions = [things.text(iri, "printed") for report in each.reports for iri in things.into(report.iri, "resolvesTo")]
    places = {value.places for held in each.values.values() for value in held if value.text}
    return {
        "study": each,
        "common": "; ".join(next(iter(places))) if len(places) == 1 and len(each.values) > 2 else "",
        "by_question": order,
        "unasked": unasked,
        "spellings": sorted({text for text in mentions if text}),
        "citations": len(mentions),
        "results": list({r["iri"]: r for r in results}.values()),
        "appraisals": [
            appraisal(shelf, iri)
            for iri in things.into(each.iri, "about")
            if things.names(iri, "tool") or things.text(iri, "tool")
        ],
        "based": [f for f in evidence.syntheses.values() if set(f.based) & {each.iri, *(x.iri for x in each.findings)}],
        "schema": scholarly(each),
        "retracted": each.iri in shelf.retracted,
    }


def result(shelf: Shelf, iri: str) -> dict[str, str]:
    """Numbers of a study in words: what was measured, for whom and when, and the figures."""
    things = shelf.evidence.things
    what = [
        things.label(each)
        for key in ("outcome", "measure", "group", "versus", "time")
        for each in things.names(iri, key)
    ]
    kind = next((things.label(each) for key in ("kind", "statistic") for each in things.names(iri, key)), "")
    kind = kind or things.text(iri, "kind") or things.text(iri, "statistic") or things.text(iri, "metric")
    numbers = []
    for key in ("estimate", "ciLow", "ciHigh", "se", "variance", "p", "n", "events", "mean", "sd", "value"):
        if (number := things.number(iri, key)) is not None:
            numbers.append(f"{_NAMES.get(key, key)} {number:,.6g}".strip())
    unit = things.text(iri, "unit") or next((each.rpartition("#")[2] for each in things.names(iri, "unit")), "")
    if unit and unit != "count" and numbers:
        numbers[-1] += f" {unit}"
    return {
        "iri": iri,
        "what": "; ".join(what) or words.heading(kind) or words.heading(iri.rpartition("/")[2]),
        "kind": words.heading(kind) if what else "",
        "numbers": ", ".join(numbers),
        "places": "; ".join(shelf.evidence.places(iri)),
    }


_NAMES = {"value": "", "estimate": "estimate", "ciLow": "from", "ciHigh": "to", "sd": "SD", "se": "SE"}


def appraisal(shelf: Shelf, iri: str) -> dict[str, Any]:
    """What was judged of a study with one tool."""
    things = shelf.evidence.things
    tool = next(iter(things.names(iri, "tool")), "")
    return {"tool": things.label(tool) if tool else things.text(iri, "tool"), "values": shelf.evidence.values(iri)}


def scholarly(each: Study) -> list[dict[str, Any]]:
    """The reports of a study as schema.org's articles."""
    found = []
    for report in each.reports:
        told = {
            "name": report.title,
            "author": report.authors,
            "datePublished": report.year,
            "isPartOf": report.container,
            "sameAs": outside(report)[0],
            "identifier": f"doi:{report.doi}" if report.doi else "",
        }
        kept = {key: value for key, value in told.items() if value}
        found.append({"@context": "https://schema.org", "@type": "ScholarlyArticle", "@id": report.iri, **kept})
    return found


def finding(shelf: Shelf, each: Finding) -> Page:
    """A finding's page: the statement, what it says to which question, about whom, from where, and who coded it."""
    evidence, things = shelf.evidence, shelf.evidence.things
    owner = evidence.studies.get(each.study)
    label = owner.label if owner else things.label(each.study) if each.study else shelf.title
    title = f"{first_words(each)} {words.DASH} {label}"
    return Page(shelf.addresses.give(each.iri), "finding.html", title, later=partial(_said_by, shelf, each))


def _said_by(shelf: Shelf, each: Finding) -> dict[str, Any]:
    evidence, things = shelf.evidence, shelf.evidence.things
    near = {other.iri: other for place in each.places for other in evidence.at[place] if other.iri != each.iri}
    beside = [near[iri] for iri in sorted(near)]
    coded = [
        (
            things.label(iri),
            next((how.rpartition("#")[2].replace("-", " ") for how in things.names(iri, "mode")), ""),
            things.text(iri, "prov:endedAtTime"),
        )
        for iri in each.codings
    ]
    return {
        "finding": each,
        "study": evidence.studies.get(each.study),
        "beside": beside,
        "coded": coded,
        "results": [result(shelf, iri) for iri in each.results],
        "based": [evidence.findings.get(iri) or evidence.studies.get(iri) for iri in each.based],
        "retracted": each.study in shelf.retracted,
        "concluded": [s for s in evidence.syntheses.values() if each.iri in s.based],
        "asks": {said.question: evidence.asks(said.question) for said in each.said},
    }


def code(shelf: Shelf, iri: str) -> Page:
    """A code's page: what it means, and the studies and findings that have it."""
    title = shelf.evidence.things.label(iri)
    return Page(shelf.addresses.give(iri), "code.html", title, later=partial(_code, shelf, iri))


def _code(shelf: Shelf, iri: str) -> dict[str, Any]:
    evidence, things = shelf.evidence, shelf.evidence.things
    found = evidence.codes[iri]
    findings = [evidence.findings[each] for each in found if each in evidence.findings]
    counted = [f for f in findings if not f.repeats and (s := evidence.studies.get(f.study)) and s.included]
    direct = [evidence.studies[each] for each in found if each in evidence.studies]
    having = {f.study for f in counted} | {s.iri for s in direct if s.included}
    effects: dict[str, set[str]] = defaultdict(set)
    for each in counted:
        effects[each.effect if each.effect in words.EFFECTS else ""].add(each.study)
    kept = {f.iri for f in counted}
    return {
        "iri": iri,
        "definition": things.text(iri, "skos:definition"),
        "others": things.texts(iri, "skos:altLabel"),
        "broader": things.names(iri, "skos:broader"),
        "narrower": things.in_order(things.into(iri, "skos:broader")),
        "scheme": next((things.label(each) for each in things.names(iri, "skos:inScheme")), ""),
        "contrary": [*things.names(iri, "contrary"), *things.into(iri, "contrary")],
        "studies": [s for s in evidence.included if s.iri in having],
        "findings": counted,
        "aside": [f for f in findings if f.iri not in kept],
        "effects": [(words.EFFECTS[word], len(effects[word])) for word in words.EFFECTS if word in effects],
        "whose": things.in_order(things.names(iri, "concerns")),
        "all": len(evidence.included),
    }
