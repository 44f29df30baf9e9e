"""Pages by which people code: the list of studies, signing in and out, and taking the last change back."""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from evigraph import data
from evigraph.coding import study_list
from evigraph.errors import EvigraphError, RefusedError, UsageError
from evigraph.files import journal
from evigraph.web import pages, writers
from evigraph.web.live import Live
from evigraph.web.writers import HEADERS, Writer

SHOWN = 100
"""So many studies stand on one page of the list."""
Page = Callable[[Request, Live, Writer], Awaitable[Response]]


def written(page: Page) -> Callable[[Request], Awaitable[Response]]:
    """A page for who is signed in; whoever isn't is led to sign in, and then back."""

    async def guarded(request: Request) -> Response:
        live: Live = request.app.state.live
        try:
            person = writers.writer(request, live.settings)
        except writers.SignedOutError:
            if request.method == "POST":
                raise
            there = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/coding/sign-in?{urlencode({'to': there})}", 303, HEADERS)
        return await page(request, live, person)

    return guarded


def rendered(
    request: Request, template: str, person: Writer, values: dict[str, Any], status: int = 200, etag: str = ""
) -> Response:
    """A page with who is signed in, the token of its forms, and the last change."""
    live: Live = request.app.state.live
    last, unread = None, ""
    try:
        last = journal.last(live.workspace.root, live.workspace.others)
    except EvigraphError as error:  # what was typed isn't lost by it
        unread = live.told(str(error))
    whole = {
        "who": person.who,
        "token": writers.form_token(live.settings, person),
        "last": {"name": last.name, "title": last.title, "when": last.when} if last else None,
        "unread": unread,
        "undone": request.query_params.get("undone", ""),
        **values,
    }
    headers = HEADERS | ({"ETag": f'"{etag}"'} if etag else {})
    return pages.page(request, template, whole, headers, status)


async def studies(request: Request, live: Live, person: Writer) -> Response:
    """`/coding/`: the studies, with what is coded of each."""
    asked = {key: request.query_params.get(key, "")[:200] for key in ("q", "state", "attribute")}
    start = request.query_params.get("start", "0")
    first = int(start) if re.fullmatch(r"\d{1,6}", start, re.ASCII) else 0
    return await run_in_threadpool(_studies, request, live, person, asked, first)


def _studies(request: Request, live: Live, person: Writer, asked: dict[str, str], first: int) -> Response:
    documents = data.read_documents(live.workspace)
    entries = study_list.listed(documents)
    found = study_list.sought(entries, asked["q"], asked["state"], asked["attribute"])
    attributes = data.vocabulary(documents).attributes.values()
    counts = {state: sum(each.state == state for each in entries) for state in study_list.STATES}
    values = {
        "title": "Studies to code",
        "asked": asked,
        "entries": [asdict(each) for each in found[first : first + SHOWN]],
        "count": len(found),
        "of": len(entries),
        "first": first,
        "next": f"?{urlencode({**asked, 'start': first + SHOWN})}" if first + SHOWN < len(found) else "",
        "back": f"?{urlencode({**asked, 'start': max(0, first - SHOWN)})}" if first else "",
        "states": study_list.STATES,
        "counts": counts,
        "attributes": sorted((str(each.record.get("label", each.key)), each.key) for each in attributes),
    }
    return rendered(request, "coding.html", person, values)


async def sign_in(request: Request) -> Response:
    """`/coding/sign-in`: who you are, and the token that the operator gave you."""
    live: Live = request.app.state.live
    writers.require_writing(live.settings)
    values: dict[str, Any] = {"title": "Sign in", "wrong": "", "name": "", "next": request.query_params.get("to", "")}
    if request.method == "POST":
        sent = dict(await writers.pairs(request, live.settings))
        values |= {"name": sent.get("who", "")[:200], "next": sent.get("to", "")}
        right = hmac.compare_digest(sent.get("key", "").strip().encode(), live.settings.token.encode())
        try:
            who = writers.name(sent.get("who", ""))
            if not right:
                raise RefusedError("this isn't the token that the server was started with")
        except (RefusedError, UsageError) as error:
            values["wrong"] = str(error)
            return pages.page(request, "coding_sign_in.html", values, HEADERS, 403)
        response = RedirectResponse(_own(values["next"]), 303, HEADERS)
        writers.sign_in(request, response, live.settings, who)
        return response
    return pages.page(request, "coding_sign_in.html", values, HEADERS)


def _own(address: str) -> str:
    """An address of these pages; another one is none of ours."""
    return address if re.fullmatch(r"/coding/[\w%/.?&=+~-]*", address, re.ASCII) else "/coding/"


async def sign_out(request: Request, live: Live, person: Writer) -> Response:
    """Forget who it was."""
    await writers.posted(request, live.settings, person)
    response = RedirectResponse("/coding/sign-in", 303, HEADERS)
    response.delete_cookie(writers.COOKIE, path="/coding", httponly=True, samesite="strict")
    return response


async def undo(request: Request, live: Live, person: Writer) -> Response:
    """Take the last change back, if it is still the one that was shown."""
    sent = dict(await writers.posted(request, live.settings, person))
    name = sent.get("change", "")

    def back() -> str:
        with journal.locked(live.workspace.root):
            return journal.undo(live.workspace.root, live.workspace.others, name or "?").title

    async with live.writing:
        title = await asyncio.shield(asyncio.to_thread(back))
        if not live.settings.follow:  # else it is looked for soon, and nobody has to wait for it
            await live.look()
    there = _own(sent.get("to", "")).partition("?")[0]
    return RedirectResponse(f"{there}?undone={quote(title[:200])}", 303, HEADERS)
