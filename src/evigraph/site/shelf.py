"""What every page of a site is made with: the review's evidence, the addresses of its pages, and the templates."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup, escape

from evigraph.reports import table_formats
from evigraph.site import templating, words
from evigraph.site.addresses import Addresses, relative
from evigraph.site.evidence import Evidence
from evigraph.site.records import Publication

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).parent
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'none'; "
    "form-action 'none'; base-uri 'none'"
)
"""What a page may load: its own folder's scripts, styles and pictures, and nothing from anywhere else."""


@dataclass(frozen=True)
class Page:
    """A page before it is written: its address, its template, its title in words, and what the template shows.

    `data` are links to what the page shows in other forms, as pairs of a name and an address in the site. `later` makes
    what the template shows besides when the page is written, so that a site needn't be held in memory.
    """

    path: str
    template: str
    title: str
    values: dict[str, Any] = field(default_factory=dict)
    data: tuple[tuple[str, str], ...] = ()
    later: Callable[[], dict[str, Any]] | None = None


@dataclass
class Shelf:
    """The review as its pages need it.

    Attributes:
        review: the content of `review.yaml`. evidence: its records. addresses: of its pages. base_url: where the site
        will be published, ending in a slash, or empty. menu: the pages of the header, as names and addresses.
        fed: whether there is a feed. searched: whether there is a search over all pages. retracted: the labels of
        retracted studies, by their IRIs. served: what a server has besides, as names and addresses; empty in a folder.
    """

    review: dict[str, Any]
    evidence: Evidence
    addresses: Addresses
    base_url: str = ""
    menu: list[tuple[str, str]] = field(default_factory=list)
    fed: bool = False
    searched: bool = False
    retracted: dict[str, str] = field(default_factory=dict)
    served: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """What the review is called."""
        return str(self.review.get("title") or "") or "A review"

    def html(self, page: Page, warnings: Iterable[str] = ()) -> str:
        """The page as HTML, with what has to be said first; texts are escaped, Markup is not."""
        here = page.path

        def to(iri: str, text: str = "") -> Markup:
            shown = text or self.evidence.things.label(iri)
            there = self.addresses.known(iri)
            return Markup('<a href="{}">{}</a>').format(relative(here, there), shown) if there else escape(shown)

        values = {
            "page": page,
            "site": self,
            "review": self.review,
            "warnings": list(warnings),
            "policy": Markup(POLICY),  # noqa: S704 - ours; its quotation marks needn't be escaped
            "to": to,
            "link": lambda there: relative(here, there),
            "canonical": self.base_url + quote(page.path) if self.base_url else "",
        }
        shown = values | page.values | (page.later() if page.later else {})
        return environment().get_template(page.template).render(shown)


@cache
def environment() -> Environment:
    """The templates, in which every value is escaped, and what they may call."""
    return templating.environment(
        templating.FOLDER,
        counted=words.counted,
        heading=words.heading,
        stances=words.STANCES,
        effects=words.EFFECTS,
        states=words.STATES,
        of_stance=words.of_stance,
        plain=table_formats.text,
        cited=cited,
        outside=outside,
        structured=structured,
    )


def cited(each: Publication) -> str:
    """A publication as one line of a list of references, without its links."""
    place = ", ".join(part for part in (each.container, each.volume, each.pages) if part)
    dated = f"{each.authors} ({each.year or 'no year'})".strip()
    return ". ".join(part.strip().rstrip(".") for part in (dated, each.title, place) if part.strip()) + "."


def outside(each: Publication) -> tuple[str, str]:
    """Where a publication can be read, as an address and what to call it; two empty texts if nobody said."""
    if each.doi:
        return "https://doi.org/" + quote(each.doi, safe="/:;().-_"), f"doi:{each.doi}"
    if each.pmid:
        return "https://pubmed.ncbi.nlm.nih.gov/" + quote(each.pmid, safe=""), f"PubMed {each.pmid}"
    if each.url.startswith(("https://", "http://")):
        return each.url, "its page on the web"
    return "", ""


def structured(value: Any) -> Markup:
    """A schema.org description as the content of a script element, from which no text can break out."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704 - escaped
