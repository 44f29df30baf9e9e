"""The pages of a site as a server asks for them: one by one, by their addresses, of a graph in one state."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from evigraph.paths import Workspace
from evigraph.site import vendor
from evigraph.site.contents import assets, of_store
from evigraph.site.shelf import Page
from evigraph.store import Store

HOME = "index.html"
ALIKE = 5
"""So many pages are proposed where one isn't."""
LOOKED_AT = 6
"""So many words of an address that leads nowhere are compared with those that lead somewhere."""


@cache
def loaded() -> dict[str, bytes]:
    """The styles and scripts that pages of every review load, by address."""
    return assets(vendor.built())


class Served:
    """A site in memory: what pages share is worked out once; the HTML of a page is made when somebody asks for it.

    Attributes:
        pages: by address. files: what pages load and offer, by address. known: the address of a thing's page, by IRI.
    """

    def __init__(
        self, workspace: Workspace, store: Store, review: dict[str, Any], besides: tuple[tuple[str, str], ...]
    ) -> None:
        """Work out what pages share; `besides` are addresses that the server has and the site hasn't."""
        self._shelf, pages, self.files = of_store(workspace, store, review)
        self._shelf.served = besides
        self.pages: dict[str, Page] = {page.path: page for page in pages}
        self.known = self._shelf.addresses.known

    def html(self, path: str, warnings: Iterable[str] = (), data: tuple[tuple[str, str], ...] = ()) -> bytes:
        """A page as HTML; `data` are further forms of what it shows.

        Raises:
            KeyError: there is no such page.
        """
        page = self.pages[path]
        return self._shelf.html(replace(page, data=page.data + data), warnings).encode()

    def alike(self, path: str) -> list[tuple[str, str]]:
        """The titles and addresses of pages whose address or title is like one that leads nowhere, the most first."""
        asked = set(re.findall(r"\w{1,40}", path[:400].removesuffix(".html").casefold())[:LOOKED_AT])
        found: list[tuple[float, str, str]] = []
        for page in self.pages.values() if asked else ():
            if page.template == "evidence.html":
                continue
            words = set(re.findall(r"\w+", f"{page.title} {page.path.removesuffix('.html')}".casefold()))
            near = sum(bool(difflib.get_close_matches(word, words, 1, 0.8)) for word in asked - words)
            if score := len(asked & words) + near * 0.8:
                found.append((-score / (len(words) ** 0.25), page.title, page.path))
        return [(title, there) for _, title, there in sorted(found)[:ALIKE]]
