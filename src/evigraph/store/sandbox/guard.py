"""What a SPARQL text asks for, decided on its tokens before any engine reads it.

The engine has no limits of its own: it follows `SERVICE` and `LOAD` to any address, and brackets that nest too deeply
end the process. So a text from outside is read here first. Where two readings of a text are possible, the suspicious
one counts: the engine takes `SERVICEex:a {` for a call, though the grammar would read one name.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from evigraph.errors import QueryError, RefusedError

QUERY_FORMS = ("select", "ask", "construct", "describe")
UPDATE_FORMS = ("insert", "delete", "load", "clear", "drop", "create", "add", "move", "copy", "with")

_ESCAPE = r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})"
_LOCAL = r"(?:[\w.:·\-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])*"
# The quantifiers never give back what they took, and a prefix is short: reading takes time in proportion to the text.
_TOKEN = re.compile(
    rf"""(?P<space>[\s\ufeff]+|\#[^\r\n]*)
    |(?P<string>\"\"\"(?:(?:\"|\"\")?(?:[^"\\]|\\.))*\"\"\"|'''(?:(?:'|'')?(?:[^'\\]|\\.))*'''
       |"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    |(?P<iri><(?:[^\x00-\x20<>"{{}}|^`\\]|{_ESCAPE})*+>)
    |(?P<variable>[?$][\w·]+)
    |(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<blank>_:{_LOCAL})
    |(?P<name>(?:[^\W\d_][\w.·\-]{{0,255}}+)?:{_LOCAL})
    |(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<word>[^\W\d]+)
    |(?P<sign>\^\^|&&|\|\||!=|<=|>=|\\.|.)""",
    re.VERBOSE | re.DOTALL,
)
_ENDS = frozenset({".", ";", ",", "filter", "bind", "as", "where", "values", "select", "having", "by"})
_GROUPS = frozenset({"union", "optional", "minus"})
_OPERATORS = _GROUPS | {"||", "&&", "=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "!", "|", "^"}


@dataclass(frozen=True)
class TextLimits:
    """How large a text may be: characters, brackets inside brackets, and operators in one chain."""

    length: int = 64 * 1024
    depth: int = 64
    chain: int = 200


_OWN = TextLimits(length=1 << 30, chain=2_000)


@dataclass(frozen=True)
class Reading:
    """What a text asks for.

    Attributes:
        form: `select`, `ask`, `construct` or `describe`; for an update its first operation; empty if it has neither.
        services: the endpoint of each `SERVICE`, or None where a variable names it.
        loads: whether there is a `LOAD`. graphs: what `FROM`, `FROM NAMED`, `USING` and `USING NAMED` name.
        words: its words in lower case: keywords, and names of functions.
    """

    form: str
    services: tuple[str | None, ...]
    loads: bool
    graphs: tuple[str, ...]
    words: frozenset[str] = frozenset()

    @property
    def is_update(self) -> bool:
        """Whether it is an update and no query."""
        return self.form in UPDATE_FORMS


@dataclass(frozen=True)
class Token:
    """One token: `kind` is a group of the pattern, `text` what stands at `start`; words and signs in lower case."""

    kind: str
    text: str
    start: int = 0


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a SPARQL text without its blanks and comments; any text has some."""
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind != "space":
            yield Token(kind, match[0].lower() if kind in {"word", "sign"} else match[0], match.start())


def read(text: str, limits: TextLimits | None = None, base: str = "") -> Reading:
    """Hold a text to the limits and tell what it asks for; `base` is what relative IRIs are resolved against.

    Raises:
        QueryError: it is too long, nests too deeply, or chains too many operators.
        RefusedError: a `SERVICE` is written so that its endpoint can't be told.
    """
    limits = limits or TextLimits()
    if len(text.encode("utf-8", "surrogatepass")) > limits.length:
        raise QueryError(f"SPARQL: more than {limits.length} bytes; shorten the query", len(text))
    found = list(tokens(text))
    _measure(found, limits)
    reading = _Reader(found, base).reading()
    if "\\u" in text.lower():
        # SPARQL decodes \\u0053 anywhere before it looks for tokens. An engine may do so, or not: both readings count.
        decoded = re.sub(_ESCAPE, _decoded, text)
        hidden = _Reader(list(tokens(decoded)), base).reading()
        if len(hidden.services) > len(reading.services) or hidden.loads > reading.loads:
            raise RefusedError("SPARQL: a keyword is written with \\u escapes; write it plainly")
    return reading


@functools.lru_cache(maxsize=256)
def read_own(text: str) -> Reading:
    """What a text asks for that comes from the operator: only what would end the process is refused.

    Raises:
        QueryError: it nests too deeply, or chains too many operators.
        RefusedError: a `SERVICE` is written so that its endpoint can't be told.
    """
    return read(text, _OWN)


def _decoded(match: re.Match[str]) -> str:
    number = int(match[0][2:], 16)
    return chr(number) if number < 0x110000 else " "


def _measure(found: list[Token], limits: TextLimits) -> None:
    """Brackets inside brackets, and operators one after the other at one level."""
    chains, groups = [0], [0]
    for token in found:
        inside = len(re.findall(r"[(\[]", token.text)) if token.kind == "iri" else 0
        if len(chains) - 1 + inside > limits.depth:
            raise QueryError(f"SPARQL: brackets nest more than {limits.depth} deep; flatten the query", len(chains))
        if token.text in {"(", "[", "{"}:
            chains.append(0)
            groups.append(0)
        elif token.text in {")", "]", "}"}:
            del chains[1 if len(chains) == 1 else -1 :]
            del groups[1 if len(groups) == 1 else -1 :]
        elif token.text in _ENDS:
            chains[-1] = 0
        elif token.kind in {"word", "sign"} and token.text in _OPERATORS:
            counter = groups if token.text in _GROUPS else chains
            counter[-1] += 1
            if counter[-1] > limits.chain:
                raise QueryError(f"SPARQL: more than {limits.chain} operators in one chain; split the query")
    if len(chains) - 1 > limits.depth:
        raise QueryError(f"SPARQL: brackets nest more than {limits.depth} deep; flatten the query", len(chains))


@dataclass
class _Reader:
    """One pass over the tokens of a text."""

    found: list[Token]
    base: str = ""
    prefixes: dict[str, str] = field(default_factory=dict)

    def reading(self) -> Reading:
        form, loads = "", False
        services: list[str | None] = []
        graphs: list[str] = []
        for i, token in enumerate(self.found):
            after = self._next(i + 1, "silent", "named")
            if token.kind == "word" and token.text == "base" and after.kind == "iri":
                self.base = self._iri(after) or self.base
            elif token.kind == "word" and token.text == "prefix" and after.kind == "name":
                self.prefixes[after.text] = self._iri(self._next(i + 2)) or ""
            elif self._is_service(i):
                services.append(self._iri(after))
            elif token.kind == "word":
                if not form and token.text in (*QUERY_FORMS, *UPDATE_FORMS):
                    form = token.text
                loads = loads or token.text == "load"
                if token.text in {"from", "using"} and after.kind in {"iri", "name"}:
                    graphs.append(self._iri(after) or after.text)
        words = frozenset(token.text for token in self.found if token.kind == "word")
        return Reading(form, tuple(services), loads, tuple(graphs), words)

    def _next(self, place: int, *skipped: str) -> Token:
        while place < len(self.found) and self.found[place].kind == "word" and self.found[place].text in skipped:
            place += 1
        return self.found[place] if place < len(self.found) else Token("end", "")

    def _is_service(self, place: int) -> bool:
        """Whether a call begins here.

        Raises:
            RefusedError: one may begin in the middle of a token.
        """
        token = self.found[place]
        if token.kind == "word":
            if token.text != "service" and "service" in token.text:
                raise RefusedError(f"SPARQL: `{token.text[:40]}` is no keyword; put blanks around SERVICE")
            return token.text == "service"
        if token.kind == "name" and "service" in token.text.lower().partition(":")[0]:
            before = self.found[place - 1].text if place else ""
            if self._next(place + 1).text == "{" and before not in {"graph", "service", "silent"}:
                raise RefusedError(f"SPARQL: `{token.text[:40]}` is no pattern; put blanks around SERVICE")
        return False

    def _iri(self, token: Token) -> str | None:
        """What a token names, or None where it names nothing fixed."""
        if token.kind == "iri":
            return urljoin(self.base, re.sub(_ESCAPE, _decoded, token.text[1:-1]))
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            if prefix + ":" in self.prefixes:
                return self.prefixes[prefix + ":"] + re.sub(r"\\(.)", r"\1", local)
        return None


def require_allowed(reading: Reading, services: frozenset[str] = frozenset()) -> None:
    """Refuse what would leave the machine: `LOAD` always, `SERVICE` unless its endpoint is on the list.

    Raises:
        RefusedError: naming what was asked for.
    """
    if reading.loads:
        raise RefusedError("SPARQL: LOAD is never carried out; send the data itself")
    for endpoint in reading.services:
        if endpoint is None:
            raise RefusedError("SPARQL: SERVICE with a variable or an unknown prefix is never called; name an endpoint")
        if endpoint not in services:
            raise RefusedError(f"SPARQL: SERVICE <{endpoint}> is not on this server's list of endpoints", endpoint)
