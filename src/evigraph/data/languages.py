"""Texts in several languages: what a document writes under one key, and the two keys that records and the graph have.

A document says `label: {en: Student, de: Studierende}`. A record has `label: Student`, a plain text, which every table,
query and reader takes for the label; and under `labelIn` every text by its language, which only who asks for languages
sees. So one record has one label, in however many languages it is called something.

Which is the plain one? That in the review's `language` (`read_documents` sees to it), else the one without a language
(`@none`), else the first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from evigraph.data import short
from evigraph.errors import DataError

TAGGED = {key.removesuffix("In"): key for key in sorted(short.BY_LANGUAGE)}
"""The keys whose texts may have languages, each with the key of the texts by language."""
NONE = "@none"
"""What stands for a language where a text has none, as in JSON-LD."""


def part(record: dict[str, Any], key: str, fault: Callable[[str], DataError]) -> None:
    """Part what a document writes under a key into the plain text and the texts by language.

    Raises:
        DataError: as `fault` makes it of a message.
    """
    written = record[key]
    if isinstance(written, dict):
        texts = _texts(written, fault)
        record[key], record[TAGGED[key]] = texts.get(NONE) or next(iter(texts.values())), texts
    elif isinstance(written, list) and any(isinstance(item, dict) for item in written):
        several: dict[str, list[Any]] = {NONE: []}
        for item in written:
            for language, text in (_texts(item, fault) if isinstance(item, dict) else {NONE: item}).items():
                several.setdefault(language, []).append(text)
        record[key] = several.pop(NONE)
        if several:
            record[TAGGED[key]] = {language: sorted(set(texts)) for language, texts in several.items()}
        if not record[key]:
            del record[key]


def _texts(written: dict[str, Any], fault: Callable[[str], DataError]) -> dict[str, str]:
    """The texts by language; tags are written in lower case, for their case means nothing."""
    if "value" in written and set(written) <= {"value", "lang"}:
        written = {str(written.get("lang", NONE)): written["value"]}
    texts = {str(tag).lower(): text for tag, text in written.items()}
    for tag, text in texts.items():
        if tag != NONE and not re.fullmatch(r"[a-z]{2,8}(-[a-z0-9]{1,8})*", tag):
            raise fault(f"`{tag}` is no language; write a tag such as en or pt-br before each text")
        if not isinstance(text, str) or not text:
            raise fault(f"the text in `{tag}` is no text; quote it")
    if not texts or len(texts) < len(written):
        raise fault("a language stands twice, or none; write each text once, such as `en: Student`")
    return texts


def joined(value: Any) -> Any:
    """The inverse of `part` for a whole document: what it writes, the plain text first."""
    if isinstance(value, list):
        return [joined(item) for item in value]
    if not isinstance(value, dict):
        return value
    made: dict[str, Any] = {}
    for key, each in value.items():
        texts = value.get(TAGGED.get(key, ""))
        if key in short.BY_LANGUAGE:
            if key.removesuffix("In") not in value:  # no plain text is written beside the others
                made[key.removesuffix("In")] = _items(each)
        elif texts is None:
            made[key] = joined(each)
        elif isinstance(each, list):
            made[key] = [*each, *_items(texts)]
        else:
            known = texts if each in texts.values() else {NONE: each, **texts}  # the label was changed since
            made[key] = {tag: known[tag] for tag in sorted(known, key=_place(known, each))}
    return made


def _place(texts: dict[str, str], plain: str) -> Callable[[str], tuple[bool, str]]:
    return lambda tag: (texts[tag] != plain, tag)


def _items(texts: dict[str, list[str]]) -> list[dict[str, str]]:
    return [{tag: text} for tag in sorted(texts) for text in texts[tag]]
