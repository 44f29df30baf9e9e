"""A study coded in a form: what would follow from it, and saved whole where nobody else changed it meanwhile."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from evigraph import checks, data
from evigraph.coding import declared
from evigraph.coding.study_edits import Edited, edited
from evigraph.coding.study_form import Fields, Form, records
from evigraph.data import Document
from evigraph.data.values import LONG
from evigraph.errors import DataError, NotFoundError, UsageError
from evigraph.files import journal
from evigraph.linking import Plan, plan_files
from evigraph.linking.sameness import Reason
from evigraph.paths import Workspace
from evigraph.updating import kept_lines
from evigraph.updating.changes import Effects, effects

Documents = list[Document]


@dataclass(frozen=True)
class Coded:
    """What came of a form.

    Attributes:
        form: the study as it stands now. edited: what was typed, with its faults. stale: the study was changed since
        the form was made, so that nothing was written. effects: what differs then, where that was asked. written: the
        number of files written.
    """

    form: Form
    edited: Edited
    stale: bool = False
    effects: Effects | None = None
    written: int = 0


def form_of(documents: Documents, study: str) -> Form:
    """The form of a study.

    Raises:
        NotFoundError: there is no such study.
    """
    try:
        return Form(documents, study)
    except KeyError:
        raise NotFoundError(f"no study is called `{study[:100]}`; /coding/ lists them", study) from None


def preview(workspace: Workspace, study: str, digest: str, now: Fields, reason: Reason) -> Coded:
    """What saving these fields would change of the answers and verdicts; nothing is written.

    `digest` is that of the form as it was loaded.

    Raises:
        EvigraphError: there is no such study, or the documents can't be taken.
    """
    made = _planned(workspace, study, digest, now, reason)
    if made.texts is None:
        return made.coded
    found = effects(workspace, made.before, made.after)
    return replace(made.coded, effects=found)


def save(workspace: Workspace, study: str, digest: str, now: Fields, reason: Reason) -> Coded:
    """Write what was typed: all of it, as one change by that person; or nothing, where the study is another by now.

    Raises:
        UsageError: nobody is named. EvigraphError: there is no such study, or the documents can't be taken.
    """
    if not reason.who:
        raise UsageError("say who codes")
    with journal.locked(workspace.root):
        made = _planned(workspace, study, digest, now, reason)
        if not made.texts:
            return made.coded
        writes = {plan_files.file(workspace, name): text for name, text in made.texts.items()}
        entry = journal.commit(workspace.root, f"code study/{study} by {reason.who}"[:200], writes)
    return replace(made.coded, written=len(entry.files))


@dataclass(frozen=True)
class _Planned:
    coded: Coded
    before: Documents
    after: Documents
    texts: plan_files.Files | None


def _planned(workspace: Workspace, study: str, digest: str, now: Fields, reason: Reason) -> _Planned:
    before = data.read_documents(workspace)
    form = form_of(before, study)
    if form.digest != digest:
        return _Planned(Coded(form, Edited(), stale=True), before, before, None)
    made = edited(form, now, reason.who or "?", reason.date)
    nothing = _Planned(Coded(form, made), before, before, None)
    if made.faults or not made.contents:
        return nothing
    plan = Plan(contents=dict(made.contents))
    declared.declare(plan, before)
    texts = plan_files.files(plan, before)
    path = form.document.path
    texts[form.document.name] = kept_lines.merged(path.read_bytes(), texts[form.document.name] or b"", path.name)
    try:
        after = plan_files.merged(workspace, before, plan, texts)
        _hold(workspace, before, after, form, made)
    except DataError as error:
        made.faults[""] = str(error).removeprefix(f"{error.path}:{error.line}: ")
    return nothing if made.faults else _Planned(nothing.coded, before, after, texts)


def _hold(workspace: Workspace, before: Documents, after: Documents, form: Form, made: Edited) -> None:
    """Tell as faults what the study would violate, with what all studies share, and doesn't now."""
    name = form.document.name

    def found(documents: Documents) -> dict[tuple[str, str, str], None]:
        own = [each for each in documents if each.name == name or not each.name.startswith(("studies/", "records/"))]
        return {(each.record, each.key, each.message): None for each in checks.violations(workspace, own)}

    new = found(after)
    held = found(before) if new else {}
    fields = _fields(made.contents[name] or {})
    for record, key, message in (each for each in new if each not in held):
        part = "at" if key == "locatedAt" else key
        made.faults[f"{fields.get(record, record)}|{part}"] = message


def _fields(content: dict[str, Any]) -> dict[str, str]:
    """How the names of the fields of each value of a study begin, by its id."""
    found = {}
    for record, _ in records(content):
        numbers: Counter[str] = Counter()
        for each in record.get(LONG, []):
            numbers[each["attribute"]] += 1
            found[each["id"]] = f"{record['id']}|{each['attribute']}|{numbers[each['attribute']]}"
    return found
