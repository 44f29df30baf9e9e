"""Parts that several queries share, or one query twice: written once, and filled in where a query names them.

`@side(side=rows thing=one as=r)` in a query or in a part stands for `queries/parts/side.rq.template` with its `$`
words filled in. The mark is no SPARQL, so that an engine refuses a file whose parts are not in their places.
"""

from __future__ import annotations

import re
import shlex
from functools import cache
from string import Template

from evigraph.errors import QueryError
from evigraph.paths import SHIPPED

FOLDER = SHIPPED / "queries" / "parts"
_CALL = re.compile(r"(?m)^(?P<indent> *)@(?P<name>[a-z][\w-]*)\((?P<words>(?:\"[^\"\n]*\"|[^\"()\n])*)\)")


def filled(text: str, where: object = "") -> str:
    """The text of a query with its parts in their places; one without parts stays as it is.

    A part takes the words of its template; one that isn't given is empty.

    Raises:
        QueryError: there is no such part, or it doesn't take a word that is given to it; `where` names the query.
    """
    return _CALL.sub(lambda call: _part(call, where), text) if "@" in text else text


def _part(call: re.Match[str], where: object) -> str:
    name = call["name"]
    if name not in _parts():
        raise QueryError(f"{where}: there is no part `@{name}`; there are {', '.join(_parts())}", name)
    part = Template(_parts()[name])
    given = dict(word.partition("=")[::2] for word in shlex.split(call["words"]))
    known = dict.fromkeys(part.get_identifiers(), "")
    if other := next((word for word in given if word not in known), None):
        raise QueryError(f"{where}: the part `@{name}` takes no `{other}`; it takes {', '.join(known)}", other)
    lines = filled(part.substitute(known | given), where).splitlines()
    return "\n".join(call["indent"] + line.rstrip() for line in lines)


@cache
def _parts() -> dict[str, str]:
    """The text of each part by its name."""
    return {path.name.partition(".")[0]: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.rq.template"))}
