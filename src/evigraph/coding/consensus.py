"""What coders of a study agree on: their consensus where they wrote one down, else what all of them say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from evigraph.coding import findings
from evigraph.ingest import Extract, Statement

Values = list[dict[str, Any]]
"""The values of an attribute, as characteristics have them."""
Attributes = dict[str, tuple[Values, str]]
"""The values of attributes by name, with the place where they stand."""
Cell = tuple[str, str, str, str]
"""What a coder coded: the study, the record in it, the key, the value."""

CODED = (
    *("answers", "concerns", "informant", "effect", "modality", "benefit", "drawback", "focus", "concept"),
    *("quantities", "characteristics"),
)
"""The keys of a finding that coders have to agree on; their words may differ."""


@dataclass
class Agreed:
    """What holds of one study.

    Attributes:
        attributes: values and place, by the attribute's name. findings, results: each with the coders that it comes
        from. cells: what each coder coded alone. notes: where coders differ. by_consensus: there was a consensus.
    """

    attributes: Attributes = field(default_factory=dict)
    findings: list[tuple[tuple[str, ...], dict[str, Any]]] = field(default_factory=list)
    results: list[tuple[tuple[str, ...], dict[str, Any]]] = field(default_factory=list)
    cells: dict[str, list[Cell]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    by_consensus: bool = False


@dataclass
class _Coder:
    """One coder's rows, put together."""

    name: str
    lines: list[int]
    attributes: Attributes = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)


def agreed(
    study: str,
    rows: list[Extract],
    attributes: Callable[[Extract], Attributes],
    finding: Callable[[Extract, Statement], dict[str, Any] | None],
) -> Agreed:
    """What holds of a study, from all of its rows.

    `attributes` and `finding` turn the words of a row into values.
    """
    made = Agreed()
    grouped: dict[str, list[Extract]] = {}
    for row in rows:
        grouped.setdefault("\0consensus" if row.consensus else row.reviewer, []).append(row)
    coders = {name: _together(study, name, group, attributes, finding, made) for name, group in grouped.items()}
    final = coders.pop("\0consensus", None)
    if final is not None or len(coders) > 1:
        made.cells = {name: list(_cells(study, coder)) for name, coder in coders.items() if name}
    if final is not None:
        made.by_consensus = True
        made.attributes = final.attributes
        made.findings = [
            ((*sorted(name for name in coders if name),) or ("Consensus",), each) for each in final.findings
        ]
        return made
    if len(coders) == 1:
        name, only = next(iter(coders.items()))
        made.attributes = only.attributes
        made.findings = [((name,) if name else (), each) for each in only.findings]
        return made
    _compare_attributes(study, list(coders.values()), made)
    _compare_findings(study, list(coders.values()), made)
    return made


def _together(
    study: str,
    name: str,
    rows: list[Extract],
    attributes: Callable[[Extract], Attributes],
    finding: Callable[[Extract, Statement], dict[str, Any] | None],
    made: Agreed,
) -> _Coder:
    """One coder's rows; a study's attribute that two rows tell differently has all of their values."""
    coder = _Coder(name.lstrip("\0"), [row.line for row in rows])
    for row in rows:
        for attribute, (values, place) in attributes(row).items():
            before, at = coder.attributes.get(attribute, ([], place))
            more = [each for each in values if _bare(each) not in [_bare(one) for one in before]]
            if before and more:
                said = [each for each in (*before, *more) if each["state"] in ("stated", "inferred")]
                before, more = (said, []) if said else (before, [])
            coder.attributes[attribute] = [*before, *more], at or place
        coder.findings += [found for each in row.findings if (found := finding(row, each)) is not None]
    return coder


def _bare(value: dict[str, Any]) -> dict[str, Any]:
    """A value without what only tells from which row it is, and what is said beside it."""
    return {key: each for key, each in value.items() if key not in ("basis", "note", "quote", "locatedAt")}


def _cells(study: str, coder: _Coder) -> Iterator[Cell]:
    for attribute, (values, _) in sorted(coder.attributes.items()):
        for each in values:
            value = each.get("concept") or each.get("text") or each.get("value")
            yield study, attribute, each["state"], "" if value is None else str(value)
    for i, found in enumerate(coder.findings, 1):
        for key, value in found.items():
            yield study, f"finding {i}", key, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_text(each) for each in value)
    if isinstance(value, dict) and "attribute" in value:
        return findings.value_text(value)
    if isinstance(value, dict) and "kind" not in value:
        return findings.answers(value)
    if isinstance(value, dict):
        return f"{value['kind']} {value.get('comparator', '=')} {value['value']} {value['unit']}"
    return str(value)


