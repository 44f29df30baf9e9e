"""What pages share is worked out before somebody asks, once, and holds up no end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

pytest.importorskip("starlette", reason="needs the extra web")
pytest.importorskip("jinja2", reason="needs the extra web")

from conftest import Copy
from starlette.testclient import TestClient

from evigraph.web import making
from evigraph.web.app import create
from evigraph.web.live import Settings

AHEAD = Settings(free=False, follow=0, ahead=True)


class Slow:
    """Sites whose making waits until it may go on."""

    def __init__(self) -> None:
        """None yet."""
        self.count, self.go, self.kind = 0, threading.Event(), making.Served

    def __call__(self, *given: Any) -> making.Served:
        """Wait, and make one."""
        self.count += 1
        self.go.wait(20)
        return self.kind(*given)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    """Sites are made when the test says so, and no thread is left."""
    made = Slow()
    monkeypatch.setattr(making, "Served", made)
    yield made
    made.go.set()
    until(lambda: not making.busy())


def until(condition: Any) -> None:
    """Wait for it, not for long."""
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.01)


def test_it_begins_unasked_and_requests_wait_for_the_same_work(copy: Copy, slow: Slow) -> None:
    """After start, and after each change of the files."""
    app = create(copy.workspace, AHEAD)
    with TestClient(app, base_url="http://localhost") as client, ThreadPoolExecutor(3) as readers:
        until(lambda: slow.count == 1)
        asked = [readers.submit(client.get, f"/{name}.html") for name in ("studies", "about", "findings")]
        assert client.get("/ping").status_code == 200
        slow.go.set()
        assert [each.result(20).status_code for each in asked] == [200, 200, 200]
        assert slow.count == 1
        copy.replace("studies/reeves-2017.yaml", "label: Reeves et al. (2017)", "label: Renamed et al. (2017)")
        client.portal.call(app.state.live.look)
        until(lambda: slow.count == 2 and making.made(app.state.live.now))
        assert "Renamed et al." in client.get("/study/reeves-2017.html").text
        assert slow.count == 2


def test_who_waits_is_told_that_the_server_stops(copy: Copy, slow: Slow) -> None:
    """At once, and the end of the server doesn't wait for the work."""
    with TestClient(create(copy.workspace, AHEAD), base_url="http://localhost") as client, ThreadPoolExecutor(1) as one:
        until(lambda: slow.count == 1)
        asked = one.submit(client.get, "/studies.html")
        time.sleep(0.2)
        making.stop()
        assert asked.result(5).status_code == 503
        began = time.monotonic()
    assert time.monotonic() - began < 2
    assert making.busy()


def test_nothing_is_made_ahead_unless_it_is_said(copy: Copy, slow: Slow) -> None:
    """As in a server within a program."""
    with TestClient(create(copy.workspace, Settings(free=False, follow=0)), base_url="http://localhost") as client:
        assert client.get("/ping").status_code == 200
        assert slow.count == 0
