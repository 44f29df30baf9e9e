"""What is worked out once for a state of a review is what would be worked out again."""

from __future__ import annotations

import copy as copying
import random
from pathlib import Path

import pytest
from conftest import Copy

from evigraph import checks, data, queries, updating
from evigraph.data import Document, direct, quads
from evigraph.errors import DataError
from evigraph.files import cache
from evigraph.linking import Options
from evigraph.paths import Workspace, cache_folder, find_workspace
from evigraph.queries import build, kept
from evigraph.queries.answers import State
from evigraph.queries.reach import Reach

RIS = "TY  - JOUR\nTI  - A paper on {0} and {0}\nAU  - Doe{0}, J\nPY  - 2020\nER  - \n"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache folder of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "own"))


def workspace(copy: Copy) -> Workspace:
    """The copy as a workspace."""
    return find_workspace(copy.root)


@pytest.mark.usefixtures("own")
def test_documents_from_the_cache_are_those_of_the_files(copy: Copy) -> None:
    """Content, lines, and what they define and refer to."""
    first, second = (data.read_documents(workspace(copy)) for _ in range(2))
    assert second == first
    assert all(each.named for each in second)
    assert [dict(each.lines) for each in second] == [dict(each.lines) for each in first]


@pytest.mark.usefixtures("own")
def test_a_fault_is_found_though_everything_else_is_cached(copy: Copy) -> None:
    """An id that stands twice, and a reference to nothing, with its line."""
    data.read_documents(workspace(copy))
    path = min(copy.review.glob("studies/*.yaml"))
    other = copy.review / "studies" / "twice.yaml"
    other.write_bytes(path.read_bytes())
    with pytest.raises(DataError, match="already used at"):
        data.read_documents(workspace(copy))
    other.unlink()
    path.unlink()
    with pytest.raises(DataError, match=r"citations.yaml:\d{2,}: .* which no document defines"):
        data.read_documents(workspace(copy))


@pytest.mark.usefixtures("own")
def test_quads_from_the_cache_are_those_of_the_documents(copy: Copy) -> None:
    """One text a document, and together the whole."""
    documents = data.read_documents(workspace(copy))
    base = data.base(documents)
    records = quads.canonical(quads.to_quads(documents, base))
    lines = (records + direct.of_documents(documents, base)).splitlines(keepends=True)
    whole, roles = "".join(sorted(lines)), direct.roles(documents, base)
    for _ in range(2):
        texts = kept.lines(workspace(copy), documents, base, roles)
        assert sorted({line for text in texts for line in text.splitlines(keepends=True)}) == whole.splitlines(True)
    assert build.nquads(workspace(copy)).decode() == whole
    assert build.records(workspace(copy)) == records


def test_a_state_before_its_files_has_their_fingerprint(copy: Copy) -> None:
    """What a link plans is what its files make."""
    (copy.root / "a.ris").write_text(RIS.format("x"), "utf-8")
    before = kept.fingerprint(workspace(copy))
    updating.link(workspace(copy), [copy.root / "a.ris"], Options(), dry_run=False)
    after = kept.fingerprint(workspace(copy))
    assert before != after
    assert after == State(workspace(copy), data.read_documents(workspace(copy))).name


@pytest.mark.usefixtures("own")
def test_a_written_link_leaves_the_answers_of_the_new_state(copy: Copy) -> None:
    """They are the ones that a new store gives."""
    for name in ("x", "y"):
        (copy.root / f"{name}.ris").write_text(RIS.format(name), "utf-8")
        updating.link(workspace(copy), [copy.root / f"{name}.ris"], Options(), dry_run=False)
    state = kept.fingerprint(workspace(copy))
    store = build.open_store(workspace(copy))
    for query in queries.load_all(workspace(copy)):
        told = not any(param.required for param in query.params)  # others have no rows without an argument
        if told and query.folder in {"tables", "figures", "counts", "answers"}:
            key = kept.answer_key(state, queries.text(workspace(copy), query.path), {})
            known = kept.kept_answer(workspace(copy), key)
            assert known is not None, query.name
            assert known.rows == queries.run(store, query).rows, query.name


@pytest.mark.parametrize("seed", range(5))
def test_skipping_changes_no_outcome(
    shipped: Workspace, documents: list[Document], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Random keys of random records go; what differs is the same when every query is asked."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    after = []
    for document in documents:
        content = copying.deepcopy(document.content) if chance.random() < 0.1 else document.content
        for _, node in list(data.nodes(content)) if content is not document.content else ():
            for key in [key for key in node if key not in {"id", "type", "base"} and chance.random() < 0.05]:
                del node[key]
        changed = content != document.content
        after.append(Document(document.path, document.name, content) if changed else document)
    found = updating.effects(shipped, documents, after)
    monkeypatch.setattr(Reach, "reaches", lambda *_: True)
    every = updating.effects(shipped, documents, after)
    assert (found.rows, found.verdicts) == (every.rows, every.verdicts)


def test_lines_are_found_for_cached_documents(copy: Copy) -> None:
    """A violation names the line, though nothing was parsed."""
    copy.replace("review.yaml", "count: 21", "count: 22")
    first = [str(each) for each in checks.check(workspace(copy))]
    assert first
    assert [str(each) for each in checks.check(workspace(copy))] == first
    assert not any(":1: " in each for each in first)


@pytest.mark.usefixtures("own")
def test_nothing_comes_of_a_spoilt_cache(copy: Copy) -> None:
    """Every file of it is cut, emptied or changed, and the answers are as before; so are those kept after it."""
    before = build.answer(workspace(copy), "table-3", {})
    build.nquads(workspace(copy))
    for spoil in (lambda _: b"", lambda b: b[: len(b) // 2], lambda b: b.replace(b"Learning", b"Yearning")):
        spoilt = [path for path in cache_folder().rglob("*") if path.is_file()]
        assert len(spoilt) > 1
        for path in spoilt:
            path.write_bytes(spoil(path.read_bytes()))
        assert [build.answer(workspace(copy), "table-3", {}) for _ in range(2)] == [before, before]
        assert build.nquads(workspace(copy))


@pytest.mark.usefixtures("own")
def test_comparing_two_states_keeps_the_quads_of_all(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link looks at the few documents that differ; the quads of the others stay, however many there are."""
    monkeypatch.setattr(cache.remember, "__defaults__", (None, 0, 0))  # as if there were thousands of documents
    documents = data.read_documents(workspace(copy))
    State(workspace(copy), documents).store()
    path = copy.root.parent / "new.ris"
    path.write_text(RIS.format("x"), "utf-8")
    updating.link(workspace(copy), [path], Options(), dry_run=False)
    made: list[str] = []
    texts = quads.texts

    def counted(missing: list[Document], base: str) -> dict[str, str]:
        made.extend(each.name for each in missing)
        return texts(missing, base)

    monkeypatch.setattr(quads, "texts", counted)
    State(workspace(copy), data.read_documents(workspace(copy))).store()
    assert made == []
