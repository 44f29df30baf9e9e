"""A document's new text with the lines of the old one wherever both say the same, so that comments stay."""

from __future__ import annotations

import re
from typing import Any

from evigraph.errors import LimitError


def merged(old: bytes, new: bytes, name: str) -> bytes:
    """The new text; of each key of the root, and of each mapping below it, that says the same, the old lines.

    Raises:
        LimitError: a comment stands among lines that would be others.
    """
    before, after = old.decode("utf-8"), new.decode("utf-8")
    if "\r\n" in before:  # as Windows writes lines; the new ones end like the others
        plain = merged(before.replace("\r\n", "\n").encode(), new, name)
        return plain.replace(b"\n", b"\r\n")
    made = _merged(before, after, 0, name)
    if _said(made) != _said(after):  # written in a way that lines don't show
        _require_no_comment(before, name)
        made = after
    return made.encode()


def _merged(old: str, new: str, indent: int, name: str) -> str:
    before, after = _blocks(old, indent), _blocks(new, indent)
    made = [before.pop("", "")]
    for key, text in after.items():
        former = before.pop(key, None)
        if former is None:
            made.append(text)
        elif former == text or _said(former) == _said(text):
            made.append(former if former.endswith("\n") else former + "\n")
        elif all(re.match(rf" {{{indent}}}{re.escape(key)}:\n +[^\s-]", each) for each in (former, text)):
            head, _, lines = former.partition("\n")
            made += [head, "\n", _merged(lines, text.partition("\n")[2], indent + 2, name)]
        else:
            tail = _tail(former, indent)
            _require_no_comment(former.removesuffix(tail), name)
            made += [text, tail]
    for text in before.values():
        _require_no_comment(text, name)
    return "".join(made)


def _blocks(text: str, indent: int) -> dict[str, str]:
    """The lines of each key that stands so far in; what comes before the first one is under no key."""
    begins = list(re.finditer(rf"(?m)^ {{{indent}}}([^\s#-][^\n:]*):(?=\s)", text))
    ends = [each.start() for each in begins[1:]] + [len(text)]
    found = {"": text[: begins[0].start()]} if begins and begins[0].start() else {}
    return found | {each[1]: text[each.start() : end] for each, end in zip(begins, ends, strict=True)}


def _tail(text: str, indent: int) -> str:
    """The comments and blank lines below a key that stand as far out as the next one, and so before that."""
    lines = text.split("\n")
    at = len(lines)
    while at > 1 and re.fullmatch(rf" {{0,{indent}}}#.*|\s*", lines[at - 1]):
        at -= 1
    tail = "\n".join(lines[at:])
    return tail if _said(text.removesuffix(tail)) == _said(text) else ""


def _said(text: str) -> Any:
    """What lines say, or nothing that equals anything where they aren't YAML."""
    from evigraph.files import yaml_text

    try:
        return yaml_text.load(text)
    except yaml_text.YAMLError:
        return object()


def _require_no_comment(text: str, name: str) -> None:
    for found in re.finditer(r"(?m)(^|(?<=\s))#[^\n]*", text):
        if _said(text[: found.start()] + text[found.end() :]) == _said(text):
            shown = found[0][:80].strip()
            raise LimitError(f"{name} has a comment that would be lost: {shown}; edit this file by hand")
