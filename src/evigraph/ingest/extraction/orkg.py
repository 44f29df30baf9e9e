"""Comparisons of the Open Research Knowledge Graph, as JSON or CSV: papers, their contributions, and properties."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from evigraph.errors import counted
from evigraph.ingest.declared import Code, Scheme
from evigraph.ingest.extraction import words
from evigraph.ingest.extraction.shape import Shape, Sheet
from evigraph.ingest.fields.values import plain
from evigraph.ingest.model import Extract, Grouped, Rejected, Said

FORMAT = "orkg-comparison"
BASE = "http://orkg.org/orkg/resource/"
IRI = r"https?://(?:www\.)?orkg\.org/(?:orkg/)?(?:resource|paper|class|predicate|contribution)/([A-Z]\d+|\w+)/?"
COLUMN = r"(.+)/\s*(Contribution \d+|[^/]*[Cc]ontribution[^/]*)"
"""How a comparison with a column a contribution heads them: by the paper's title and the contribution."""
ABOUT = {"paper:title": "title", "paper:authors": "authors", "paper:publication_year": "year", "paper:doi": "doi"}
"""The columns of a publication in the CSV that ORKG imports."""


@dataclass(frozen=True)
class Value:
    """A value of a property: its label, and the resource that it is, or empty where it is a literal."""

    label: str
    resource: str = ""


@dataclass
class Contribution:
    """One contribution of a paper.

    Attributes:
        line: where it stands. paper: what tells the paper apart. label: what the contribution is called. publication:
        of the paper, by our keys. values: by the property's key, in the order of the file.
    """

    line: int
    paper: str
    label: str
    publication: dict[str, Any]
    values: dict[str, list[Value]] = field(default_factory=dict)


def recognised(headings: list[str], sample: str) -> str:
    """Whether these are the headings of a comparison; where they may be another sheet's, the rows name resources."""
    plain_ones = {words.bare(each) for each in headings}
    imported = sum(each.casefold().startswith("paper:") for each in headings) > 1
    listed = bool(plain_ones & {"contribution", "contribution id"} and plain_ones & {"paper", "title", "paper title"})
    columns = len(headings) > 1 and all(re.fullmatch(COLUMN, each) for each in headings[1:])
    return FORMAT if imported or columns or (listed and re.search(rf"{IRI}|\bContribution \d", sample)) else ""


def read(made: Shape, sheet: Sheet, _: str) -> None:
    """Add what a comparison as a table says."""
    if len(sheet.headings) > 1 and all(re.fullmatch(COLUMN, each) for each in sheet.headings[1:]):
        found, names = _columns(sheet)
    else:
        found, names = _rows(made, sheet)
    _take(made, found, names)


def from_json(root: Any) -> Shape | None:
    """A comparison as its JSON has it, or nothing where it is none."""
    for _ in range(3):  # the interface wraps it
        if isinstance(root, dict) and "contributions" not in root:
            root = next((root[name] for name in ("payload", "comparison", "data", "response") if name in root), None)
    if not isinstance(root, dict) or not isinstance(root.get("contributions"), list):
        return None
    data = root.get("data")
    listed = root.get("properties") or root.get("predicates")
    if not isinstance(data, dict) or not isinstance(listed, list):
        return None
    names = {plain(e.get("id")): plain(e.get("label")) or plain(e.get("id")) for e in listed if isinstance(e, dict)}
    found = []
    made = Shape(FORMAT)
    for at, each in enumerate(e if isinstance(e, dict) else {} for e in root["contributions"]):
        title, paper = plain(each.get("title")), plain(each.get("paper_id") or each.get("paperId"))
        if not title and not paper:
            made.rejected.append(Rejected(at + 1, "a contribution of no paper; export the comparison again"))
            continue
        publication = {"title": title} if title else {}
        publication |= words.publication({"year": plain(each.get("year")), "doi": plain(each.get("doi"))})
        publication |= {"url": f"{BASE}{paper}"} if paper else {}
        label = plain(each.get("contribution_label") or each.get("contributionLabel") or each.get("id"))
        one = Contribution(at + 1, paper or title, label, publication)
        for name, cells in data.items():
            several = cells[at] if isinstance(cells, list) and at < len(cells) and isinstance(cells[at], list) else []
            if values := [value for cell in several if (value := _cell(cell)) is not None]:
                one.values[name] = values
        found.append(one)
    _take(made, found, names)
    return made


def _cell(cell: Any) -> Value | None:
    """A value of JSON, if there is one: a resource has an id, a literal has its words alone."""
    if not isinstance(cell, dict) or not plain(cell.get("label")):
        return None
    kind = plain(cell.get("type") or cell.get("_class"))
    identity = plain(cell.get("resourceId") or cell.get("resource_id") or cell.get("id"))
    return Value(plain(cell["label"]), f"{BASE}{identity}" if identity and kind != "literal" else "")


def _columns(sheet: Sheet) -> tuple[list[Contribution], dict[str, str]]:
    """A comparison with a row a property and a column a contribution."""
    found = []
    first = sheet.headings[0]
    for at, heading in enumerate(sheet.headings[1:], 1):
        title, label = (each.strip() for each in re.fullmatch(COLUMN, heading).groups())  # type: ignore[union-attr]
        one = Contribution(at, title, label, {"title": title})
        for _, cells in sheet.rows:
            if values := list(_values(cells[heading])):
                one.values.setdefault(cells[first], []).extend(values)
        found.append(one)
    return found, {cells[first]: cells[first] for _, cells in sheet.rows}


