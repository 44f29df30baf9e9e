"""Files that were linked before: as they are, or since grown by what their search found later.

What is counted: a record that stands unchanged in a later state of the file of one search was identified once. So the
later state is a search of its new records alone, and no record of it duplicates its own earlier self. The same record
in the file of another search was identified twice, and stays a duplicate.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from evigraph.ingest import Batch, Record
from evigraph.linking.model import SOURCES, Options
from evigraph.linking.revisions import Revision
from evigraph.linking.study_drafts import REPORT_KEYS

_COUNTED = re.compile(r"(?:[\s_.-]*(?:\(\d+\)|copy|\d+))+$", re.IGNORECASE)
"""What a browser, a person or a date adds to the name of a file that is saved once more, as in `scopus-2026-11 (1)`."""


class State:
    """What the review has of the file of a search.

    Attributes:
        search: its id. file, format, digest: of the file. date: when it was linked. label, kind: of the search.
    """

    def __init__(self, content: dict[str, Any]) -> None:
        """Of the document of a search."""
        self._content = content
        self.search, self.file, self.format = (str(content.get(key, "")) for key in ("id", "file", "format"))
        self.digest, self.date = (str(content.get(key, "")) for key in ("digest", "date"))
        self.label, self.kind = (str(content.get(key, "")) for key in ("label", "kind"))

    @cached_property
    def records(self) -> list[tuple[str, str]]:
        """What each record tells, with its id; asked of few states, as a review may have many records."""
        return [(told(row), str(row["id"])) for row in self._content.get("records", [])]

    @property
    def rejected(self) -> list[str]:
        """Why records of it could not be read."""
        return [str(each).partition(": ")[2] for each in self._content.get("rejected", [])]


@dataclass(frozen=True)
class Fresh:
    """What of a file the review doesn't have yet.

    Attributes:
        batch: the file with its new records alone. held: the ids of those that the review has, by their place in the
        file, from 0. note: what a person should know, or empty. whole: nothing of the file is new.
    """

    batch: Batch
    held: dict[int, str]
    note: str = ""
    whole: bool = False


class States:
    """The files of all searches of a review, with those that are being linked."""

    def __init__(self, revision: Revision) -> None:
        """Begin with what the review holds."""
        contents = [revision.content(name) or {} for name in revision.names("records/")]
        self._states = [State(content) for content in contents]

    def add(self, content: dict[str, Any]) -> None:
        """Let the document of a search be known that is being linked."""
        self._states.append(State(content))

    def fresh(self, batch: Batch, options: Options) -> Fresh:
        """What of a file is new."""
        size = len(batch.records)
        states = [each for each in self._states if not _another(each, batch, options)]
        if same := next((each for each in states if each.digest == batch.digest), None):
            ids = dict.fromkeys(range(size), same.search) | _matched(batch, _family(states, same.file, same.format))
            note = f"{batch.path.name} was linked on {same.date} already, as {same.search}: nothing of it is new"
            return Fresh(replace(batch, records=(), rejected=(), present=0), ids, note, whole=True)
        family = _family(states, batch.path.name, batch.format)
        earlier = [each for each in family if _goes_on(batch, each)]
        if not earlier:
            return Fresh(batch, {})
        held = _matched(batch, earlier)
        new = tuple(record for i, record in enumerate(batch.records) if i not in held)
        before = Counter(reason for each in earlier for reason in each.rejected)
        rejected = []
        for each in batch.rejected:
            before[each.reason] -= 1
            rejected += [each] if before[each.reason] < 0 else []
        present = len(new) + len(rejected)
        note = f"{batch.path.name} goes on from {earlier[0].search}: {len(held)} of its {size} records are held already"
        made = replace(batch, records=new, rejected=tuple(rejected), present=present)
        return Fresh(made, held, f"{note}, {len(new)} are new", whole=not present)


def _another(state: State, batch: Batch, options: Options) -> bool:
    """Whether a person says that files of two names are of two searches, though they may hold the same."""
    labelled = options.label and options.label != state.label
    found_elsewhere = (options.source or SOURCES[0]) != (state.kind or SOURCES[0])
    return state.file != batch.path.name and bool(labelled or found_elsewhere)


def _family(states: list[State], name: str, form: str) -> list[State]:
    return [each for each in states if (stem(each.file), each.format) == (stem(name), form)]


def _goes_on(batch: Batch, state: State) -> bool:
    """Whether a file is another state of an earlier one: it has all of its records unchanged, or is a part of it.

    Under the very name half of them are enough: what a database has mended since looks new.
    """
    least = min(len(batch.records), len(state.records))
    if state.file == batch.path.name:
        least = (least + 1) // 2
    return 0 < least <= len(_matched(batch, [state]))


def _matched(batch: Batch, states: Iterable[State]) -> dict[int, str]:
    """The records of a file that are held, by their place in it, each in the place of one."""
    known: dict[str, list[str]] = defaultdict(list)
    for state in states:
        for text, identity in state.records:
            known[text].append(identity)
    found = {}
    for i, record in enumerate(batch.records):
        if ids := known.get(told(record.values)):
            found[i] = ids.pop(0)
    return found


def told(values: dict[str, Any]) -> str:
    """What a record tells, as a text that two equal ones share; abstracts aren't always kept."""
    kept = {key: values[key] for key in REPORT_KEYS if key in values}
    ordered = {key: sorted(map(str, value)) if isinstance(value, list) else value for key, value in kept.items()}
    return json.dumps(ordered, sort_keys=True, default=str)


def stem(name: str) -> str:
    """What the states of one file have in common in their names."""
    base = name.rpartition(".")[0] or name
    return (_COUNTED.sub("", base) or base).casefold()


def decided(batch: Batch, held: dict[int, str]) -> list[tuple[str, Record]]:
    """The records of a file that are held, with their ids: their decisions may be new."""
    each = enumerate(batch.records)
    return [(held[i], record) for i, record in each if held.get(i, "").startswith("record/") and record.decisions]
