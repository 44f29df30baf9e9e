"""A real browser for tests: a page opened, what the console says, and every host that was asked."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-proxy-server"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions"),
    # Every other name leads nowhere, so that what a page asks elsewhere fails, and is seen.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def opened(address: str, folder: Path) -> tuple[str, list[str], set[str]]:
    """The page as it stands in the browser, what the console says, and every host that was asked."""
    log = folder / "net.json"
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={folder / 'profile'}", "--enable-logging=stderr"]
    command += [f"--log-net-log={log}", "--dump-dom", address]
    ran = subprocess.run(command, capture_output=True, timeout=120)  # noqa: S603 - an address of our own server
    said = re.findall(r"CONSOLE[^\n]*", ran.stderr.decode("utf-8", "replace"))
    return ran.stdout.decode("utf-8"), said, {urlsplit(url).netloc for url in _asked(json.loads(log.read_bytes()))}


def _asked(log: dict[str, Any]) -> list[str]:
    """The addresses of a network log that pages asked for, and not the browser for itself."""
    kind = log["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    found = [event["params"] for event in log["events"] if event["type"] == kind and "url" in event.get("params", {})]
    return [each["url"] for each in found if each.get("initiator", "not an origin") != "not an origin"]
