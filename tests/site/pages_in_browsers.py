"""Chromium and Firefox for tests of pages in a folder: they open, look at, and walk through one after the other."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
from browsers import CHROMIUM

HERE = Path(__file__).parent
FIREFOX = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)
BROWSERS = {"chromium": CHROMIUM, "firefox": FIREFOX}
NODE, NPM = shutil.which("node"), shutil.which("npm")


def modules(folder: Path) -> Path:
    """What drives the browsers, as pinned in `npm/package-lock.json`; the test is skipped where it can't be had."""
    if NODE is None or NPM is None:
        pytest.skip("node or npm is missing")
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / "npm" / name, folder)
    command = [NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    environment = os.environ | {"NPM_CONFIG_UPDATE_NOTIFIER": "false", "NPM_CONFIG_FETCH_RETRIES": "1"}
    ran = subprocess.run(command, cwd=folder, capture_output=True, timeout=300, env=environment)  # noqa: S603 - our own
    if ran.returncode:
        pytest.skip("npm can't fetch what drives the browsers")
    return folder / "node_modules"


class Browser:
    """A browser that is open; each job is told by its name and what it needs (`npm/checks.mjs`)."""

    def __init__(self, name: str, modules: Path) -> None:
        """Start it, without a window."""
        command = [str(NODE), str(HERE / "npm" / "checks.mjs"), name, str(BROWSERS[name]), str(modules)]
        pipe = subprocess.PIPE
        self._run = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, encoding="utf-8")  # noqa: S603 - our own

    def __enter__(self) -> Self:
        """The browser itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self._run.communicate(timeout=60)

    def do(self, job: str, page: Path, asked: str = "", **needs: Any) -> Any:
        """What the browser found."""
        assert self._run.stdin
        assert self._run.stdout
        self._run.stdin.write(json.dumps({"do": job, "url": page.as_uri() + asked, **needs}) + "\n")
        self._run.stdin.flush()
        answer = json.loads(self._run.stdout.readline())
        assert "error" not in answer, (page, answer)
        return answer["found"]
