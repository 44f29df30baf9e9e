"""The figures of the review: as files, on pages of their own, and above the rows that they are drawn from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from evigraph.errors import EvigraphError, NotFoundError
from evigraph.figures import Figure, catalogue, frame
from evigraph.queries import Table
from evigraph.web import pages, site_pages
from evigraph.web.asking import arguments_of, named, traceable
from evigraph.web.conditional import cached, etag, unchanged
from evigraph.web.live import Snapshot

ABOVE = {each.queries[0]: name for name, each in catalogue.FIGURES.items() if name != "directions"} | {"flow": "prisma"}
"""The figure that stands above the rows of a query."""
SVG = "image/svg+xml"


@dataclass(frozen=True)
class Shown:
    """A figure on a page: itself, its drawings, where its file is, and the queries that it is drawn from."""

    figure: Figure
    wide: Markup
    narrow: Markup
    file: str
    queries: list[tuple[str, str]]


def shown(snapshot: Snapshot, name: str, arguments: dict[str, str]) -> Shown:
    """A figure with its links.

    Raises:
        FigureError: it would mislead, or there is nothing to draw. UsageError: it doesn't take the arguments.
    """
    asked: dict[str, dict[str, str]] = {}

    def ask(query: str, given: dict[str, str]) -> Table:
        table = snapshot.answer(named(snapshot, query).name, given)
        asked[query] = {key: value for key, value in given.items() if value}
        return table

    def link(query: str, row: int) -> str:
        given = asked.get(query, {})
        suffix = f"?{urlencode(given)}" if given else ""
        # A cell of the map is several rows, one after the other: its first one in the list of all.
        if query != "gap-map" and traceable(snapshot, snapshot.queries[query], given, snapshot.answer(query, given)):
            return f"/trace/{query}/{row}{suffix}"
        return f"/run/{query}{suffix}#row-{row}"

    about = replace(catalogue.about(snapshot.workspace, arguments=arguments), link=link)
    wide, narrow = (catalogue.figure(name, ask, replace(about, wide=each)) for each in (True, False))
    behind = [(query, f"/run/{query}" + (f"?{urlencode(given)}" if given else "")) for query, given in asked.items()]
    return Shown(
        wide,
        Markup(frame.inline(wide)),  # noqa: S704 - drawn by us; every text in it is escaped
        Markup(frame.inline(narrow)),  # noqa: S704 - the same
        f"/figures/{name}.svg" + (f"?{urlencode(arguments)}" if arguments else ""),
        behind,
    )


def above(snapshot: Snapshot, query: str, arguments: dict[str, str]) -> list[Shown]:
    """The figure of a query's rows, if there is one that takes these arguments and doesn't mislead."""
    name = ABOVE.get(query, "")
    given = {key: value for key, value in arguments.items() if value}
    return some(snapshot, (name,), given) if name else []


def some(snapshot: Snapshot, names: tuple[str, ...], arguments: dict[str, str]) -> list[Shown]:
    """The figures of those names that can be drawn."""
    found = []
    for name in names:
        try:
            found.append(shown(snapshot, name, arguments))
        except EvigraphError:
            continue  # its page says why not
    return found


async def figure(request: Request) -> Response:
    """`/figures/NAME` and `/figures/NAME.svg`: a figure; the file is what `evigraph figure` writes.

    Raises:
        NotFoundError: there is no such figure. UsageError: it doesn't take the arguments, or would mislead.
    """
    snapshot: Snapshot = request.app.state.live.now
    name, _, suffix = request.path_params["name"].partition(".")
    if name not in catalogue.FIGURES and suffix == "svg":
        return await site_pages.file(request, f"figures/{name}.svg")
    if name not in catalogue.FIGURES or suffix not in {"", "svg"}:
        known = ", ".join(catalogue.FIGURES)
        raise NotFoundError(f"no figure is at /figures/{request.path_params['name'][:60]}; there are {known}", name)
    arguments = arguments_of(request)
    narrow = arguments.pop("narrow", "") == "yes"
    tag = etag(snapshot, "figure", name, suffix, str(narrow), urlencode(sorted(arguments.items())))
    if unchanged(request, tag):
        return Response(status_code=304, headers=cached(tag))
    if suffix:
        made = await run_in_threadpool(snapshot.once, tag, lambda: _file(snapshot, name, arguments, not narrow))
        return Response(made, headers=cached(tag), media_type=SVG)
    found = await run_in_threadpool(snapshot.once, tag, lambda: shown(snapshot, name, arguments))
    values = {"title": found.figure.heading, "each": found}
    return await pages.rendered(request, "drawn.html", values, cached(tag))


def _file(snapshot: Snapshot, name: str, arguments: dict[str, str], wide: bool) -> bytes:
    def ask(query: str, given: dict[str, str]) -> Table:
        return snapshot.answer(named(snapshot, query).name, given)

    about = catalogue.about(snapshot.workspace, wide, arguments)
    return frame.framed(catalogue.figure(name, ask, about)).encode()


async def listing(request: Request) -> Response:
    """`/figures/`: every figure by name."""
    snapshot: Snapshot = request.app.state.live.now
    tag = etag(snapshot, "figures")
    if unchanged(request, tag):
        return Response(status_code=304, headers=cached(tag))
    values = {"title": "Figures", "figures": catalogue.FIGURES}
    return await pages.rendered(request, "drawings.html", values, cached(tag))
