"""LaTeX in the values of BibTeX as Unicode, by pylatexenc; what isn't LaTeX stays as it is."""

from __future__ import annotations

import contextlib
import re
from functools import cache
from typing import Any

LIMIT = 20_000
"""A longer value, or one of more than `DEPTH` open braces, is freed of its braces alone: decoding it costs too much."""
DEPTH = 50
_FORMULA = re.compile(r"(?<!\\)\$(?:[^$\s]{1,40}|[^$]{0,300}[\\^_{<>=][^$]{0,300})(?<!\\)\$")

_WORDS = {"textless": "<", "textgreater": ">", "LaTeX": "LaTeX", "TeX": "TeX", "textasciicircum": "^"}
"""Commands that the library takes for unknown ones, and drops, or for another sign than the one on a keyboard."""
_COMMAND = re.compile(rf"\\({'|'.join(_WORDS)})(?![A-Za-z])(?:\{{\}})?")


def as_unicode(value: str) -> str:
    """LaTeX as Unicode on one line; what the library can't decode stays as it is."""
    value = " ".join(value.split())
    if ("\\" in value or "$" in value) and len(value) < LIMIT and value.count("{") < 400 and _depth(value) < DEPTH:
        value = _COMMAND.sub(lambda found: _WORDS[found.group(1)], value)
        # TeX passes over blanks behind a command and before an argument; the library takes the blank for the argument.
        value = re.sub(r"(\\[A-Za-z]+)\s+(?=\{)", r"\1", value)
        value = re.sub(r"(\\href\{[^{}]*\})\s+(?=\{)", r"\1", value)
        with contextlib.suppress(Exception):  # whatever one value holds, it doesn't end the file
            value = str(_decoder().latex_to_text(_escaped(value)))
    value = re.sub(r"(?<=[^\s~])~(?=[^\s~])", " ", value)
    return re.sub(r"(?<!\\)[{}]", "", value).replace("``", "“").replace("''", "”").strip()


def _escaped(value: str) -> str:
    """The value with a backslash before each sign that stands for itself."""
    formulas = [found.span() for found in _FORMULA.finditer(value)]
    parts, at = [], 0
    for start, end in formulas:
        parts += [_signs(value[at:start]), re.sub(r"[_^](?=\{|\\?\w)", "", value[start:end])]
        at = end
    return "".join([*parts, _signs(value[at:])])


def _signs(value: str) -> str:
    value = re.sub(r"(?<!\\)([%#&$])", r"\\\1", value)
    return re.sub(r"(?<![^\s])~(?=\w)", r"\\textasciitilde{}", value)


def _depth(value: str) -> int:
    deepest = depth = 0
    for mark in re.findall(r"[{}]", value):
        depth += 1 if mark == "{" else -1
        deepest = max(deepest, depth)
    return deepest


@cache
def _decoder() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(math_mode="text", keep_comments=True, strict_latex_spaces=False)
