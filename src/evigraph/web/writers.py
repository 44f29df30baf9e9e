"""Who may write by a page: signed in with the server's token, by a form that this server made.

The cookie is signed and says who it is. Each form has a token of its own that only this cookie goes with. Nothing is
taken from a page of another origin.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re
import secrets
import time
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from evigraph.errors import EvigraphError, RefusedError, UsageError
from evigraph.web import safety
from evigraph.web.live import Settings

COOKIE = "evigraph-writer"
DAYS = 7
"""So long does a person stay signed in."""
FIELDS = 20_000
"""So many fields may a form have."""
LONGEST_NAME = 100
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
}
"""Of every page by which a person writes: no script, whatever other pages may have.

Without a referrer a browser wouldn't tell the origin of a form either."""
FORM = "application/x-www-form-urlencoded"


class SignedOutError(RefusedError):
    """Nobody is signed in."""

    http_status = 401


@dataclass(frozen=True)
class Writer:
    """A person who is signed in.

    Attributes:
        who: the name. session: what tells this sign-in from others.
    """

    who: str
    session: str


def signed(settings: Settings, what: str) -> str:
    """A signature that only who has the server's token can make."""
    return hmac.new(settings.token.encode(), what.encode(), "sha256").hexdigest()


def require_writing(settings: Settings) -> None:
    """Only a server that was started so takes changes.

    Raises:
        RefusedError: it is read-only.
    """
    if not settings.token:
        raise RefusedError("this server is read-only; its operator can start it with --write")


def writer(request: Request, settings: Settings) -> Writer:
    """Who is signed in.

    Raises:
        RefusedError: the server is read-only. SignedOutError: nobody is.
    """
    require_writing(settings)
    told, _, signature = request.cookies.get(COOKIE, "").partition(".")
    if hmac.compare_digest(signature.encode(), signed(settings, f"session {told}").encode()):
        try:
            whole = json.loads(base64.urlsafe_b64decode(told))
            if time.time() - whole["since"] < DAYS * 86400:
                return Writer(str(whole["who"]), str(whole["session"]))
        except (ValueError, KeyError, TypeError, binascii.Error):
            pass
    raise SignedOutError("nobody is signed in here; /coding/sign-in does it")


def sign_in(request: Request, response: Response, settings: Settings, who: str) -> None:
    """Let a browser remember a person."""
    whole = {"who": who, "since": int(time.time()), "session": secrets.token_hex(16)}
    told = base64.urlsafe_b64encode(json.dumps(whole).encode()).decode()
    value = f"{told}.{signed(settings, f'session {told}')}"
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, value, path="/coding", httponly=True, samesite="strict", secure=secure)


def name(text: str) -> str:
    """A person's name as it is kept.

    Raises:
        UsageError: it is none.
    """
    found = " ".join(text.split())
    if not re.search(r"\w", found) or len(found) > LONGEST_NAME or not found.isprintable():
        raise UsageError(f"say who you are, in at most {LONGEST_NAME} letters", text)
    return found


def form_token(settings: Settings, person: Writer) -> str:
    """What a form carries that only this server can have made for this person; never the same twice."""
    nonce = secrets.token_hex(16)
    return f"{nonce}.{signed(settings, f'form {person.session} {nonce}')}"


def require_own(request: Request) -> None:
    """A form comes from a page of this server.

    Raises:
        RefusedError: it comes from elsewhere, or doesn't tell.
    """
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = urlsplit(request.headers.get("origin", ""))
    if site != "same-origin" or origin.netloc != request.headers.get("host") or origin.scheme not in ("http", "https"):
        raise RefusedError("forms are taken from pages of this server alone")


async def pairs(request: Request, settings: Settings) -> list[tuple[str, str]]:
    """What a form of this server sends.

    Raises:
        RefusedError: it comes from elsewhere. EvigraphError: it is too long, too slow, or no form.
    """
    require_own(request)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise EvigraphError(f"a form is sent as {FORM}")
    sent = await safety.body(request, settings)
    try:
        return parse_qsl(sent.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=FIELDS)
    except ValueError:
        raise EvigraphError("the form isn't UTF-8 in percent-encoding, or has too many fields") from None


async def posted(request: Request, settings: Settings, person: Writer) -> list[tuple[str, str]]:
    """What a form sends that this server made for this person.

    Raises:
        RefusedError: it wasn't. EvigraphError: see `pairs`.
    """
    found = await pairs(request, settings)
    nonce, _, signature = dict(found).get("token", "").partition(".")
    if not hmac.compare_digest(signature.encode(), signed(settings, f"form {person.session} {nonce}").encode()):
        raise RefusedError("this form is of another sign-in; go back, load the page again, and send it anew")
    return found