def _compare_attributes(study: str, coders: list[_Coder], made: Agreed) -> None:
    for attribute in sorted({attribute for coder in coders for attribute in coder.attributes}):
        said = [(coder, coder.attributes[attribute]) for coder in coders if attribute in coder.attributes]
        texts = {repr(sorted(map(repr, map(_bare, values)))) for _, (values, _) in said}
        if len(texts) == 1:
            made.attributes[attribute] = said[0][1]
            if len(said) < len(coders):
                names = " and ".join(coder.name for coder, _ in said)
                made.notes.append(f"{study}: {attribute} was coded by {names} alone")
        else:
            each = "; ".join(f"{coder.name} (row {coder.lines[0]}) `{_shown(values)}`" for coder, (values, _) in said)
            made.notes.append(f"{study}: coders differ on {attribute}: {each}; not coded")


def _shown(values: Values) -> str:
    return ", ".join(str(e.get("concept") or e.get("text") or e.get("value") or e["state"]) for e in values)


def together(
    study: str, coders: dict[str, list[dict[str, Any]]], notes: list[str]
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Findings that coders added, each on their own: the same ones are one of all its coders, those at odds are none.

    Two are at odds that are about the same code at the same place, or have the same words, and differ in another code.
    """
    left = [(coder, found) for coder, several in coders.items() for found in several]
    while left:
        coder, found = left.pop(0)
        same = [each for each in left if each[0] != coder and _slot(each[1]) == _slot(found)]
        alike = [each for each in same if all(each[1].get(key) == found.get(key) for key in CODED)]
        left = [each for each in left if each not in same]
        if len(alike) < len(same):
            every = [(coder, found), *same]
            odd = [key for key in CODED if any(each.get(key) != found.get(key) for _, each in same)]
            said = "; ".join(f"{name} `{_saying(each, odd)}: {each['statement']}`" for name, each in every)
            notes.append(f"{study}: coders differ on a new finding: {said}; not coded")
        else:
            yield tuple(sorted({coder, *(name for name, _ in same)})), _merged([found, *(e for _, e in same)])


def _saying(finding: dict[str, Any], odd: list[str]) -> str:
    """What a finding says, with whatever of it others don't say alike."""
    said = [_text(finding["answers"]), str(finding.get("effect", ""))]
    more = [f"{key} {_text(finding.get(key) or 'left out')}" for key in odd if key not in ("answers", "effect")]
    return ", ".join(each for each in [*said, *more] if each)


def _slot(finding: dict[str, Any]) -> tuple[str, ...]:
    code = str(finding.get("benefit") or finding.get("drawback") or finding.get("concept") or "")
    place = str(finding.get("locatedAt", ""))
    return (code, place) if code else (place, " ".join(str(finding.get("statement", "")).casefold().split()))


def _compare_findings(study: str, coders: list[_Coder], made: Agreed) -> None:
    """A finding that every coder has with the same codes holds; one that differs is named, and is not coded."""
    left = {coder.name: list(coder.findings) for coder in coders}
    for found in coders[0].findings:
        same = [_take(left[coder.name], found, CODED) for coder in coders]
        if all(same):
            made.findings.append((tuple(sorted(coder.name for coder in coders)), _merged([e for e in same if e])))
        else:
            for coder, one in zip(coders, same, strict=True):
                if one:
                    left[coder.name].append(one)
    rest = [(coder, found) for coder in coders for found in left[coder.name]]
    for coder, found in rest:
        codes = ", ".join(f"{key} {_text(found[key])}" for key in CODED if key in found)
        made.notes.append(
            f"{study}: coders differ: only {coder.name} (row {coder.lines[0]}) has the finding {codes}; not coded"
        )


def _take(findings: list[dict[str, Any]], wanted: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any] | None:
    for found in findings:
        if all(found.get(key) == wanted.get(key) for key in keys):
            findings.remove(found)
            return found
    return None


def _merged(findings: list[dict[str, Any]]) -> dict[str, Any]:
    """One finding of several with the same codes; different words and places are put one after the other."""
    made = dict(findings[0])
    for key, mark in (("statement", " / "), ("locatedAt", "; "), ("note", "; ")):
        texts = dict.fromkeys(each[key] for each in findings if each.get(key))
        if texts:
            made[key] = mark.join(texts)
    return made
