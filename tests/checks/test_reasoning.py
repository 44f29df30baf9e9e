"""OWL reasoning, where there is Java: what is found, and how it is explained."""

# ruff: noqa: S311 - random graphs and lists, not secrets

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import Copy, evigraph

from evigraph.checks import reasoning
from evigraph.checks.reasoning import axioms, clashes, facts, foreign, hermit, literals, suspects
from evigraph.checks.reasoning.vocabulary import Vocabulary
from evigraph.errors import CheckFailedError, DataError, MissingPartError

needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="no Java on the PATH")
NS = "https://w3id.org/evigraph/ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
BASE = "https://w3id.org/evigraph/micro-credentials/"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
REPORT, FINDING = f"<{BASE}report/reeves-2017>", f"<{BASE}finding/Table-2-row-3/reeves-2017>"


def year(value: str, datatype: str = "integer", of: str = REPORT) -> str:
    """A statement on a year."""
    return f'{of} <{NS}year> "{value}"^^<{XSD}{datatype}> <x:g> .\n'


@needs_java
def test_the_ontology_is_consistent() -> None:
    """Alone, with no class that can have no member."""
    verdict = reasoning.reason()
    assert verdict.triples > 1000
    assert verdict.unsatisfiable == ()


@needs_java
def test_the_review_is_consistent_with_it(nquads: str) -> None:
    """The shipped data contradicts no axiom."""
    verdict = reasoning.reason(nquads)
    assert verdict.triples > 10000
    assert verdict.given > 5000


@needs_java
@pytest.mark.parametrize(
    "mistake",
    [
        f"<x:f> {TYPE} <{NS}Finding> <x:g> .\n<x:f> {TYPE} <{NS}Study> <x:g> .\n",
        f"<x:f> <{NS}benefit> <x:b> <x:g> .\n<x:f> <{NS}drawback> <x:d> <x:g> .\n",
        f"<x:f> <{NS}effect> <{NS}positive> <x:g> .\n<x:f> <{NS}effect> <{NS}negative> <x:g> .\n",
        f"<x:f> <{NS}effect> <x:upwards> <x:g> .\n",
        f"<x:f> <{NS}benefit> <x:b> <x:g> .\n<x:b> {TYPE} <{NS}Drawback> <x:g> .\n",
    ],
    ids=["study and finding", "benefit and drawback", "two effects", "no effect", "benefit that is a drawback"],
)
def test_a_real_mistake_is_found(mistake: str) -> None:
    """The axioms are strong enough to notice."""
    with pytest.raises(CheckFailedError, match="inconsistent, says HermiT"):
        reasoning.reason(mistake)


SEEDED = {
    "two years": (
        year("2018"),
        ["report/reeves-2017 year 2017", "report/reeves-2017 year 2018"],
        ["`year` has one value at most"],
        "keep one value of `year`",
    ),
    "a study that is a report": (
        f"{REPORT} {TYPE} <{NS}Study> <x:g> .\n",
        ["report/reeves-2017 is a Report", "report/reeves-2017 is a Study"],
        ["a Study is never a Report"],
        "give report/reeves-2017 one type",
    ),
    "an answer to a study": (
        f"{FINDING} <{NS}answers> <{BASE}study/reeves-2017> <x:g> .\n",
        ["finding/Table-2-row-3/reeves-2017 answers study/reeves-2017", "study/reeves-2017 is a Study"],
        ["a Study is never a Question", "what `answers` names is a Question"],
        "let `answers` name a Question, or change the type of study/reeves-2017",
    ),
    "a wrong datatype": (
        year("2017", "gYear"),
        ['report/reeves-2017 year "2017" as xsd:gYear'],
        ["`year` is a whole number"],
        "write `year` as a whole number",
    ),
    "a year on a study": (
        year("2017", of=f"<{BASE}study/reeves-2017>"),
        ["study/reeves-2017 is a Study", "study/reeves-2017 year 2017"],
        ["what has `year` is a Report, a Reference or a Record", "a Study is never a Record, a Reference or a Report"],
        "keep `year` for a Report, a Reference or a Record, or change the type of study/reeves-2017",
    ),
    "two studies of a finding": (
        f"{FINDING} <{NS}fromStudy> <{BASE}study/mah-2016> <x:g> .\n",
        [f"finding/Table-2-row-3/reeves-2017 fromStudy study/{study}" for study in ("mah-2016", "reeves-2017")],
        ["`fromStudy` has one value at most", "study/mah-2016 and study/reeves-2017 are two things"],
        "keep one value of `fromStudy`",
    ),
    "a text where an id belongs": (
        f'{FINDING} <{NS}answers> "RQ1" <x:g> .\n',
        ['finding/Table-2-row-3/reeves-2017 answers "RQ1"'],
        ["`answers` names a thing, and is no text"],
        "give `answers` the id of a record",
    ),
}


