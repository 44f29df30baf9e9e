"""Real SPARQL servers for the tests: each on a free port of this machine, with its data in a folder that goes away."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CheckpointInterval = 0
CaseMode = 2
DirsAllowed = .
NumberOfBuffers = 5000
MaxDirtyBuffers = 3000
MaxQueryMem = 512M
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 8
EnabledGzipContent = 0
[SPARQL]
ResultSetMaxRows = 20000
MaxQueryExecutionTime = 60
"""


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program(name: str) -> str:
    """Where a server's program is: beside Python, or on the path; else the test is skipped."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        pytest.skip(f"{name} isn't installed")
    return found


@contextlib.contextmanager
def running(command: list[str], folder: Path, url: str) -> Iterator[str]:
    """A server that runs as long as the context, once it answers at the URL."""
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)  # noqa: S603 - a server we know
    try:
        for _ in range(300):
            if process.poll() is not None:
                pytest.fail(f"{command[0]} ended: {(folder / 'server.log').read_text('utf-8', 'replace')[-500:]}")
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}?query=ASK%7B%7D", timeout=5):  # noqa: S310
                break  # the address is our own
            time.sleep(0.1)
        else:
            pytest.fail(f"{command[0]} does not answer")
        yield url
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def oxigraph(folder: Path) -> Iterator[str]:
    """The Oxigraph server; gives the address for queries."""
    port = free_port()
    command = [program("oxigraph"), "serve", "--location", "data", "--bind", f"127.0.0.1:{port}"]
    with running(command, folder, f"http://127.0.0.1:{port}/query") as url:
        yield url


@contextlib.contextmanager
def virtuoso(folder: Path, password: str) -> Iterator[str]:
    """Virtuoso 7, its user `dba` with that password; gives the address for queries."""
    port = free_port()
    (folder / "virtuoso.ini").write_text(INI.format(sql=free_port(), http=port), "utf-8")
    command = [program("virtuoso-t"), "+foreground", "+configfile", "virtuoso.ini"]
    change = [*command, "+pwdold", "dba", "+pwddba", password]
    subprocess.run(change, cwd=folder, capture_output=True, timeout=60)  # noqa: S603 - makes the database, and ends
    with running(command, folder, f"http://127.0.0.1:{port}/sparql") as url:
        yield url
