"""A page in Chromium that a test types into and asks, over the pipe of the browser's own protocol."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from browsers import CHROMIUM, FLAGS


class Driven:
    """An open page. `said` holds what its console and its policy said, `asked` every address that it asked for."""

    def __init__(self, to: int, fro: int) -> None:
        """Begin with the ends of the two pipes."""
        self._to, self._fro = to, fro
        self._number, self._rest, self._page = 0, b"", ""
        self.said: list[str] = []
        self.asked: list[str] = []

    def open(self, address: str) -> None:
        """Open a page, and wait until it has loaded."""
        if not self._page:
            target = self._tell("Target.createTarget", url="about:blank")["targetId"]
            self._page = self._tell("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Network", "Log"):
                self._tell(f"{domain}.enable")
        self._tell("Page.navigate", url=address)
        self.until("document.readyState === 'complete'")

    def run(self, script: str) -> Any:
        """The value of an expression in the page, waited for where it is a promise."""
        told = self._tell("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in told:
            raise AssertionError(told["exceptionDetails"])
        return told["result"].get("value")

    def until(self, script: str, seconds: float = 30) -> float:
        """Wait until an expression is true; how many seconds that took."""
        start = time.monotonic()
        while not self.run(script):
            if time.monotonic() - start > seconds:
                raise AssertionError(f"not within {seconds} s: {script}")
            time.sleep(0.02)
        return time.monotonic() - start

    def press(self, key: str) -> None:
        """Press a key: `Tab`, `Enter`, `ArrowDown`."""
        code = {"Enter": 13, "Tab": 9, "ArrowDown": 40, "ArrowUp": 38, "Escape": 27}[key]
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self._tell("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **text)

    def write(self, text: str) -> None:
        """Type a text where the focus is."""
        self._tell("Input.insertText", text=text)

    def _tell(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._page:
            message["sessionId"] = self._page
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            told = self._next()
            if told.get("id") == self._number:
                if "error" in told:
                    raise AssertionError(f"{method}: {told['error']}")
                result: dict[str, Any] = told["result"]
                return result
            self._note(told)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            more = os.read(self._fro, 1 << 16)
            if not more:
                raise AssertionError("the browser has ended")
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\0")
        told: dict[str, Any] = json.loads(line)
        return told

    def _note(self, event: dict[str, Any]) -> None:
        params = event.get("params", {})
        match event.get("method"):
            case "Network.requestWillBeSent":
                self.asked.append(params["request"]["url"])
            case "Log.entryAdded":
                self.said.append(params["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.said.append(json.dumps(params["exceptionDetails"]))
            case "Runtime.consoleAPICalled":
                self.said.append(json.dumps(params["args"]))


@contextmanager
def driven(folder: Path) -> Iterator[Driven]:
    """A browser with a profile in a folder, ended when the test is done with it."""
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={folder / 'profile'}", "--remote-debugging-pipe"]

    def join() -> None:
        """Put the pipes where the browser looks for them, by way of numbers that are neither."""
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (theirs_in, theirs_out)]
        for place, end in enumerate(ends, 3):
            os.dup2(end, place)

    process = subprocess.Popen(  # noqa: S603 - the browser
        command, preexec_fn=join, pass_fds=(3, 4), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        yield Driven(ours_out, ours_in)
    finally:
        process.terminate()
        process.wait(20)
        os.close(ours_out)
        os.close(ours_in)
