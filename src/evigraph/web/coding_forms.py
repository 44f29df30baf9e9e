"""`/coding/study/KEY`: the form of one study, what saving it would change, and saving it."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from evigraph import data
from evigraph.coding.study_edits import Edited, typed
from evigraph.coding.study_form import BLANK, NEW, Fields, Form, Question
from evigraph.errors import EvigraphError, NotFoundError
from evigraph.linking.sameness import Reason
from evigraph.reports import table_formats
from evigraph.updating import SHOWN, Effects, study_coding
from evigraph.updating.study_coding import Coded
from evigraph.web.coding_pages import rendered
from evigraph.web.live import Live
from evigraph.web.writers import HEADERS, Writer, posted


async def study(request: Request, live: Live, person: Writer) -> Response:
    """The form, and what is sent by it."""
    key = request.path_params["key"]
    if request.method != "POST":
        return await asyncio.to_thread(_fresh, request, live, person, key)
    sent = await posted(request, live.settings, person)
    told, now = dict(sent), typed(sent)
    action = told.get("action", "preview")
    match = request.headers.get("if-match", "").strip('"')
    digest = told.get("digest", "") if match in ("", told.get("digest", "")) else ""
    work = asyncio.to_thread(_carried_out, live, key, action, digest, now, person)
    try:
        if action == "save":
            async with live.writing:
                coded = await asyncio.shield(work)
                if coded.written and not live.settings.follow:
                    await live.look()
        else:
            coded = await work
    except EvigraphError as error:  # the study went meanwhile, or no file can be read; what was typed isn't lost
        values = {"title": "Not saved", "detail": live.told(str(error)), "typed": now}
        return rendered(request, "coding_lost.html", person, values, error.http_status)
    if coded.written:
        return RedirectResponse(f"/coding/study/{quote(key)}?saved=1", 303, HEADERS)
    return await asyncio.to_thread(_again, request, person, coded, action, now, told.get("base", ""))


def _fresh(request: Request, live: Live, person: Writer, key: str) -> Response:
    form = study_coding.form_of(data.read_documents(live.workspace), key)
    return _page(request, person, form, form.fields, {"saved": request.query_params.get("saved", "")})


def _carried_out(live: Live, key: str, action: str, digest: str, now: Fields, person: Writer) -> Coded:
    reason = Reason(who=person.who)
    try:
        if action == "save":
            return study_coding.save(live.workspace, key, digest, now, reason)
        if action == "preview":
            return study_coding.preview(live.workspace, key, digest, now, reason)
        fault: dict[str, str] = {}
    except NotFoundError:
        raise
    except EvigraphError as error:  # whatever it is, what was typed isn't lost
        fault = {"": live.told(str(error))}
    form = study_coding.form_of(data.read_documents(live.workspace), key)
    return Coded(form, Edited(faults=fault), stale=form.digest != digest)


def _again(request: Request, person: Writer, coded: Coded, action: str, now: Fields, base: str) -> Response:
    """The form with what was typed, and what there is to say of it."""
    form = coded.form
    if coded.stale:
        fields, others = merged(_base(base), form.fields, now)
        return _page(request, person, form, fields, {"others": others, "stale": True}, 409)
    faults = coded.edited.faults
    values: dict[str, Any] = {"faults": faults}
    if coded.effects:
        values["effects"] = _rows(coded.effects)
        values["changed"] = len(coded.edited.changed)
    values["nothing"] = action != "more" and not faults and not coded.effects
    return _page(request, person, form, now, values, 422 if faults else 200)


def _base(text: str) -> Fields:
    """What stood in the study when the form was made; only what is shown depends on it."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def merged(base: Fields, theirs: Fields, mine: Fields) -> tuple[Fields, Fields]:
    """Two changes of one state as one, and what the other says wherever both changed the same; mine stands there."""
    made, others = {}, {}
    for name in {*base, *theirs, *mine}:
        was, they, me = (each.get(name, "") for each in (base, theirs, mine))
        made[name] = they if me == was else me
        if me not in (was, they) and they != was:
            others[name] = they
    return {name: text for name, text in made.items() if text}, others


