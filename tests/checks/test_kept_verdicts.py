"""A verdict is kept as long as nothing changes that it follows from."""

from __future__ import annotations

import datetime
import types

import pytest
from conftest import Copy

from evigraph.checks import check, study_facts, validation_report
from evigraph.paths import find_workspace

OWN = """#+ summary: Reviews, of which none is good enough.
#+ columns: [record, key, message]
#+ order: by record
PREFIX evi: <https://w3id.org/evigraph/ns#>

SELECT ?record ?key ?message WHERE {
  ?record a evi:Review ; evi:review ?review .
  BIND("" AS ?key)
  BIND("not good enough" AS ?message)
}
"""
MAH = "studies/mah-2016.yaml"


def said(copy: Copy) -> list[str]:
    """The messages of a check."""
    return [violation.message for violation in check(copy.workspace)]


def test_the_same_files_are_held_to_nothing_again(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second check of them makes no graph, and says the same of the same places."""
    copy.replace(MAH, "    statement: ", "    note: ")
    first = check(copy.workspace)
    monkeypatch.setattr(validation_report, "violations", lambda *_: pytest.fail("made again"))
    assert check(copy.workspace) == first != []


def test_another_day_is_judged_anew(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has yet to come on one day has come on another."""

    class Later(datetime.date):
        @classmethod
        def today(cls) -> datetime.date:
            return datetime.date(datetime.date.today().year + 3, 1, 1)

    coming = datetime.date.today().year + 2
    copy.replace(MAH, "    year: 2016", f"    year: {coming}")
    assert any(f"{coming} has yet to come" in each for each in said(copy))
    for module in (study_facts, validation_report):
        monkeypatch.setattr(module, "datetime", types.SimpleNamespace(date=Later))
    assert not any("has yet to come" in each for each in said(copy))


def test_a_change_is_seen(copy: Copy) -> None:
    """Of a document, a coding beside them, a check query of the workspace's own, and the base of another review."""
    assert said(copy) == []
    copy.replace(MAH, "    statement: ", "    note: ")
    assert any("exactly one statement" in each for each in said(copy))
    copy.replace(MAH, "    note: ", "    statement: ")
    assert said(copy) == []
    for coding in (copy.review / "codings" / "findings").glob("*.csv"):
        coding.write_text(coding.read_text("utf-8").replace("supports", "context"), "utf-8")
    assert any("the coders gave `context`" in each for each in said(copy))
    own = copy.root / "queries" / "checks" / "too-good.rq"
    own.parent.mkdir(parents=True)
    own.write_text(OWN, "utf-8")
    assert "not good enough" in said(copy)
    own.unlink()
    twin = copy.root / "data" / "another" / "review.yaml"
    twin.parent.mkdir()
    twin.write_text((copy.review / "review.yaml").read_text("utf-8"), "utf-8")
    of_two = find_workspace(copy.root, review=copy.review.name)
    assert any("has the same" in violation.message for violation in check(of_two))
