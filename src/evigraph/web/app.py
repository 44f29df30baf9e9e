"""The application: what is at which address, and what stands before it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from evigraph.errors import EvigraphError
from evigraph.paths import Workspace
from evigraph.web import (
    canned,
    coding_forms,
    coding_pages,
    decision_pages,
    description,
    drawings,
    duplicates,
    making,
    openapi,
    pages,
    problems,
    protocol,
    questions,
    resources,
    sheets,
    site_pages,
    terms,
)
from evigraph.web.live import Live, Settings
from evigraph.web.safety import Doorman


async def _void(request: Request) -> Response:
    return description.void(request)


async def _ping(_request: Request) -> Response:
    return PlainTextResponse("ok\n")


ROUTES = [
    Route("/", site_pages.home),
    Route("/ping", _ping),
    Route("/sparql", protocol.endpoint, methods=["GET", "POST"], name="sparql"),
    Route("/sparql/", protocol.endpoint, methods=["GET", "POST"]),
    Route("/.well-known/void", _void),
    Route("/void.ttl", _void),
    Route("/query/{name}", questions.question),
    Route("/openapi.json", openapi.document),
    Route("/run/", canned.listing),
    Route("/run/{name}", canned.run),
    Route("/ask/{name}", sheets.sheet),
    Route("/duplicates", duplicates.duplicates),
    Route("/coding/", coding_pages.written(coding_pages.studies)),
    Route("/coding/sign-in", coding_pages.sign_in, methods=["GET", "POST"]),
    Route("/coding/sign-out", coding_pages.written(coding_pages.sign_out), methods=["POST"]),
    Route("/coding/undo", coding_pages.written(coding_pages.undo), methods=["POST"]),
    Route("/coding/study/{key}", coding_pages.written(coding_forms.study), methods=["GET", "POST"]),
    Route("/coding/duplicates", coding_pages.written(decision_pages.duplicates), methods=["GET", "POST"]),
    Route("/coding/conflicts", coding_pages.written(decision_pages.conflicts), methods=["GET", "POST"]),
    Route("/trace/{name}/{row}", canned.evidence),
    Route("/ns", terms.terms),
    Route("/ns.{suffix}", terms.terms),
    Route("/ns/{name}", terms.term),
    Route("/page/{path:path}", resources.page),
    Route("/data/{path:path}", resources.data),
    Route("/figures/", drawings.listing),
    Route("/figures/{name}", drawings.figure),
    Route("/assets/{name}", site_pages.asset),
    *(Route(f"/static/{name}", site_pages.moved) for name in site_pages.OTHERS),
    Mount("/static", StaticFiles(directory=pages.FOLDER / "static")),
    Route("/{path:path}.html", site_pages.page),
    Route("/{path:path}", resources.thing),
]


def create(workspace: Workspace, settings: Settings | None = None) -> Starlette:
    """The application for a workspace.

    Raises:
        EvigraphError: its files can't be taken as they stand.
    """
    settings = settings or Settings()
    live = Live(workspace, settings)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await live.start()
        ahead = asyncio.ensure_future(making.ahead(live)) if settings.ahead else None
        yield
        if ahead:
            making.stop()
            ahead.cancel()
        await live.close()

    cors = Middleware(
        CORSMiddleware,
        allow_origins=list(settings.origins),
        allow_methods=["GET", "HEAD", "POST"],
        expose_headers=["ETag", "Link", "Retry-After"],
        max_age=86400,
    )
    app = Starlette(
        routes=ROUTES,
        middleware=[Middleware(Doorman, settings=settings), cors, Middleware(GZipMiddleware, minimum_size=1000)],
        exception_handlers={
            EvigraphError: problems.of_error,
            HTTPException: problems.of_http,
            Exception: problems.of_fault,
        },
        lifespan=lifespan,
    )
    app.state.live = live
    return app
