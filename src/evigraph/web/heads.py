"""What the head of a request has to look like, beyond what h11 asks (RFC 9112, RFC 9110).

h11 is the parser, and not httptools: it is a state machine in Python that refuses what it doesn't know. But where the
standard lets a receiver be lenient, it is: it takes a line that ends with a line feed alone, joins folded lines, and
takes any version of HTTP. Two readers of one connection that differ there see two different requests, so here all of
that is refused.
"""

from __future__ import annotations

import re
from typing import Any

import h11

FIELDS = 100
"""So many header fields has a head at most; browsers send some 20, a proxy adds a few."""
_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_FOLDED = re.compile(rb"\r\n[ \t]")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BROKEN = re.compile(rb"%(?![0-9A-Fa-f]{2})")
VERSIONS = frozenset({b"1.0", b"1.1"})


class HeadError(h11.RemoteProtocolError):
    """A head that h11 would take; its text says what is wrong, and nothing of what was sent."""


class StrictConnection(h11.Connection):
    """The server's side of a connection, which takes a head only if all readers would read it alike."""

    def next_event(self) -> Any:
        """The next event; a head is looked at as it came, since h11 gives it away mended.

        Raises:
            HeadError: the head isn't taken. h11.RemoteProtocolError: h11 can't read it. The connection is closed.
        """
        waits = self.their_state is h11.IDLE
        came = self.trailing_data[0] if waits else b""
        event = super().next_event()
        if isinstance(event, h11.Request):
            left = len(self.trailing_data[0])
            fault = fault_of(came[: len(came) - left], event)
            if fault:
                raise HeadError(fault)
        return event


def fault_of(head: bytes, request: h11.Request) -> str:
    """Why a head isn't taken, or nothing; `head` is as it came, `request` as h11 read it."""
    target, version = bytes(request.target), bytes(request.http_version)
    names = {bytes(name) for name, _ in request.headers}
    faults = {
        "a line of the head doesn't end with CR and LF": _BARE.search(head),
        "a line of the head is folded": _FOLDED.search(head),
        "a control character stands in the head": _CONTROL.search(head),
        "only HTTP/1.0 and HTTP/1.1 are spoken here": version not in VERSIONS,
        f"the head has more than {FIELDS} fields": len(request.headers) > FIELDS,
        "the address doesn't begin with `/`": not target.startswith(b"/"),
        "a percent sign of the address isn't followed by two hexadecimal digits": _BROKEN.search(target.split(b"?")[0]),
        "HTTP/1.0 has no Transfer-Encoding": version == b"1.0" and b"transfer-encoding" in names,
    }
    return next((fault for fault, found in faults.items() if found), "")
