"""Publications by our keys in the formats of reference managers: what `read` reads, written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from evigraph.ingest.fields import name_parts, registrations, values
from evigraph.ingest.fields.names import Body


@dataclass(frozen=True)
class Kind:
    """How the formats name a kind of publication, and the BibTeX fields of its container and its publisher."""

    ris: str
    bibtex: str
    csl: str
    container: str = "howpublished"
    publisher: str = "publisher"


KINDS = {
    "article": Kind("JOUR", "article", "article-journal", "journal"),
    "book": Kind("BOOK", "book", "book", "series"),
    "chapter": Kind("CHAP", "incollection", "chapter", "booktitle"),
    "conference paper": Kind("CPAPER", "inproceedings", "paper-conference", "booktitle"),
    "thesis": Kind("THES", "phdthesis", "thesis", publisher="school"),
    "report": Kind("RPRT", "techreport", "report", publisher="institution"),
    "manuscript": Kind("UNPB", "unpublished", "manuscript"),
    "web page": Kind("ELEC", "misc", "webpage"),
}
OTHER = Kind("GEN", "misc", "document")

Person = tuple[str, str, str]
"""A family name, given names and a suffix; a body has its whole name and nothing else."""


def kind(report: dict[str, Any]) -> Kind:
    """The kind of a publication; one that doesn't say, and has a volume or an issue, is an article."""
    said = report.get("kind") or ("article" if report.get("volume") or report.get("issue") else "")
    return KINDS.get(said, OTHER)


def key(report: dict[str, Any]) -> str:
    """A name for the publication that every format takes: the last part of its id."""
    return re.sub(r"[^A-Za-z0-9]+", "-", str(report["id"]).partition("/")[2] or str(report["id"])).strip("-")


def persons(report: dict[str, Any]) -> list[Person]:
    """The authors of a publication, whether they stand apart by `; ` or as a reference list prints them.

    An edited book, whose editors stand where authors would, has none.
    """
    return [] if edited(report) else _people(report, "authors")


def editors(report: dict[str, Any]) -> list[Person]:
    """The editors of a publication, or of the book in which it stands."""
    return _people(report, "editors")


def edited(report: dict[str, Any]) -> bool:
    """Whether the editors of a book stand where authors would."""
    return bool(report.get("editors")) and report["editors"] == report.get("authors")


def _people(report: dict[str, Any], key: str) -> list[Person]:
    line, count = _line(report.get(key, "")), report.get("authorCount") if key == "authors" else None
    bodies = {_line(name) for name in report.get("groupAuthors", [])}
    found = [name.strip() for name in line.split("; ") if name.strip()]
    printed = [part for part in re.split(r",\s*(?:&\s+)?|\s+&\s+", line) if part]  # Doe, J., Roe, R., & Poe, E. A.
    pairs = len(printed) % 2 == 0 and len(printed) // 2 == (count or len(printed) // 2)
    if len(found) == 1 and pairs and len(printed) > 2 and found[0] not in bodies:
        return [(family, given, "") for family, given in zip(printed[::2], printed[1::2], strict=True)]
    return [name_parts.split(Body(name) if name in bodies else name) for name in found]


def as_ris(reports: Iterable[dict[str, Any]]) -> str:
    """RIS, written by rispy: one tag a line, lines that end in CR LF, an `ER` after each record."""
    import rispy

    class Writer(rispy.RisWriter):  # type: ignore[misc]
        DEFAULT_LIST_TAGS: ClassVar[list[str]] = ["AU", "A2"]
        DEFAULT_MAPPING: ClassVar[dict[str, str]] = {"TY": "type_of_reference", **{t: t.lower() for t in _TAGS}}
        DEFAULT_DELIMITER_MAPPING: ClassVar[dict[str, str]] = {}
        NEWLINE = "\r\n"

        def set_header(self, count: int) -> str:
            return ""

    text: str = rispy.dumps([_ris(report) for report in reports], implementation=Writer)
    return text


_TAGS = {"TI": "title", "PY": "year", "T2": "container", "VL": "volume", "IS": "issue", "DO": "doi", "UR": "url"}
_TAGS |= {"PB": "publisher", "CY": "placePublished", "T3": "series", "ET": "edition", "SN": "isbn", "AB": "abstract"}
_TAGS |= {"C2": "pmcid", "N1": "", "SP": "", "EP": "", "AN": "", "AU": "", "A2": "", "ID": ""}
"""The tags that are written, each with our key, or nothing where it takes more than a copy."""


def _ris(report: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"type_of_reference": kind(report).ris, "id": key(report)}
    for tag, people in (("au", persons(report)), ("a2", editors(report))):
        found[tag] = [_line(", ".join(filter(None, person))) for person in people]
    found |= {tag.lower(): _line(report[name]) for tag, name in _TAGS.items() if report.get(name)}
    start, end = values.page_range(report.get("pages", ""))
    found |= {"sp": _line(start), "ep": _line(end), "an": report.get("pmid") or report.get("eric")}
    found["n1"] = registrations.shown(report)
    return {name: value for name, value in found.items() if value}


def _line(value: object) -> str:
    """A value on one line, without control characters."""
    return " ".join(re.sub("[\x00-\x1f\x7f-\x9f]", " ", str(value)).split())


