"""Conditional requests (RFC 9110, section 13): tags of answers, and whether a client has one already."""

from __future__ import annotations

import hashlib
import json

from starlette.requests import Request

from evigraph.web.live import Snapshot


def etag(snapshot: Snapshot, *parts: str) -> str:
    """A tag of an answer: it is another if the files, the queries or what was asked are. Weak, for gzip may come."""
    digest = hashlib.sha256(json.dumps([snapshot.key, snapshot.fault, *parts]).encode()).hexdigest()[:32]
    return f'W/"{digest}"'


def unchanged(request: Request, tag: str) -> bool:
    """Whether the client has what the tag names."""
    held = request.headers.get("if-none-match", "")
    plain = tag.removeprefix("W/")
    return held.strip() == "*" or plain in {each.strip().removeprefix("W/") for each in held.split(",")}


def cached(tag: str) -> dict[str, str]:
    """Headers of what may be kept as long as the tag says that it is the same."""
    return {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept"}
