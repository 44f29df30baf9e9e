"""Which page a thing has: an address made of its IRI, safe as a file's name anywhere; and links from page to page."""

from __future__ import annotations

import hashlib
import posixpath
import re
from urllib.parse import quote

_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)$")
LONGEST = 100
"""So many characters of one part of an address are kept; file systems take 255 bytes."""


def safe(part: str) -> str:
    """One part of an address: letters, digits and `-_.~`, never a name that Windows keeps for itself."""
    plain = re.sub(r"[^\w.~-]+", "-", part).strip(".-") or "-"
    if _RESERVED.match(plain.partition(".")[0]) or plain != part or len(plain) > LONGEST:
        mark = hashlib.sha256(part.encode()).hexdigest()[:8]
        return f"{plain[:LONGEST]}-{mark}"
    return plain


class Addresses:
    """The addresses of things below a base; two that differ only in case get two names."""

    def __init__(self, base: str) -> None:
        """Begin with none; `base` is what the review's own IRIs begin with."""
        self.base = base
        self._of: dict[str, str] = {}
        self._taken: set[str] = set()

    def give(self, iri: str) -> str:
        """The address of a thing's page, the same each time: `study/doe-2023.html`."""
        if iri in self._of:
            return self._of[iri]
        rest = iri.removeprefix(self.base) if iri.startswith(self.base) else f"code/{re.split('[/#]', iri)[-1]}"
        stem = "/".join(safe(part) for part in rest.split("/") if part) or "thing"
        if f"{stem}.html".casefold() in self._taken:
            stem += "-" + hashlib.sha256(iri.encode()).hexdigest()[:8]
        self._of[iri] = f"{stem}.html"
        self._taken.add(f"{stem}.html".casefold())
        return self._of[iri]

    def known(self, iri: str) -> str:
        """The address of a thing's page, or nothing if it has none."""
        return self._of.get(iri, "")


def relative(here: str, there: str) -> str:
    """The link from one page to another, as it works from a folder, below any path and on a server."""
    target, mark, place = there.partition("#")
    if not target:
        return mark + place
    found = posixpath.relpath(target, posixpath.dirname(here) or ".")
    return quote(found, safe="/-._~") + mark + quote(place, safe="-._~")