def _rows(made: Shape, sheet: Sheet) -> tuple[list[Contribution], dict[str, str]]:
    """A comparison with a row a contribution, or several rows that go on with one."""
    by = {words.bare(each): each for each in reversed(sheet.headings)}
    papers = [by[each] for each in ("paper", "paper id", "title", "paper title") if each in by]
    papers += [each for each in sheet.headings if each.casefold() == "paper:title"]
    told = [by[each] for each in ("contribution", "contribution id", "contribution label") if each in by]
    taken = {word for several in words.rules()["publication"].values() for word in several}
    names = {}
    for heading in sheet.headings:
        label = _property(heading)
        known = heading in (*papers, *told) or words.bare(heading) in taken or heading.casefold() in ABOUT
        if not known and not _is_label(heading, by):
            names[heading] = label
    found: dict[tuple[str, str], Contribution] = {}
    for number, cells in sheet.rows:
        paper = next((cells[each] for each in papers if cells[each]), "")
        if not paper:
            made.rejected.append(Rejected(number, "no paper is named; fill in the column that tells it"))
            continue
        label = next((_short(cells[each]) for each in told if cells[each]), "") or f"Contribution {number}"
        one = found.setdefault((paper, label), Contribution(number, paper, label, _publication(cells, paper)))
        for heading in names:
            plain_one = words.bare(heading)
            beside = next((cells[by[e]] for e in (f"{plain_one} label", f"{plain_one}label") if e in by), "")
            values = list(_values(cells[heading], beside))
            held = one.values.setdefault(names[heading], [])
            held += [each for each in values if each not in held]
    return list(found.values()), {label: label for label in names.values()}


def _property(heading: str) -> str:
    """A property by its heading, without what numbers it and what it is prefixed with."""
    text = re.sub(r" \(\d+\)$", "", heading)
    return re.sub(r"(?i)^(?:orkg|contribution|resource):", "", text).replace("_", " ").strip() or heading


def _is_label(heading: str, by: dict[str, str]) -> bool:
    """Whether a column only says in words what the one beside it names by its resource."""
    text = words.bare(heading)
    return any(text.endswith(each) and text.removesuffix(each) in by for each in (" label", "label"))


def _publication(cells: dict[str, str], paper: str) -> dict[str, Any]:
    own = {name: text for heading, text in cells.items() if (name := ABOUT.get(heading.casefold())) and text}
    made = words.publication({**cells, **own})
    if "title" not in made and not re.fullmatch(IRI, paper):
        made["title"] = paper
    return made | ({"url": paper} if re.fullmatch(IRI, paper) else {})


def _short(text: str) -> str:
    return found.group(1) if (found := re.fullmatch(IRI, text)) else text


def _values(text: str, beside: str = "") -> Iterator[Value]:
    """The values in a cell of CSV: an IRI or `orkg:R1` is a resource, and what a list has stands apart."""
    inner = text[1:-1] if text.startswith("['") and text.endswith("']") else ""
    for part in re.split(r"'\s*,\s*'", inner.strip("'")) if inner else re.split(r"\s*;\s*", text):
        if found := re.fullmatch(rf"{IRI}|(?i:orkg:)([A-Z]\d+)", part):
            identity = next(each for each in found.groups() if each)
            yield Value(beside or identity, part if part.startswith("http") else f"{BASE}{identity}")
        elif part and (said := words.told(part.removeprefix("resource:"), "value")):
            yield Value(said[0].text)


def _take(made: Shape, found: list[Contribution], names: dict[str, str]) -> None:
    """Contributions as extracts: what all of a paper have alike is the study's, the rest that of a group of its own."""
    papers: dict[str, list[Contribution]] = {}
    for each in found:
        papers.setdefault(each.paper, []).append(each)
    codes: dict[str, dict[str, Code]] = {}
    for several in papers.values():
        for one in several:
            common = {name: values for name, values in one.values.items() if _shared(name, several)}
            own = {name: values for name, values in one.values.items() if name not in common}
            attributes = {at: (said, "", "") for at, said in _said(made, common, names, codes).items()}
            label = str(one.publication.get("title") or one.paper)
            groups = (Grouped(one.label, "contribution", attributes=_said(made, own, names, codes)),)
            extract = Extract(one.line, one.paper, label, one.publication, attributes=attributes)
            made.extracts.append(Extract(**{**vars(extract), "groups": groups if len(several) > 1 else ()}))
    for at, declared in codes.items():
        rule = made.attributes.rules[int(at)]
        made.schemes.append(Scheme(rule.name, rule.source.columns[0], codes=tuple(declared.values())))
    made.notes.append(
        f"{counted(len(papers), 'paper')} with {counted(len(found), 'contribution')} and "
        f"{counted(len(names), 'property', 'properties')}"
    )


def _shared(name: str, several: list[Contribution]) -> bool:
    return all(each.values.get(name) == several[0].values.get(name) for each in several)


def _said(
    made: Shape, values: dict[str, list[Value]], names: dict[str, str], codes: dict[str, dict[str, Code]]
) -> dict[int, tuple[Said, ...]]:
    """Values by the attribute's number; a resource is a code, which is the same as that resource."""
    told: dict[int, tuple[Said, ...]] = {}
    for name, several in values.items():
        heading = names.get(name, name)
        at = made.attributes.number(heading, identity=f"property {name}")
        for value in several:
            key = f"{at} {value.label}"
            if value.resource:
                codes.setdefault(str(at), {}).setdefault(key, Code(key, value.label, same_as=value.resource))
            said = Said(value.label, heading, code=key) if value.resource else words.said(value.label, heading)
            told[at] = (*told.get(at, ()), said)
    return told
