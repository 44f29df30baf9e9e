"""XML exports (PubMed, EndNote, arXiv and their like), taken apart one record at a time by the paths of a recipe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from evigraph.errors import DataError
from evigraph.ingest.model import Raw

DEPTH = 200
"""How deep elements may be nested; exports stay below 20."""
PIECE = 2**20
_CITED = {"source": "RefSource", "pmid": "PMID"}
"""Where PubMed has what a notice is about, or where it stands."""
_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]{0,1000}>", re.IGNORECASE)


def read(path: Path, text: str, tags: tuple[str, ...]) -> Iterator[Element]:
    """Each element with one of the tags, without namespaces, complete and then forgotten, so that memory is bounded.

    Raises:
        DataError: it declares entities, is nested deeper than `DEPTH`, or is no XML.
    """
    if found := re.search(r"<!(?:ENTITY|ATTLIST|ELEMENT)|<!DOCTYPE[^>]{0,1000}\[", text, re.IGNORECASE):
        line = text.count("\n", 0, found.start()) + 1
        raise DataError(path, line, "XML that declares entities, which could expand to anything; refused")
    text = _DOCTYPE.sub("", text, count=1)
    parser: XMLPullParser[Any] = XMLPullParser(("start", "end"))  # no entity is left
    state = _State(path, tags)
    try:
        for start in range(0, len(text), PIECE):
            parser.feed(text[start : start + PIECE])
            yield from state.taken(parser)
        parser.close()
        yield from state.taken(parser)
    except ParseError as error:
        mend = "mend it there, or export it again"
        raise DataError(path, error.position[0], f"XML: {error.msg.partition(':')[0]}; {mend}") from None


class _State:
    """How deep the parser stands, and in which record."""

    def __init__(self, path: Path, tags: tuple[str, ...]) -> None:
        self.path = path
        self.tags = tags
        self.open: list[Element] = []
        self.within = 0

    def taken(self, parser: XMLPullParser[Any]) -> Iterator[Element]:
        for event, element in cast(Iterator[tuple[str, Element]], parser.read_events()):
            if event == "start":
                element.tag = element.tag.rpartition("}")[2]
                self.open.append(element)
                self.within += element.tag in self.tags
                if len(self.open) > DEPTH:
                    raise DataError(self.path, 0, f"XML nested more than {DEPTH} deep; refused")
                continue
            self.open.pop()
            if element.tag in self.tags:
                self.within -= 1
                if not self.within:
                    yield element
            if not self.within:
                element.clear()
                if self.open:
                    self.open[-1].clear()


def raw(element: Element, line: int, fields: dict[str, list[Any]], name_parts: dict[str, str]) -> Raw:
    """A record: the values of each path that the fields of a recipe name; `name_parts` says where a name has them."""
    found: dict[str, list[Any]] = {}
    for key, candidates in fields.items():
        for path in (part for each in candidates for part in (each if isinstance(each, list) else each.split("+"))):
            where, _, attribute = path.partition("@@")
            parts = name_parts if key == "authors" else _CITED if key.endswith((" of", " in")) else {}
            values = [_value(each, attribute, parts) for each in element.iterfind(where)]
            found[path] = [value for value in values if value]
    return Raw(line, found)


def _value(element: Element, attribute: str, name: dict[str, str]) -> Any:
    if attribute:
        return element.get(attribute, "")
    parts = {key: found for key, path in name.items() if (found := _text(element.find(path)))}
    return parts or _text(element)


def _text(element: Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())
