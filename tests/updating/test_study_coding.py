"""A study as the fields of a form and back: nothing else changes, and nobody overwrites anybody."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from badges import copied

from evigraph import checks, data
from evigraph.coding.study_edits import edited, typed
from evigraph.coding.study_form import Form
from evigraph.data import Document
from evigraph.errors import EvigraphError, LimitError, NotFoundError, UsageError
from evigraph.files import journal
from evigraph.linking.sameness import Reason
from evigraph.paths import Workspace
from evigraph.updating import kept_lines, study_coding

S = "study/okafor-2022"
ANN = Reason(who="Ann", date="2026-11-27")
KENYA = {f"{S}|country|1|value": "value/country/kenya", f"{S}|country|1|at": "p. 4"}


@pytest.fixture
def review(badges: Path, tmp_path: Path) -> Workspace:
    """A copy of it."""
    return copied(badges, tmp_path / "badges")


def form(review: Workspace, study: str = "okafor-2022") -> Form:
    """The form of a study as it stands now."""
    return study_coding.form_of(data.read_documents(review), study)


def save(review: Workspace, fields: dict[str, str], study: str = "okafor-2022", who: str = "Ann") -> study_coding.Coded:
    """Save a form that was made just now, with these fields in place of its own."""
    made = form(review, study)
    now = {name: text for name, text in {**made.fields, **fields}.items() if text}
    return study_coding.save(review, study, made.digest, now, Reason(who=who, date="2026-11-27"))


def text(review: Workspace, study: str = "okafor-2022") -> str:
    """The file of a study."""
    return (review.review / "studies" / f"{study}.yaml").read_text("utf-8")


def test_the_fields_of_a_study_make_the_same_study(documents: list[Document]) -> None:
    """For every study of the shipped review: nothing typed is nothing changed, and a note changes that note alone."""
    for document in [each for each in documents if each.name.startswith("studies/")][:12]:
        made = Form(documents, document.name.removeprefix("studies/"))
        same = edited(made, dict(made.fields), "Ann", "2026-11-27")
        assert (same.contents, same.faults, same.changed) == ({}, {}, ())
        name = next((each for each in made.fields if each.endswith("|value")), None)
        if name:
            noted = edited(made, {**made.fields, name.replace("|value", "|note"): "A note."}, "Ann", "2026-11-27")
            later = noted.contents[document.name] or {}
            old, new = document.content["characteristics"], later["characteristics"]
            differ = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
            assert [{**a, "note": "A note.", "coding": "coding/2026-11-27-ann"} for a, _ in differ] == [
                b for _, b in differ
            ]


def test_a_study_is_coded_and_taken_back(review: Workspace) -> None:
    """Each kind of value, a finding with a new place, in one change that tells who."""
    before = text(review)
    fields = {
        **KENYA,
        f"{S}|country|2|value": "value/country/peru",
        f"{S}|country|2|at": "p. 4",
        f"{S}|sample-size|1|value": "98.5",
        f"{S}|sample-size|1|state": "inferred",
        f"{S}|sample-size|1|basis": "Counted: # and 'quotes'",
        f"{S}|begun|1|state": "not-reported",
        f"{S}|online|1|value": "true",
        f"{S}|online|1|at": "report",
        f"{S}|setting|1|value": "no",
        f"{S}|setting|1|at": "p. 5",
        "new-1|statement": "Badges took teachers' time.",
        "new-1|at": "p. 9",
        "new-1|answers|question/rq-1|stance": "conditional",
        "new-1|answers|question/rq-1|condition": "only where they count",
        "new-1|effect": "negative",
        "new-1|modality": "found",
        "new-1|concerns": "stakeholder/student",
        "new-1|informant": "not-reported",
        "new-1|drawback": "drawback/workload",
        "new-1|setting|1|value": "School",
    }
    coded = save(review, fields)
    assert (coded.edited.faults, coded.written) == ({}, 3)
    assert [str(each) for each in checks.check(review)] == []
    assert text(review).startswith(before)
    assert all(each in text(review) for each in ("Kenya", "Peru", "at: report p 4"))
    assert "informant: not-reported" in text(review)
    again = form(review)
    assert {name: said for name, said in again.fields.items() if name.startswith(S)} == {
        name: said for name, said in fields.items() if name.startswith(S)
    }
    assert again.content["coding"] == "coding/2026-11-27-ann"
    assert [each["coding"] for each in again.content["findings"]] == ["coding/2026-11-27-ann"]
    with journal.locked(review.root):
        assert journal.undo(review.root).title == "code study/okafor-2022 by Ann"
    assert text(review) == before


def test_what_a_form_does_not_touch_stays(review: Workspace) -> None:
    """Comments elsewhere stay; a comment among lines that would change is not lost, but the change refused."""
    save(
        review,
        {"new-1|statement": "It is so.", "new-1|at": "p. 3", "new-1|answers|question/rq-1|stance": "supports"},
        "haddad-2021",
    )
    assert text(review, "haddad-2021").startswith("# The first study of all.")
    assert "  # Lina told us by letter.\n" in text(review, "haddad-2021")
    changed = {"study/haddad-2021|country|1|state": "not-applicable"}
    assert save(review, changed, "haddad-2021").written
    assert "  # Lina told us by letter.\n  sample-size" in text(review, "haddad-2021")
    path = review.review / "studies" / "haddad-2021.yaml"
    path.write_text(text(review, "haddad-2021").replace("  # Lina", "    # so\n  # Lina"), "utf-8")
    before = text(review, "haddad-2021")
    with pytest.raises(LimitError, match="# so"):
        save(review, {"study/haddad-2021|country|1|state": "not-reported"}, "haddad-2021")
    assert text(review, "haddad-2021") == before
    changed = {"study/haddad-2021|sample-size|1|value": "121"}
    assert save(review, changed, "haddad-2021").written
    assert "  # Lina told us by letter.\n" in text(review, "haddad-2021")


@pytest.mark.parametrize(
    ("fields", "name", "said"),
    [
        ({f"{S}|sample-size|1|value": "many", f"{S}|sample-size|1|at": "p. 1"}, "sample-size|1|value", "is a number"),
        ({f"{S}|sample-size|1|value": "٣", f"{S}|sample-size|1|at": "p. 1"}, "sample-size|1|value", "is a number"),
        ({f"{S}|begun|1|value": "May", f"{S}|begun|1|at": "p. 1"}, "begun|1|value", "is a date"),
        ({f"{S}|country|1|value": "value/country/atlantis"}, "country|1|value", "choose one"),
        ({f"{S}|country|1|value": "value/country/kenya"}, "country|1|at", "where the text states it"),
        ({f"{S}|country|1|note": "?"}, "country|1|value", "is missing"),
        ({f"{S}|begun|1|value": "2020", f"{S}|begun|1|state": "inferred"}, "begun|1|basis", "needs a basis"),
        ({**KENYA, f"{S}|country|1|state": "not-reported"}, "country|1|state", "keep one"),
        ({**KENYA, f"{S}|country|1|state": "guessed"}, "country|1|state", "choose one"),
        ({f"{S}|begun|1|state": "not-reported"}, "country|1|value", "required"),
        (
            {f"{S}|begun|1|state": "not-reported", f"{S}|begun|2|state": "not-applicable"},
            "begun|2|value",
            "takes one value",
        ),
        ({f"{S}|online|1|value": "a\x00b", f"{S}|online|1|at": "p. 1"}, "online|1|value", "control"),
        ({f"{S}|setting|1|value": "x" * 20_001, f"{S}|setting|1|at": "p. 1"}, "setting|1|value", "longer"),
        ({f"{S}|weather|1|value": "fine"}, "weather", "no such attribute"),
    ],
)
def test_a_fault_is_told_at_its_field(review: Workspace, fields: dict[str, str], name: str, said: str) -> None:
    """And nothing is written."""
    before = text(review)
    coded = save(review, fields)
    assert said in coded.edited.faults.get(f"{S}|{name}", f"only {coded.edited.faults}")
    assert (coded.written, text(review)) == (0, before)


def test_what_no_finding_may_say(review: Workspace) -> None:
    """Without a statement, with a benefit and a drawback, with a condition of nothing, with words of no list."""
    fields = {
        "new-1|benefit": "benefit/motivation",
        "new-1|drawback": "drawback/workload",
        "new-1|effect": "<script>",
        "new-1|concerns": "stakeholder/nobody",
        "new-1|answers|question/rq-1|stance": "supports",
        "new-1|answers|question/rq-1|condition": "if",
        "finding/of-another|statement": "It is so.",
    }
    faults = save(review, fields).edited.faults
    expected = {"statement", "drawback", "effect", "concerns", "answers|question/rq-1|condition"}
    assert {name.removeprefix("new-1|") for name in faults} == {*expected, "finding/of-another|statement"}


def test_hostile_texts_come_back_as_they_were(review: Workspace) -> None:
    """Nothing that a person types breaks the file, or becomes another key of it."""
    for hostile in (
        "<script>alert(1)</script>",
        "- a\n- b: {c: [d",
        "'\"` # not a comment: yes",
        "&anchor *alias !!python/object:os.system x",
        "%YAML 1.1\n---\n...\n",
        "\u2028\u0085\ufeff\u202eright to left",
        "one\u2028line\u2029and\u0085another",
        "<<<<<<< ours\n=======\n>>>>>>> theirs",
        "{{ 7 * 7 }}{% raw %}",
        "null",
        "1e3",
        "../../etc/passwd",
    ):
        saved = save(review, {f"{S}|setting|1|value": hostile, f"{S}|setting|1|at": "p. 5", **KENYA})
        assert saved.edited.faults == {}, hostile
        assert form(review).fields[f"{S}|setting|1|value"] == hostile.strip(), hostile
    assert [str(each) for each in checks.check(review)] == []


@pytest.mark.parametrize(
    "name",
    [f"new-{'9' * 5000}|statement", "new-x|statement", "new-1|id", f"{S}|country|01|value", f"{S}|id|1|x"],
)
def test_names_that_no_form_has_are_refused(review: Workspace, name: str) -> None:
    """A text is never dropped without a word, and no key is reached that no form shows."""
    before = text(review)
    assert save(review, {**KENYA, name: "x"}).edited.faults[name]
    assert text(review) == before


def test_what_the_form_did_not_show_is_not_taken_out(review: Workspace) -> None:
    """The codebook shows an attribute of studies only now that the form was made: the form is another one then."""
    codebook = review.review / "codebook.yaml"
    whole = codebook.read_text("utf-8")
    saved = save(review, {**KENYA, f"{S}|setting|1|value": "At home", f"{S}|setting|1|at": "p. 4"})
    codebook.write_text(whole.replace("appliesTo: [study, finding]", "appliesTo: [finding]"), "utf-8")
    older, before = form(review), text(review)
    codebook.write_text(whole, "utf-8")
    now = older.fields | {f"{S}|begun|1|value": "2020", f"{S}|begun|1|at": "p. 4"}
    assert saved.written
    assert f"{S}|setting|1|value" not in now
    assert study_coding.save(review, "okafor-2022", older.digest, now, ANN).stale
    assert text(review) == before


def test_two_people_never_overwrite_each_other(review: Workspace) -> None:
    """Who comes second writes nothing and sees what stands there now."""
    first = form(review)
    assert save(review, KENYA).written
    stood = text(review)
    other = {f"{S}|country|1|state": "not-reported"}
    second = study_coding.save(review, "okafor-2022", first.digest, other, Reason(who="Ben"))
    assert (second.stale, second.written, text(review)) == (True, 0, stood)
    assert second.form.fields[f"{S}|country|1|value"] == "value/country/kenya"


def test_of_many_at_once_one_is_written(review: Workspace) -> None:
    """Each begins with the same state; the lock lets them in one after another."""
    digest, said = form(review).digest, []

    def one(number: int) -> None:
        fields = {**KENYA, f"{S}|setting|1|value": f"Room {number}", f"{S}|setting|1|at": "p. 5"}
        said.append(study_coding.save(review, "okafor-2022", digest, fields, Reason(who=f"Coder {number}")))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(each.written for each in said)[:3] == [0, 0, 0]
    assert sum(each.stale for each in said) == 3
    assert [str(each) for each in checks.check(review)] == []


def test_a_preview_writes_nothing(review: Workspace) -> None:
    """And tells the rows that would differ."""
    made, before = form(review), text(review)
    coded = study_coding.preview(review, "okafor-2022", made.digest, KENYA, ANN)
    assert coded.effects is not None
    assert any(each.query == "coded-studies" for each in coded.effects.rows)
    assert text(review) == before
    assert not (review.review / "codings").exists()


def test_who_and_which_study(review: Workspace) -> None:
    """Nobody saves without a name, and no study is made by a name that there is not."""
    with pytest.raises(UsageError, match="who"):
        save(review, KENYA, who="")
    for name in ("nobody", "../codebook", ""):
        with pytest.raises(NotFoundError, match="no study"):
            form(review, name)


def test_a_change_that_came_later_is_not_taken_back(review: Workspace) -> None:
    """A page asks for the change that it showed."""
    save(review, KENYA)
    first = journal.last(review.root)
    save(review, {f"{S}|begun|1|state": "not-reported"}, who="Ben")
    assert first is not None
    with journal.locked(review.root), pytest.raises(EvigraphError, match="by Ben came after it"):
        journal.undo(review.root, name=first.name)


def test_fields_as_a_browser_sends_them() -> None:
    """Empty ones are none, line ends are ours, and several people are one field."""
    pairs = [("f|concerns", "b"), ("f|concerns", "a"), ("f|statement", " x\r\ny "), ("f|at", "  "), ("action", "save")]
    assert typed(pairs) == {"f|concerns": "a b", "f|statement": "x\ny"}


def test_lines_that_say_the_same_stay() -> None:
    """However they are written; a key that goes takes no comment with it."""
    old = b"# head\na: [1, 2]  # one\nb:\n  # two\n  x: 1\n  y: 'a # b'\nc: 3\n"
    new = b"a:\n  - 1\n  - 2\nb:\n  x: 1\n  y: z\n  w: 2\n"
    kept = b"# head\na: [1, 2]  # one\nb:\n  # two\n  x: 1\n  y: z\n  w: 2\n"
    assert kept_lines.merged(old, new, "f") == kept
    windows = [each.replace(b"\n", b"\r\n") for each in (old, kept)]
    assert kept_lines.merged(windows[0], new, "f") == windows[1]
    for text in (b"a: [2]\nb:\n  x: 1\n", b"b:\n  x: 1\n"):
        with pytest.raises(LimitError, match="# one"):
            kept_lines.merged(old, text, "f")
    old, new = b"a: 1\n\n# of b\nb:\n  x: 1\n  # of y\n  y: 1\n# end", b"a: 2\nb:\n  x: 2\n  y: 2\n"
    assert kept_lines.merged(old, new, "f") == b"a: 2\n\n# of b\nb:\n  x: 2\n  # of y\n  y: 2\n# end"
    with pytest.raises(LimitError, match="# own"):
        kept_lines.merged(b"a:  # own\n - 1\n# of b\nb: 1\n", b"a:\n - 2\nb: 1\n", "f")
    quoted = b'a: "x\n# in"\nb: 1\n'
    assert kept_lines.merged(quoted, b"a: y\nb: 1\n", "f") == b"a: y\nb: 1\n"
