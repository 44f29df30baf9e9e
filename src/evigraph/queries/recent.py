"""Answers of the files as they are, from what was answered a few changes ago, without a look at other studies.

A state that was read whole leaves its outline: of each study and search the digest, the label, and whether it is tied
to another study by a reference. Beside it lie the ids that searches refer to, and all ids there are. The next state, of
which a few studies differ, is held to that: an id that is new may be nobody's yet, and one that is gone may be nobody's
reference. Where the outline can't tell, there is no answer here, and everything is read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

from evigraph import data
from evigraph.data import Document, direct, is_shared
from evigraph.data.file_digests import File
from evigraph.files import cache
from evigraph.paths import Workspace
from evigraph.queries import kept
from evigraph.queries.changed_studies import MOST, ChangedStudies, adds_up
from evigraph.queries.query_files import Query
from evigraph.queries.rows import Table

KIND, IDS = "states", "ids"
LATELY = "lately"
"""The key of the list of states, the last one first."""
MANY = 8
"""So many states are remembered."""


@dataclass(frozen=True)
class Outline:
    """What a state of a review was, as far as the next one is held to it.

    Attributes:
        state: its fingerprint. shared: the digests of what all share, by the files' names. units: of each study and
        search its digest, label, and whether it is tied to another study. referred: the ids of studies that searches
        refer to. ids: the state whose ids are kept. added: those that were not there then.
    """

    state: str
    shared: dict[str, str]
    units: dict[str, tuple[str, str, bool]]
    referred: list[str]
    ids: str
    added: list[str] = field(default_factory=list)


def remember(workspace: Workspace, state: str, documents: list[Document]) -> None:
    """Leave the outline of a state that was read whole; of one whose texts are in several languages there is none."""
    files = {f"{each.name}{each.path.suffix}": each for each in documents}
    if not state or kept.state((name, each.digest) for name, each in files.items()) != state:
        return
    studies = [each for each in documents if each.name.startswith("studies/")]
    mine = {identity: each.name for each in studies for identity in _named(each)[0]}
    tied = set()
    for study in studies:
        for other in {mine[each] for each in _named(study)[1] if each in mine} - {study.name}:
            tied |= {study.name, other}
    searches = [each for each in documents if each.name.startswith("records/")]
    outline = Outline(
        state,
        {name: each.digest for name, each in files.items() if is_shared(each.name)},
        {
            name: (each.digest, str(each.content.get("label", "")), each.name in tied)
            for name, each in files.items()
            if not is_shared(each.name)
        },
        sorted({each for search in searches for each in _named(search)[1] if each in mine}),
        state,
    )
    every = "\n".join(identity for each in documents for identity in _named(each)[0])
    cache.remember(workspace, IDS, {state: f"\n{every}\n"}, [state], spare=0)
    _keep(workspace, outline)


def _keep(workspace: Workspace, outline: Outline) -> None:
    lately = [outline.state, *(each for each in _lately(workspace) if each != outline.state)][:MANY]
    made = {outline.state: json.dumps(vars(outline)), LATELY: json.dumps(lately)}
    cache.remember(workspace, KIND, made, lately, spare=-len(lately) - 1)


def _lately(workspace: Workspace) -> list[str]:
    found: list[str] = json.loads(cache.values(workspace, KIND, [LATELY]).get(LATELY, "[]"))
    return found


def answer(
    workspace: Workspace, files: list[File], query: Query, text: bytes, arguments: dict[str, str]
) -> Table | None:
    """The answer of the files as they are, or None if it has to be asked whole.

    Raises:
        DataError: a file that changed can't be taken as it stands.
    """
    keys = {kept.answer_key(each, text, arguments): each for each in _lately(workspace)}
    texts = cache.values(workspace, kept.KIND, list(keys))
    key = next((each for each in keys if each in texts), None)
    outline = _outline(workspace, keys[key]) if key else None
    change = _change(workspace, outline, files) if outline else None
    if key is None or change is None:
        return None
    if not change.reaches(query, arguments):
        return kept.read(texts[key])
    before = kept.read(texts[key], with_rows=False) if adds_up(query, arguments) and not query.gathered else None
    if before is None or before.solved is None:
        return None
    found = change.answer(query, arguments, before)
    named = any(param.of_codebook for param in query.params) and any(arguments.values())
    return None if found is None or (named and not found.rows) else found  # perhaps nobody has the attribute any more


def _outline(workspace: Workspace, state: str) -> Outline | None:
    try:
        return Outline(**json.loads(cache.values(workspace, KIND, [state]).get(state, "")))
    except (ValueError, TypeError):
        return None


def _change(workspace: Workspace, outline: Outline, files: list[File]) -> ChangedStudies | None:
    """What makes the files of the outline's state; None if that can't be told by the outline."""
    now = {each.name: each.digest for each in files}
    units = {name: digest for name, (digest, _, _) in outline.units.items()}
    then = {**outline.shared, **units}
    changed = {name for name in {*now, *then} if now.get(name) != then.get(name)}
    if len(changed) > MOST:
        return None
    if any(is_shared(name) or not name.startswith("studies/") for name in changed):
        return None
    new = data.read_some(workspace, files, changed)
    was = [File(str(workspace.review / name), name, units[name]) for name in sorted(changed) if name in units]
    old = data.read_some(workspace, [*(each for each in files if is_shared(each.name)), *was], changed)
    shared = [each for each in new if is_shared(each.name)]
    is_, had = ([each for each in side if not is_shared(each.name)] for side in (new, old))
    if [each.digest for each in had] != [each.digest for each in was]:  # no longer kept
        return None
    made = _next(workspace, outline, kept.state_of(files), shared, had, is_)
    if made is None:
        return None
    _keep(workspace, made)
    base = data.base(shared)
    roles = direct.roles(shared, base)
    return ChangedStudies(shared, had, is_, lambda some: kept.lines(workspace, some, base, roles, whole=False))


def _next(
    workspace: Workspace, before: Outline, state: str, shared: list[Document], old: list[Document], new: list[Document]
) -> Outline | None:
    """The outline after a change of studies, if they are tied to no other and every id holds."""
    changed = {f"{each.name}{each.path.suffix}" for each in (*old, *new)}
    others = {name: unit for name, unit in before.units.items() if name not in changed}
    labels = [str(each.content.get("label", "")) for each in (*old, *new)]
    if any(before.units[name][2] for name in changed if name in before.units):
        return None
    if not {label for _, label, _ in others.values()}.isdisjoint(labels):
        return None
    had, has = ({identity for each in side for identity in _named(each)[0]} for side in (old, new))
    common = {identity for each in shared for identity in _named(each)[0]}
    once = sum(len(_named(each)[0]) for each in new) == len(has) and has.isdisjoint(common)
    defined = all((has | common).issuperset(_named(each)[1]) for each in new)
    gone = had - has
    missed = gone & ({each for document in shared for each in _named(document)[1]} | set(before.referred))
    if not once or not defined or missed or not _are_new(workspace, before, has - had):
        return None
    units = others | {
        f"{each.name}{each.path.suffix}": (each.digest, str(each.content.get("label", "")), False) for each in new
    }
    return replace(before, state=state, units=units, added=sorted({*before.added, *(has - had)}))


def _are_new(workspace: Workspace, outline: Outline, ids: set[str]) -> bool:
    """Whether nobody has an id yet, as far as is kept."""
    if not ids:
        return True
    every = cache.values(workspace, IDS, [outline.ids]).get(outline.ids)
    return every is not None and ids.isdisjoint(outline.added) and not any(f"\n{each}\n" in every for each in ids)


def _named(document: Document) -> tuple[list[str], list[str]]:
    return document.named or data.named(document)