def _rows(effects: Effects) -> list[dict[str, Any]]:
    """What differs, by query: some rows of each, and how many more there are."""
    found: dict[str, list[tuple[str, str]]] = {}
    for each in [*effects.rows, *effects.verdicts]:
        found.setdefault(each.query, []).append((each.sign, " | ".join(map(table_formats.text, each.row))))
    return [{"query": q, "rows": rows[:SHOWN], "more": len(rows) - SHOWN} for q, rows in found.items()]


def _page(
    request: Request, person: Writer, form: Form, fields: Fields, values: dict[str, Any], status: int = 200
) -> Response:
    faults, others = values.get("faults", {}), values.get("others", {})
    sections = _sections(form, fields)
    places = {record["name"] for record in sections}
    shown = {name for name in fields if name.partition("|")[0] in places}
    labels = {identity: str(item.get("label", identity)) for identity, item in form.items.items()}
    whole = {
        "title": str(form.content.get("label", form.study)),
        "study": form,
        "reports": form.content.get("reports", []),
        "form_at": f"/coding/study/{quote(form.study)}",
        "sections": sections,
        "fields": fields,
        "base": json.dumps(form.fields, sort_keys=True),
        "labels": labels,
        "lost": {name: text for name, text in fields.items() if name not in shown},
        "unplaced": {name: text for name, text in faults.items() if name not in _names(sections)},
        "digest": form.digest,
        "people": [each for each in form.finding_keys() if each.kind == "choices"],
        "stances": form.stances(),
        **{"stale": False, "effects": None, "changed": 0, "nothing": False, "saved": ""},
        **values,
        **{"faults": faults, "others": others},
    }
    return rendered(request, "coding_study.html", person, whole, status, form.digest[:32])


def _sections(form: Form, fields: Fields) -> list[dict[str, Any]]:
    """The study, its findings, and a finding that isn't there yet, each with what can be coded of it."""
    found = [_section(form, fields, str(form.content["id"]), "study", "")]
    if form.has_findings():
        there = form.content.get("findings", [])
        found += [_section(form, fields, str(each["id"]), "finding", str(n)) for n, each in enumerate(there, 1)]
        named = {name.partition("|")[0] for name in fields if name.startswith(NEW)}
        filled = max((int(n) for each in named if (n := each.removeprefix(NEW)).isdecimal() and len(n) < 4), default=0)
        found += [_section(form, fields, f"{NEW}{n}", "finding", "") for n in range(1, filled + 2)]
    return found


def _section(form: Form, fields: Fields, name: str, level: str, number: str) -> dict[str, Any]:
    attributes = [(each, _numbers(each, name, fields)) for each in form.attributes(level)]
    answers = [(each["id"], str(each.get("notation", "")), str(each.get("label", ""))) for each in form.questions]
    is_finding = level == "finding"
    return {
        "name": name,
        "level": level,
        "number": number,
        "new": name.startswith(NEW),
        "keys": form.finding_keys() if is_finding else [],
        "answers": answers if is_finding else [],
        "attributes": attributes,
    }


def _numbers(question: Question, name: str, fields: Fields) -> range:
    """The numbers of the values of an attribute that have a place in the form."""
    start = f"{name}|{question.key}|"
    told = [each.removeprefix(start).partition("|")[0] for each in fields if each.startswith(start)]
    filled = max((int(each) for each in told if each.isdecimal() and len(each) < 4), default=0)
    blank = BLANK if question.multiple and filled else 1 if question.multiple or not filled else 0
    return range(1, filled + blank + 1)


def _names(sections: list[dict[str, Any]]) -> set[str]:
    """The fields beside which a fault can be told."""
    found = set()
    for each in sections:
        start = each["name"]
        found |= {f"{start}|{key}" for key in ("statement", "at", *(question.key for question in each["keys"]))}
        found |= {f"{start}|answers|{q}|{part}" for q, _, _ in each["answers"] for part in ("stance", "condition")}
        for question, numbers in each["attributes"]:
            parts = ("value", "words", "state", "at", "basis", "note")
            found |= {f"{start}|{question.key}|{number}|{part}" for number in numbers for part in parts}
    return found