def as_csljson(reports: Iterable[dict[str, Any]]) -> str:
    """CSL-JSON, as Zotero, Mendeley and pandoc take it."""
    return json.dumps([_csl(report) for report in reports], ensure_ascii=False, indent=2) + "\n"


_CSL = {"title": "title", "container": "container-title", "volume": "volume", "issue": "issue", "pages": "page"}
_CSL |= {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "url": "URL", "publisher": "publisher"}
_CSL |= {"series": "collection-title", "edition": "edition", "isbn": "ISBN", "abstract": "abstract"}
_CSL |= {"placePublished": "publisher-place"}


def _csl(report: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"id": key(report), "type": kind(report).csl}
    found |= {theirs: _line(report[ours]) for ours, theirs in _CSL.items() if report.get(ours)}
    if pages := _range(report, "-"):
        found["page"] = pages
    people = {
        "author": [_csl_name(each) for each in persons(report)],
        "editor": [_csl_name(e) for e in editors(report)],
    }
    issued = {"date-parts": [[report["year"]]]} if report.get("year") else None
    note = "; ".join(
        filter(None, [f"ERIC: {report['eric']}" if report.get("eric") else "", registrations.shown(report)])
    )
    return found | {n: v for n, v in {**people, "issued": issued, "note": note}.items() if v}


def _csl_name(person: Person) -> dict[str, str]:
    family, given, suffix = person
    if not given:
        return {"literal": family}
    return {"family": family, "given": given} | ({"suffix": suffix} if suffix else {})


def _range(report: dict[str, Any], between: str) -> str:
    """The pages from the first to the last; what is no range of two stays as it is."""
    start, end = values.page_range(report.get("pages", ""))
    return _line(f"{start}{between}{end}" if end else start)


def as_bibtex(reports: Iterable[dict[str, Any]]) -> str:
    """BibTeX in UTF-8, written by bibtexparser: the signs of TeX are escaped, and no two keys are alike."""
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library

    taken: set[str] = set()
    return write_string(Library([_entry(report, _unlike(key(report), taken)) for report in reports])).lstrip("\n")


def _unlike(name: str, taken: set[str]) -> str:
    """The name, or with the first number after it that makes it unlike all before; BibTeX minds no case."""
    found, number = name, 2
    while found.casefold() in taken:
        found, number = f"{name}-{number}", number + 1
    taken.add(found.casefold())
    return found


def _entry(report: dict[str, Any], name: str) -> Any:
    from bibtexparser.model import Entry, Field

    form = kind(report)
    found = {
        "author": " and ".join(_bibtex_name(person) for person in persons(report)),
        "editor": " and ".join(_bibtex_name(person) for person in editors(report)),
        "title": _cased(_tex(report.get("title", ""))),
        "year": str(report.get("year", "")),
        form.container: _tex(report.get("container", "")),
        **{tag: _tex(report.get(ours, "")) for ours, tag in (("volume", "volume"), ("issue", "number"))},
        "pages": "--".join(_tex(each) for each in values.page_range(report.get("pages", "")) if each),
        **{tag: _tex(report.get(ours, "")) for tag, ours in _BOOK.items() if tag != form.container},
        **{tag: _verbatim(report.get(tag, "")) for tag in ("doi", "url", "pmid", "pmcid", "eric")},
        "note": _tex(registrations.shown(report)),
        form.publisher: _tex(report.get("publisher", "")),
    }
    return Entry(form.bibtex, name, [Field(tag, value) for tag, value in found.items() if value])


_BOOK = {"series": "series", "edition": "edition", "address": "placePublished", "isbn": "isbn", "abstract": "abstract"}


def _bibtex_name(person: Person) -> str:
    family, given, suffix = map(_tex, person)
    if not given:
        return f"{{{family}}}" if re.search(r"[\s,]", family) else family
    parts = (part for part in (family, suffix, given) if part)
    return ", ".join(f"{{{part}}}" if re.search(r"(?i)\sand\s", part) else part for part in parts)


_SIGNS: dict[str, str] = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    # BibTeX counts every brace, an escaped one too.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    **{sign: "\\" + sign for sign in "&%$#_"},
}


def _tex(value: object) -> str:
    """A text that TeX prints as it is; two hyphens, accents or apostrophes are no ligature."""
    escaped = "".join(_SIGNS.get(sign, sign) for sign in _line(value))
    return re.sub(r"([-`'])(?=\1)", r"\1{}", escaped)


def _cased(title: str) -> str:
    """A title whose words with capitals inside are kept from the small letters of bibliography styles."""
    return re.sub(r"[^\W_]+", lambda word: f"{{{word[0]}}}" if word[0][1:].lower() != word[0][1:] else word[0], title)


def _verbatim(value: object) -> str:
    """An address or identifier, which TeX takes as it is; only braces, blanks and backslashes are percent-encoded."""
    return re.sub(r"[{}\\\s]", lambda sign: f"%{ord(sign[0]):02X}", str(value))


FORMATS: dict[str, Callable[[Iterable[dict[str, Any]]], str]] = {
    "ris": as_ris,
    "bibtex": as_bibtex,
    "csljson": as_csljson,
}
"""The formats of reference managers, by their names on the command line."""