def explained(nquads: str) -> list[list[str]]:
    """The lines of each clash, without its number and places."""
    with pytest.raises(reasoning.InconsistentError) as caught:
        reasoning.reason(nquads)
    texts = reasoning.explanation(caught.value.clashes)
    return [[line.strip().removeprefix("x:g: ") for line in text.replace(BASE, "").splitlines()] for text in texts]


@pytest.fixture(scope="module")
def study(nquads: str) -> str:
    """The graphs of two studies: each run of HermiT is quicker than on the whole review."""
    keys = ("reeves-2017", "mah-2016")
    return "".join(line for line in nquads.splitlines(True) if line.endswith(tuple(f"studies/{k}> .\n" for k in keys)))


@needs_java
@pytest.mark.parametrize("name", SEEDED)
def test_a_mistake_is_explained_by_the_records_that_clash(study: str, name: str) -> None:
    """Among many that don't: these statements, these axioms, no others, and the mend."""
    mistake, statements, reasons, mend = SEEDED[name]
    (lines,) = explained(study + mistake)
    because = lines.index("because")
    found = sorted(line.rpartition(": ")[2] for line in lines[1:because])
    assert found == sorted(statements)
    assert sorted(lines[because + 1 : -1]) == sorted(reasons)
    assert lines[-1] == f"Mend: {mend}."


@needs_java
def test_several_mistakes_are_explained_one_by_one(study: str) -> None:
    """Each by itself."""
    mistakes = [SEEDED[name][0] for name in ("two years", "an answer to a study", "a text where an id belongs")]
    found = explained(study + "".join(mistakes))
    assert sorted(lines[-1].split("`")[1] for lines in found) == ["answers", "answers", "year"]


@needs_java
def test_what_no_guess_finds_is_found_by_halving(study: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guesses only save time."""
    some = "".join(line for line in study.splitlines(keepends=True) if line.startswith(REPORT)) + year("2018")
    guessed = explained(some)
    monkeypatch.setattr(suspects, "neighbourhoods", lambda *_: iter(()))
    assert explained(some) == guessed


def test_a_smallest_list_is_smallest() -> None:
    """Against a judge that knows which lists clash: all of the list do, and none without one of it."""
    chance = random.Random(5)
    for _ in range(200):
        items = list(range(chance.randint(1, 60)))
        bad = [set(chance.sample(items, chance.randint(1, min(4, len(items))))) for _ in range(chance.randint(1, 4))]

        def judge(lists: list[list[int]], bad: list[set[int]] = bad) -> int | None:
            return next((i for i, each in enumerate(lists) if any(some <= set(each) for some in bad)), None)

        found = clashes.smallest(items, judge)
        assert judge([found]) == 0
        assert all(judge([[item for item in found if item != gone]]) is None for gone in found)


def test_the_review_needs_none_of_its_texts(nquads: str) -> None:
    """Not one text or number of the shipped review can contradict anything, so that none slows the reasoner."""
    known = facts.matter(list(ox.parse(nquads, format=ox.RdfFormat.N_QUADS)), Vocabulary(axioms.axioms()))
    assert not [quad for quad in known.statements if isinstance(quad.object, ox.Literal)]
    assert len(known.statements) > 5000


def random_graph(chance: random.Random) -> str:
    """Some statements on few things, many of them on years, so that about half of such graphs are inconsistent."""
    things = [f"<x:{letter}>" for letter in "abcdef"]
    classes = ["Report", "Record", "Study", "Finding", "Locator"]
    lines = [f"{thing} {TYPE} <{NS}{chance.choice(classes)}> <x:g> .\n" for thing in things if chance.random() < 0.6]
    for _ in range(chance.randint(0, 3)):
        lines.append(
            year(
                str(chance.choice([2019, 2019, 2020])),
                chance.choice(["integer"] * 5 + ["string"]),
                chance.choice(things),
            )
        )
    for _ in range(chance.randint(0, 2)):
        key = chance.choice(["identifies", "report", "partOf"])
        lines.append(f"{chance.choice(things)} <{NS}{key}> {chance.choice(things)} <x:g> .\n")
    if chance.random() < 0.5:
        lines.append(f"{things[0]} <http://www.w3.org/2002/07/owl#sameAs> {chance.choice(things)} <x:g> .\n")
    return "".join(lines)


@needs_java
def test_no_contradiction_is_lost_by_leaving_texts_out() -> None:
    """HermiT says the same of what it is given as of everything, on random graphs."""
    chance, vocabulary = random.Random(11), Vocabulary(axioms.axioms())
    verdicts = set()
    for _ in range(8):
        quads = list(ox.parse(random_graph(chance), format=ox.RdfFormat.N_QUADS))
        known = facts.matter(quads, vocabulary)
        fixed = [*axioms.triples(), *(triple for each in known.different for triple in each.triples)]
        some, whole = ([*fixed, *(facts.triple(quad) for quad in each)] for each in (known.statements, quads))
        found = [hermit.first_inconsistent([clashes.text(each)]) for each in (some, whole)]
        assert found[0] == found[1], quads
        verdicts.add(found[0])
    assert verdicts == {None, 0}


def test_numbers_and_texts_as_a_reasoner_takes_them() -> None:
    """A whole number is one by its datatype and its size; what HermiT can't read becomes an address of its own."""

    def literal(text: str, datatype: str) -> ox.Literal:
        return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))

    for text, datatype, whole in [
        ("5", "integer", True),
        ("5", "int", True),
        ("-5", "nonNegativeInteger", False),
        ("300", "byte", False),
        ("9" * 5000, "integer", True),
        ("9" * 5000, "long", False),
        ("five", "integer", False),
        ("\u0665", "integer", False),
        ("5", "string", False),
    ]:
        assert literals.within(literal(text, datatype), f"{XSD}integer") is whole, (text, datatype)
    assert literals.told(literal("2017", "gYear")).datatype.value == f"{XSD}anyURI"
    assert literals.told(literal("2017", "gYear")) != literals.told(literal("2018", "gYear"))
    assert literals.told(literal("05", "int")) == literal("05", "integer")
    assert literals.within(ox.Literal("fünf", language="de"), f"{XSD}string") is False


