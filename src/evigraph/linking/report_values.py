"""Reports follow what the records of their publications say; what a person typed into a study stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evigraph.data import quads
from evigraph.linking import study_drafts
from evigraph.linking.publications import IDENTIFIERS, PEOPLE, bare
from evigraph.linking.revisions import Revision

TOLD = (*IDENTIFIERS, "year")
"""The keys whose difference from a typed value is told; titles and names are spelt otherwise in every database."""
GROUPS = [PEOPLE, *((key,) for key in study_drafts.REPORT_KEYS if key not in (*PEOPLE, "identifiers"))]
"""The keys whose values are taken together."""

Values = dict[str, Any]


def settle(revision: Revision) -> None:
    """Let the reports of every publication whose records have changed have the best of what these say now.

    A gap is filled. A value that a record had given gives way to a
    better one, or goes with its record. A value that no record had given was typed: it stays, and a note says what
    the records say instead.
    """
    before = revision.unchanged()
    touched = _touched(revision, before)
    if not touched:
        return
    places = {
        report["id"]: name
        for name in revision.names("studies/")
        for report in (revision.content(name) or {}).get("reports", [])
    }
    known = {report["id"] for report in before.reports()}
    made = {record["identifies"] for record in revision.records() if "identifies" in record}
    for identity in sorted(touched & places.keys()):
        was, now = before.best(identity), revision.best(identity)
        if was != now or identity not in known:
            _follow(revision, places[identity], identity, was, now, identity in made)


def _touched(revision: Revision, before: Revision) -> set[str]:
    """The records and reports that stand for a publication of which a record is new, was changed, or is no more."""
    changed: set[str] = set()
    for name in [each for each in revision.contents if each.startswith("records/")]:
        after, held = (
            {row["id"]: row for row in (each.content(name) or {}).get("records", [])} for each in (revision, before)
        )
        changed |= {each for each in after.keys() | held.keys() if after.get(each) is not held.get(each)}
    found = (each.publications().items() for each in (revision, before)) if changed else ()
    return {first for publications in found for first, members in publications if not changed.isdisjoint(members)}


def _follow(revision: Revision, name: str, identity: str, was: Values, now: Values, made: bool) -> None:
    """Let one report follow its records; `made`, whether it was made of one, so that its values are theirs."""
    content = revision.content(name) or {}
    report = next(each for each in content["reports"] if each["id"] == identity)
    filled = set(report.get("filled", []))
    values, gained = dict(report), []
    for keys in GROUPS:
        held, old, new = ({key: each[key] for key in keys if key in each} for each in (report, was, now))
        theirs = bool(held) and held == old and (made or not filled.isdisjoint(keys))
        if held == new or (held and not theirs):
            continue
        values = {key: value for key, value in values.items() if key not in keys} | new
        filled = filled.difference(keys) | (set() if made else set(new))
        gained.append(f"{keys[0]} {new.get(keys[0], 'is known no more')}")
    values["identifiers"] = _identifiers(report, values, was, now, made)
    values["filled"] = sorted(filled)
    values = {key: value for key, value in values.items() if value != []}
    label = _label(revision, name, content, report, values) if made else content["label"]
    if gained:
        revision.notes.append(f"~ {content['label']}: {', '.join(gained)}; see evigraph run value-sources")
    if label != content["label"]:
        revision.notes.append(f"~ {content['label']} is called {label} now; its id stays {content['id']}")
    revision.notes += [f"{content['label']}: {each}" for each in _differences(values, was, now)]
    reports = [values if each is report else each for each in content["reports"]]
    changed = quads.arranged({**content, "label": label, "reports": reports})
    if changed != content:
        revision.contents[name] = changed
        if name in revision.studies:
            revision.studies[name] = label


def _identifiers(report: Values, values: Values, was: Values, now: Values, made: bool) -> list[str]:
    """All that names the publication besides the report's own identifiers."""
    gone = set(was.get("identifiers", [])) - set(now.get("identifiers", [])) if made else set()
    own = {f"{key}:{bare(key, values[key])}" for key in IDENTIFIERS if key in values}
    others = {f"{key}:{now[key]}" for key in IDENTIFIERS if key in now and key in values}
    every = (set(report.get("identifiers", [])) - gone) | set(now.get("identifiers", [])) | others
    parted = ((each, *each.partition(":")[::2]) for each in every)
    return sorted(each for each, key, value in parted if f"{key}:{bare(key, value)}" not in own)


def _differences(values: Values, was: Values, now: Values) -> Iterator[str]:
    """What a person typed otherwise than the records say now."""
    for key in TOLD:
        if key in values and key in now and now[key] != was.get(key) and bare(key, values[key]) != bare(key, now[key]):
            yield f"kept {key} {values[key]}, which was typed; its records say {now[key]}"


def _label(revision: Revision, name: str, content: Values, report: Values, values: Values) -> str:
    """The study's label; one that was drafted of the report is drafted anew, so that `n.d.` goes with the unknown year.

    Who wrote another one keeps it, and no two studies get one.
    """
    label = str(content["label"])
    if content["reports"][0] is not report or label not in _drafts(report):
        return label
    others = {str((revision.content(e) or {}).get("label")) for e in revision.names("studies/") if e != name}
    return next((each for each in _drafts(values) if each not in others), label)


def _drafts(values: Values) -> list[str]:
    """The labels that a draft of a report's study may have, with and without a letter."""
    stem = study_drafts.key(values)
    return [study_drafts.label(f"{stem}{ending}", values) for ending in study_drafts.ENDINGS]
