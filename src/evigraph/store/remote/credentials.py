"""What a server that asks for credentials is given: Digest or Basic, and Basic only where nobody can read it."""

from __future__ import annotations

import base64
import re
import urllib.request
from collections.abc import Callable, Iterable
from typing import Any

from evigraph.errors import StoreError
from evigraph.store.remote import addresses
from evigraph.store.remote.addresses import Endpoint


class _Digest(urllib.request.HTTPDigestAuthHandler):
    def http_error_401(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        return _closing(fp, lambda: super(_Digest, self).http_error_401(req, fp, code, msg, headers))


class _Basic(urllib.request.HTTPBasicAuthHandler):
    """The password as it is, so only where nobody can read it on the way."""

    def http_error_401(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        asked = " ".join(headers.get_all("WWW-Authenticate") or [])
        if re.search(r"\bbasic\b", asked, re.IGNORECASE) and not re.search(r"\bdigest\b", asked, re.IGNORECASE):
            require_private(req.full_url)
        return _closing(fp, lambda: super(_Basic, self).http_error_401(req, fp, code, msg, headers))


def _closing(refusal: Any, again: Callable[[], Any]) -> Any:
    """Make a request again that was refused, and close the refusal, which urllib leaves open."""
    try:
        answer = again()
    except BaseException:
        refusal.close()
        raise
    if answer is not None:
        refusal.close()
    return answer


def require_private(url: str) -> None:
    """Refuse to send a password or token in clear text.

    Raises:
        StoreError: the address is neither https nor this machine.
    """
    if not addresses.is_private(url):
        raise StoreError(f"{url}: a password or token would travel in clear text; use https", url)


def handlers(at: Endpoint, url: str) -> list[urllib.request.BaseHandler]:
    """What makes a refused request again with the credentials of an endpoint."""
    passwords = _passwords(at, url)
    return [_Digest(passwords), _Basic(passwords)]


def header(at: Endpoint, request: urllib.request.Request, asked: Iterable[str]) -> str:
    """The `Authorization` of a request for what its server asked with in `WWW-Authenticate`, or empty for none of ours.

    Raises:
        StoreError: a password would travel in clear text.
    """
    wanted = {scheme.lower(): rest for scheme, _, rest in (each.partition(" ") for each in asked)}
    if "digest" in wanted:
        challenge = urllib.request.parse_keqv_list(urllib.request.parse_http_list(wanted["digest"]))
        given = _Digest(_passwords(at, request.full_url)).get_authorization(request, challenge)
        return f"Digest {given}" if given else ""
    if "basic" in wanted:
        require_private(request.full_url)
        return "Basic " + base64.b64encode(f"{at.user}:{at.password}".encode()).decode("ascii")
    return ""


def _passwords(at: Endpoint, url: str) -> urllib.request.HTTPPasswordMgr:
    made = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    made.add_password(None, url, at.user, at.password)  # None is any realm
    return made
