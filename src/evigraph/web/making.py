"""The site of a snapshot in the making: worked out once in a thread of its own, ahead of who asks for a page."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from concurrent.futures import Future, InvalidStateError

from starlette.exceptions import HTTPException

from evigraph.site.served import Served
from evigraph.web import pages
from evigraph.web.live import Live, Snapshot

NICENESS = 10
"""So much is a thread that makes a site put behind others, where an operating system does that by thread."""
_ONE = threading.Lock()
"""One site is made at a time."""
_under_way: dict[Future[Served], threading.Thread] = {}


def begun(snapshot: Snapshot) -> Future[Served]:
    """The site of a snapshot, in the making or made; it is made once."""
    with snapshot.lock:
        if snapshot.site is None:
            promised: Future[Served] = Future()
            snapshot.site = promised
            thread = threading.Thread(target=_make, args=(snapshot, promised), name="site", daemon=True)
            _under_way[promised] = thread
            thread.start()
        return snapshot.site


def _make(snapshot: Snapshot, promised: Future[Served]) -> None:
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
    try:
        with _ONE, contextlib.suppress(InvalidStateError):  # it was stopped, and nobody waits
            if promised.done():
                return
            try:
                made = Served(snapshot.workspace, snapshot.store, snapshot.review, pages.besides(snapshot))
            except BaseException as error:  # whoever waits is told
                promised.set_exception(error)
            else:
                promised.set_result(made)
    finally:
        del _under_way[promised]


async def site_of(snapshot: Snapshot) -> Served:
    """The site of a snapshot, once it is made."""
    return await asyncio.shield(asyncio.wrap_future(begun(snapshot)))


def made(snapshot: Snapshot) -> Served | None:
    """The site of a snapshot if it is made already."""
    site = snapshot.site
    return site.result() if site is not None and site.done() and site.exception() is None else None


async def ahead(live: Live) -> None:
    """Make the site of each snapshot before somebody asks; those that come and go meanwhile are passed over."""
    while True:
        live.changed.clear()
        with contextlib.suppress(Exception):  # whoever asks for a page is told
            await site_of(live.now)
        await live.changed.wait()


def stop() -> None:
    """Let nobody wait for a site any longer; a thread that makes one goes on for as long as the process lives."""
    for promised in list(_under_way):
        with contextlib.suppress(InvalidStateError):
            promised.set_exception(HTTPException(503, "the server is stopping"))


def busy() -> bool:
    """Whether a site is in the making."""
    return any(thread.is_alive() for thread in list(_under_way.values()))
