"""What was joined by mistake, parted again: a duplicate from its publication, a report from its study.

What followed from the join is taken back with it: the study, and decisions that came to the other record.
"""

from __future__ import annotations

import re
from typing import Any

from evigraph.data import quads
from evigraph.errors import UsageError
from evigraph.ingest import Decision
from evigraph.linking import screening, study_drafts
from evigraph.linking.revisions import BARE, Revision


def turned(made: Revision, one: str, other: str) -> tuple[str, str]:
    """Two records or reports in the order in which the first goes: of one publication, the one that duplicates it.

    Raises:
        UsageError: there is no such record or report, or nothing to part.
    """
    first = made.first(one)
    if one == other or first != made.first(other):
        return one, other
    for going, staying in ((one, other), (other, one)):
        if going.startswith("record/") and "duplicateOf" in made.record(going):
            return going, staying
    raise UsageError(f"{one} identifies {first}, so that both are one; nothing to part", one)


def record_of(made: Revision, identity: str) -> str:
    """The record that identifies a report, or nothing; a record as it is."""
    if not identity.startswith("report/"):
        return identity
    return next((str(each["id"]) for each in made.records() if each.get("identifies") == identity), "")


def record(made: Revision, identity: str, first: str) -> None:
    """A record duplicates a publication no more: it has its own decisions, and a study if they include it."""
    parted = {key: value for key, value in made.record(identity).items() if key != "duplicateOf"}
    included = first.startswith("report/")
    if included and "decisions" not in parted and _plainly_linked(made, identity):
        linked = Decision("include", "full-text", reason=screening.LINKED)
        parted = {**parted, "decisions": screening.rows(parted, [linked])}
    made.put_record(parted)
    _take_along(made, identity, first)
    _take_back(made, identity, first)
    decided = screening.decisions_of(parted)
    if screening.verdict_of(decided) == "include" and any(each.stage == "full-text" for each in decided):
        made.add_study(made.record(identity), screening.inclusion_of(decided))
    elif included and not decided:
        made.notes.append(f"{identity} waits, for nobody decided about it: evigraph screen {identity} include")


def _plainly_linked(made: Revision, identity: str) -> bool:
    """Whether the search of a record was linked as studies, so that the record would have been one."""
    rows = (made.content(f"records/{identity.split('/')[1]}") or {}).get("records", [])
    return any(each.get("basis") == screening.LINKED for row in rows for each in row.get("decisions", []))


def _take_along(made: Revision, identity: str, first: str) -> None:
    """What was joined to the publication only by being like the record duplicates the record now."""
    leading, firsts = {identity}, {first, record_of(made, first)}
    while True:
        following = [
            each
            for each in made.records()
            if each.get("duplicateOf") in firsts
            and any(m["comparedWith"] in leading and m["sameness"] == "same" for m in each.get("matches", []))
        ]
        if not following:
            return
        for each in following:
            leading.add(each["id"])
            made.put_record({**each, "duplicateOf": identity})


def _take_back(made: Revision, identity: str, first: str) -> None:
    """Decisions that only came to the other record with this one go from it, and its study with them.

    What the same people decided about other records of that one's search is taken for its own.
    """
    lead = record_of(made, first)
    here, there = (each.split("/")[1] if each else "" for each in (identity, lead))
    if not lead or here == there:
        return
    theirs = screening.decisions_of(made.record(identity))
    joined = {each.get("duplicateOf") for each in (made.content(f"records/{here}") or {}).get("records", [])}
    others = [
        each
        for each in (made.content(f"records/{there}") or {}).get("records", [])
        if each["id"] != lead and not joined & {each["id"], each.get("identifies", "")}
    ]
    own = {(said.who, said.stage) for each in others for said in screening.decisions_of(each)}
    row = made.record(lead)
    gone = [
        each
        for each, said in zip(row.get("decisions", []), screening.decisions_of(row), strict=True)
        if said.reason != screening.LINKED and (said.who, said.stage) not in own and said in theirs
    ]
    if gone:
        left = [each for each in row["decisions"] if each not in gone]
        changed = {key: value for key, value in row.items() if key != "decisions"} | (
            {"decisions": left} if left else {}
        )
        made.put_record(changed)
        said = ", ".join(f"{each['verdict']} ({each['screeningStage']})" for each in gone)
        made.notes.append(f"{lead}: what was decided about {identity} goes with that: {said}")
        screening.follow(made, made.record(lead), undone=True)


def report(made: Revision, one: str, other: str) -> None:
    """Of two reports of one study, that which isn't the study's first goes into a study of its own.

    Records that have its id in theirs, as after a join, go with it, and so do notices about it.
    """
    name = made.study_of(one)
    content = made.content(name) or {}
    held = [each["id"] for each in content["reports"]]
    stays = str(content["id"]).removeprefix("study/")
    main = f"report/{stays}" if f"report/{stays}" in held else held[0]
    going = other if one == main else one
    of = [each for each in content["reports"] if each["id"] == going or going in each.get("about", [])]
    own = going.removeprefix("report/")
    taken = set(made.names("studies/"))
    key = study_drafts.free(own, "studies/", taken)
    parts: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for each, value in content.items():
        if each == "reports":
            parts[each], rest[each] = of, [report for report in value if report not in of]
        elif isinstance(value, list) and value and all(isinstance(part, dict) for part in value):
            theirs = [part for part in value if _is_of(str(part.get("id", "")), own, stays)]
            parts |= {each: theirs} if theirs else {}
            left = [part for part in value if part not in theirs]
            rest |= {each: left} if left else {}
        else:
            rest[each] = value
    inclusion = {**content.get("inclusion", {}), "id": f"inclusion/{key}"}
    label = _label(made, key, next(each for each in of if each["id"] == going))
    study = {"id": f"study/{key}", "type": "Study", "label": label, **parts}
    made.contents[name] = quads.arranged(rest)
    made.contents[f"studies/{key}"] = quads.arranged(
        {**study, **({"inclusion": inclusion} if len(inclusion) > 1 else {})}
    )
    made.studies[f"studies/{key}"] = label
    made.notes.append(f"{going} is of {study['id']} now, and no report of {content['id']} any more")
    if not set(rest) <= BARE:
        made.notes.append(f"what is coded stays with {content['id']}; look whether something of it is of {study['id']}")


def _is_of(identity: str, own: str, stays: str) -> bool:
    """Whether a record of a joined study has the id of the study that it was of."""
    rest = identity.partition("/")[2].removeprefix("Report-")
    begins = [bool(re.match(rf"{re.escape(each)}(?=$|[-/#])", rest)) for each in (own, stays)]
    return begins[0] and not (begins[1] and len(stays) > len(own))


def _label(made: Revision, key: str, values: dict[str, Any]) -> str:
    taken = {str((made.content(name) or {}).get("label")) for name in made.names("studies/")}
    stem = study_drafts.key(values)
    drafts = (study_drafts.label(f"{stem}{ending}", values) for ending in study_drafts.ENDINGS)
    return next((each for each in drafts if each not in taken), key)