@needs_java
def test_the_command_shows_file_and_line(copy: Copy) -> None:
    """Of each statement, and ends with exit code 1 and a line on stderr."""
    copy.replace("outline.yaml", "type: Review\n", "type: Review\nbase: https://example.org/\n")
    ran = evigraph("--workspace", str(copy.root), "reason", "--data")
    assert ran.returncode == 1
    assert ran.stderr == "evigraph: inconsistent, says HermiT: no world can satisfy these statements\n"
    line = (copy.review / "review.yaml").read_text("utf-8").splitlines().index(f"base: {BASE}") + 1
    assert '     data/micro-credentials/outline.yaml:3: review base "https://example.org/"\n' in ran.stdout
    assert f'     data/micro-credentials/review.yaml:{line}: review base "{BASE}"\n' in ran.stdout
    assert "Mend: keep one value of `base`." in ran.stdout


@needs_java
def test_a_graph_of_a_file_is_reasoned_over(tmp_path: Path) -> None:
    """In any format; an import in it is nothing to follow, and commands for a terminal are shown harmlessly."""
    file = tmp_path / "graph.ttl"
    file.write_text(
        f"<http://localhost:9/o> <http://www.w3.org/2002/07/owl#imports> <http://localhost:9/o> .\n"
        f'<https://x.org/r> <{NS}authorCount> "two \\u001b[2J" .\n',
        "utf-8",
    )
    ran = evigraph("reason", "--graph", str(file))
    assert ran.returncode == 1
    assert (
        'https://x.org/r authorCount "two \\u001b[2J"\n   because\n     `authorCount` is a whole number\n' in ran.stdout
    )


def test_a_file_that_is_no_graph_is_told_in_a_line(tmp_path: Path) -> None:
    """With its name, and the line where its syntax breaks."""
    (tmp_path / "graph.ttl").write_text("<x:a> <x:b>\n", "utf-8")
    with pytest.raises(DataError, match=r"graph\.ttl:\d+: .*mend the syntax"):
        foreign.nquads(tmp_path / "graph.ttl")
    with pytest.raises(DataError, match=r"graph\.xyz: no format of RDF"):
        foreign.nquads(tmp_path / "graph.xyz")
    with pytest.raises(DataError, match=r"none\.nq: No such file"):
        foreign.nquads(tmp_path / "none.nq")
    both = evigraph("reason", "--data", "--graph", "graph.ttl")
    assert (both.returncode, both.stderr.count("\n")) == (2, 1)


def test_without_java_one_line_says_so(tmp_path: object) -> None:
    """The command explains what is missing."""
    ran = evigraph("reason", PATH=str(tmp_path))
    assert ran.returncode == 2
    assert ran.stderr == (
        "evigraph: reasoning needs Java, which isn't on the PATH; install a Java 11 or later runtime\n"
    )


def test_without_java_the_function_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """As an error of ours."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingPartError):
        reasoning.reason()
