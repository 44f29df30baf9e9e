"""Parts of queries: filled in where a query names them, whole for all who see its text."""

from __future__ import annotations

from pathlib import Path

import pytest

from evigraph import queries
from evigraph.errors import QueryError
from evigraph.paths import Workspace
from evigraph.queries.parts import filled


def test_a_part_stands_where_it_is_named() -> None:
    """With its words, at the indent of its line, and with the parts that it names itself."""
    text = filled(
        'SELECT * WHERE {\n    @side(side=rows thing=one as=r)\n    @side(side=down thing=two as=d when="?x ?y 1 .")\n}'
    )
    assert "@" not in text
    assert "$" not in text.replace('[.]0$"', "")
    assert '      { VALUES ?rows { "" }  ?node evi:attribute ?rows }'.strip() in text
    assert '{ VALUES ?down { "" } ?x ?y 1 . ?node evi:attribute ?down }' in text
    assert all(line.startswith("    ") for line in text.splitlines()[1:-1])


def test_a_text_without_parts_stays() -> None:
    """Tags of languages and comments are no parts."""
    for text in ('SELECT * { ?s ?p "a"@en }', "# @side(side=x)\nSELECT * { ?s ?p ?o }"):
        assert filled(text) == text


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("@sides(side=rows)", "q.rq: there is no part `@sides`; there are side, valued"),
        ("@valued(sid=rows)", "q.rq: the part `@valued` takes no `sid`; it takes side, when"),
    ],
)
def test_a_wrong_name_is_one_line(tmp_path: Path, call: str, said: str) -> None:
    """With what there is."""
    path = tmp_path / "q.rq"
    path.write_text(f"#+ columns: [s]\nSELECT ?s WHERE {{\n  {call}\n}}\n", "utf-8")
    with pytest.raises(QueryError) as raised:
        queries.parse(path)
    assert str(raised.value).replace(f"{tmp_path}/", "") == said


def test_an_answer_is_kept_by_the_whole_text(shipped: Workspace) -> None:
    """So that a part that changes makes all answers new."""
    path = queries.file(shipped, "crosstab")
    assert "@side(" in path.read_text("utf-8")
    assert b"evi:declaredAs" in queries.text(shipped, path)
    assert "evi:declaredAs" in queries.load(shipped, "crosstab").text
