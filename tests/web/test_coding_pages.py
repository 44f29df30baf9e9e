"""Coding in the browser, the whole way: sign in, find, code, preview, save, undo; and nobody overwrites anybody."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="needs the extra web")
pytest.importorskip("jinja2", reason="needs the extra web")
pytest.importorskip("httpx", reason="needs httpx, which starlette's test client is made of")

from badges import copied
from conftest import evigraph
from starlette.testclient import TestClient

from evigraph import checks
from evigraph.files import journal
from evigraph.paths import Workspace
from evigraph.web.app import create
from evigraph.web.live import Settings

TOKEN = "a-token-that-only-tests-know"  # noqa: S105 - it guards nothing
OWN = {"Origin": "http://localhost", "Accept": "text/html"}
STUDY = "/coding/study/okafor-2022"
S = "study/okafor-2022"
KENYA = {f"{S}|country|1|value": "value/country/kenya", f"{S}|country|1|at": "p. 4"}


@pytest.fixture
def review(badges: Path, tmp_path: Path) -> Workspace:
    """A copy of it."""
    return copied(badges, tmp_path / "badges")


@pytest.fixture
def client(review: Workspace) -> Iterator[TestClient]:
    """A server of it that takes changes."""
    settings = Settings(token=TOKEN, free=False, follow=0)
    with TestClient(create(review, settings), base_url="http://localhost", follow_redirects=False) as made:
        yield made


class Fields(HTMLParser):
    """The fields of the form that posts to an address, as a browser would send them."""

    def __init__(self, page: str, action: str) -> None:
        """Read a page."""
        super().__init__()
        self.found: dict[str, str] = {}
        self._action, self._inside, self._area, self._select = action, False, "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what has a name."""
        told = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._inside = told["action"] == self._action and told.get("method") == "post"
        if not self._inside:
            return
        if tag == "input" and (told.get("type") != "checkbox" or "checked" in told):
            self.found[told["name"]] = told.get("value", "")
        if tag == "select":
            self._select = told["name"]
        if tag == "option" and "selected" in told and self._select:
            self.found[self._select] = told["value"]
        if tag == "textarea":
            self._area = told["name"]
            self.found[self._area] = ""

    def handle_endtag(self, tag: str) -> None:
        """An area ends."""
        if tag == "textarea" and self._area:
            self.found[self._area] = self.found[self._area].removeprefix("\n")
            self._area = ""

    def handle_data(self, data: str) -> None:
        """What stands in an area."""
        if self._area:
            self.found[self._area] += data


def sign_in(client: TestClient, who: str = "Ann") -> None:
    """Let a client be somebody."""
    client.cookies.clear()
    made = client.post("/coding/sign-in", data={"who": who, "key": TOKEN}, headers=OWN)
    assert made.status_code == 303, made.text


def fields(client: TestClient, address: str = STUDY, action: str = "") -> dict[str, str]:
    """The fields of a form as it stands now."""
    page = client.get(address, headers=OWN)
    assert page.status_code == 200, page.text
    found = Fields(page.text, action or address).found
    assert found["token"]
    return found


def send(client: TestClient, action: str, sent: dict[str, str], address: str = STUDY, **headers: str) -> Any:
    """Press a button of a form."""
    return client.post(address, data={**sent, "action": action}, headers=OWN | headers)


def text(review: Workspace, study: str = "okafor-2022") -> str:
    """The file of a study."""
    return (review.review / "studies" / f"{study}.yaml").read_text("utf-8")


def test_the_whole_path(client: TestClient, review: Workspace) -> None:
    """Find a study, code it, see what would change, save it, see it in the answers, and take it back."""
    before = text(review)
    assert client.get("/coding/").headers["location"] == "/coding/sign-in?to=%2Fcoding%2F"
    sign_in(client)
    listed = client.get("/coding/?q=okafor&state=not-coded", headers=OWN).text
    assert (STUDY in listed, "haddad" in listed) == (True, False)
    sent = fields(client) | KENYA | {"new-1|statement": "It took time.", "new-1|at": "p. 9"}
    sent |= {"new-1|answers|question/rq-1|stance": "supports", "new-1|drawback": "drawback/workload"}
    shown = send(client, "preview", sent)
    assert (shown.status_code, text(review)) == (200, before)
    assert "What saving would change" in shown.text
    assert "Coded studies" in shown.text
    again = Fields(shown.text, STUDY).found
    assert {name: again[name] for name in KENYA} == KENYA
    saved = send(client, "save", again)
    assert saved.headers["location"] == f"{STUDY}?saved=1"
    assert "country: {value: Kenya, at: report p 4}" in text(review)
    assert checks.check(review) == []
    assert "code study/okafor-2022 by Ann" in client.get(saved.headers["location"]).text
    coded = client.get("/run/characteristics.csv").text
    assert "Kenya" in coded
    taken = client.post("/coding/undo", data=fields(client, STUDY, "/coding/undo"), headers=OWN)
    assert taken.status_code == 303
    assert "Taken back: code study/okafor-2022 by Ann" in client.get(taken.headers["location"]).text
    assert text(review) == before
    assert not (review.review / "codings").exists() or not list((review.review / "codings").iterdir())


def test_a_form_that_is_sent_as_it_came_changes_nothing(client: TestClient, review: Workspace) -> None:
    """In every study, also with what a form doesn't show."""
    sign_in(client)
    for study in ("okafor-2022", "haddad-2021"):
        before = text(review, study)
        address = f"/coding/study/{study}"
        answer = send(client, "save", fields(client, address), address)
        assert "Nothing differs" in answer.text
        assert text(review, study) == before


def test_faults_stand_beside_their_fields(client: TestClient, review: Workspace) -> None:
    """And what was typed stays in the form."""
    sign_in(client)
    before = text(review)
    wrong = {f"{S}|sample-size|1|value": "many", f"{S}|sample-size|1|at": "p. 3", f"{S}|country|1|note": "Why?"}
    for action in ("preview", "save"):
        answer = send(client, action, fields(client) | wrong)
        assert answer.status_code == 422
        assert "`sample-size` is a number, not `many`" in html.unescape(answer.text)
        again = Fields(answer.text, STUDY).found
        assert {name: again[name] for name in wrong} == wrong
    assert text(review) == before


def test_who_comes_second_loses_nothing_and_overwrites_nothing(client: TestClient, review: Workspace) -> None:
    """Both sides are shown field by field; what only one of them changed is taken, and the rest is asked."""
    sign_in(client)
    first = fields(client)
    place = {f"{S}|setting|1|at": "p. 5"}
    assert send(client, "save", first | KENYA | place | {f"{S}|setting|1|value": "School"}).status_code == 303
    stood = text(review)
    sign_in(client, "Ben")
    late = first | {"token": fields(client)["token"], f"{S}|setting|1|value": "Library", f"{S}|begun|1|value": "2020"}
    answer = send(client, "save", late | place | {f"{S}|begun|1|at": "p. 1"})
    assert (answer.status_code, text(review)) == (409, stood)
    assert "The other change says: <b>School</b>" in answer.text
    both = Fields(answer.text, STUDY).found
    assert both[f"{S}|country|1|value"] == "value/country/kenya"
    assert both[f"{S}|setting|1|value"] == "Library"
    assert both[f"{S}|begun|1|value"] == "2020"
    assert send(client, "save", both).status_code == 303
    assert all(each in text(review) for each in ("Kenya", "Library", "2020"))
    assert checks.check(review) == []


def test_a_digest_of_another_state_is_refused(client: TestClient, review: Workspace) -> None:
    """By the form's own, and by the header If-Match; a link meanwhile counts as well."""
    sign_in(client)
    before, sent = text(review), fields(client) | KENYA
    assert send(client, "save", sent, **{"If-Match": '"another"'}).status_code == 409
    assert send(client, "save", sent | {"digest": "x", "base": "{not json"}).status_code == 409
    assert text(review) == before
    path = review.root / "more.ris"
    path.write_text(
        "TY  - JOUR\nTI  - Who grades the badges?\nPY  - 2022\nAU  - Okafor, Ngozi\nDO  - 10.5555/tn.1\nER  - \n"
    )
    linked = evigraph("link", str(path), "--workspace", str(review.root))
    assert (linked.returncode, text(review) != before) == (0, True), linked.stdout
    assert send(client, "save", sent).status_code == 409
    gone = review.review / "studies" / "okafor-2022.yaml"
    gone.unlink()
    lost = send(client, "save", sent)
    assert (lost.status_code, "value/country/kenya" in lost.text) == (400, True)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "http://localhost:9"}, 403),
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_forms_of_other_pages_are_refused(
    client: TestClient, review: Workspace, headers: dict[str, str], status: int
) -> None:
    """By the origin, whatever else they carry; at every address that changes something."""
    sign_in(client)
    before, sent = text(review), fields(client) | KENYA | {"action": "save"}
    for address in (STUDY, "/coding/undo", "/coding/duplicates", "/coding/conflicts", "/coding/sign-out"):
        assert client.post(address, data=sent, headers=headers).status_code == status
    assert client.post("/coding/sign-in", data={"who": "A", "key": TOKEN}, headers=headers).status_code == status
    assert text(review) == before


def test_a_form_needs_its_token_and_a_person(client: TestClient, review: Workspace) -> None:
    """Its own: not one of another sign-in, a forged cookie, or an old one."""
    sign_in(client)
    before, mine = text(review), fields(client)
    sign_in(client, "Ben")
    for token in ("", mine["token"], "x.y", mine["token"] + "0"):
        assert send(client, "save", mine | KENYA | {"token": token}).status_code == 403
    cookie = client.cookies["evigraph-writer"]
    for forged in ("", "x", cookie[:-1] + ("0" if cookie[-1] != "0" else "1"), cookie.partition(".")[0] + ".", "é.é"):
        client.cookies.clear()
        told = [*OWN.items(), ("Cookie", f"evigraph-writer={forged}".encode())]
        assert client.post(STUDY, data=mine | KENYA, headers=told).status_code == 401
    assert text(review) == before


def test_signing_in_needs_the_token_and_a_name(client: TestClient) -> None:
    """And leads back to these pages alone; the cookie is for no script and no other site."""
    for data in (
        {"who": "Ann", "key": "x"},
        {"who": " ", "key": TOKEN},
        {"who": "A\x00", "key": TOKEN},
        {"who": "Ann"},
    ):
        assert client.post("/coding/sign-in", data=data, headers=OWN).status_code == 403
    for to in ("https://evil.example/", "//evil.example", "/coding/\\evil", "/coding/\r\nX: y", "/run/"):
        made = client.post("/coding/sign-in", data={"who": "Ann", "key": TOKEN, "to": to}, headers=OWN)
        assert (made.status_code, made.headers["location"]) == (303, "/coding/")
    cookie = made.headers["set-cookie"].lower()
    assert all(each in cookie for each in ("httponly", "samesite=strict", "path=/coding"))
    assert TOKEN not in cookie


def test_a_server_without_write_has_no_such_page(review: Workspace) -> None:
    """Neither to read nor to send."""
    with TestClient(create(review, Settings(free=False, follow=0)), base_url="http://localhost") as client:
        for address in ("/coding/", STUDY, "/coding/sign-in", "/coding/duplicates", "/coding/conflicts"):
            assert client.get(address).status_code == 403
            assert client.post(address, headers=OWN).status_code in (403, 405)
        for address in ("/", "/run/", "/duplicates"):
            assert "/coding/" not in client.get(address, headers=OWN).text


def test_every_page_leads_to_coding(client: TestClient) -> None:
    """Those of the site and the server's own, once changes are taken."""
    for address in ("/", "/studies.html", "/run/", "/nowhere"):
        assert '<a href="/coding/">Code studies</a>' in client.get(address, headers=OWN).text, address


def test_hostile_words_never_run(client: TestClient, review: Workspace) -> None:
    """On any page, typed or saved; no page has a script or names a folder of the disk."""
    sign_in(client, "<i>Eve</i>")
    hostile = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    sent = fields(client) | KENYA | {f"{S}|setting|1|value": hostile, f"{S}|setting|1|at": hostile}
    sent |= {f"{S}|{hostile}|1|value": hostile, f"{hostile}|x": hostile, "base": f'{{"{S}|setting|1|value": "x"}}'}
    for each in (sent, sent | {"digest": hostile}):
        shown = send(client, "preview", each)
        assert shown.status_code in (409, 422)
        assert not re.search(r"<script|<img|<i>", shown.text)
    honest = {name: value for name, value in sent.items() if hostile not in name}
    assert send(client, "save", honest).status_code == 303
    assert checks.check(review) == []
    for address in (
        STUDY,
        "/coding/",
        "/coding/?q=<script>",
        f"{STUDY}?saved=<script>",
        "/coding/duplicates?done=<script>",
    ):
        page = client.get(address, headers=OWN)
        assert not re.search(r"<script|<img|<i>|javascript:| on\w+=", page.text.replace(" onerror=alert(1)&gt;", ""))
        assert str(review.root) not in page.text
        assert "script-src" not in page.headers["content-security-policy"]
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "same-origin")
    assert Fields(client.get(STUDY).text, STUDY).found[f"{S}|setting|1|value"] == hostile


def test_large_forms_are_refused(client: TestClient) -> None:
    """By bytes and by fields."""
    sign_in(client)
    sent = fields(client)
    assert send(client, "save", sent | {f"{S}|setting|1|value": "x" * (1 << 20)}).status_code == 413
    many = "&".join(f"a{n}=" for n in range(30_000))
    headers = OWN | {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post(STUDY, content=many, headers=headers).status_code == 400
    assert client.post(STUDY, content=b"a=%ff", headers=headers).status_code == 400
    assert client.post(STUDY, content=b"{}", headers=OWN | {"Content-Type": "application/json"}).status_code == 400


def test_a_change_that_came_later_is_not_taken_back(client: TestClient, review: Workspace) -> None:
    """The button takes back the change that stands beside it."""
    sign_in(client)
    assert send(client, "save", fields(client) | KENYA).status_code == 303
    button = fields(client, STUDY, "/coding/undo")
    haddad = "/coding/study/haddad-2021"
    other = {"study/haddad-2021|online|1|state": "not-applicable"}
    assert send(client, "save", fields(client, haddad) | other, haddad).status_code == 303
    refused = client.post("/coding/undo", data=button, headers=OWN)
    assert (refused.status_code, "came after it" in refused.text) == (400, True)
    assert client.post("/coding/undo", data=button | {"change": ""}, headers=OWN).status_code == 400
    assert "Kenya" in text(review)


def test_a_spoilt_journal_loses_nothing_that_was_typed(client: TestClient, review: Workspace) -> None:
    """Pages say so, and nothing can be taken back; coding goes on."""
    sign_in(client)
    sent = fields(client) | KENYA
    max((review.root / ".evigraph" / "changes").glob("*.json")).write_text("{")
    shown = send(client, "save", sent | {f"{S}|country|1|at": ""})
    assert (shown.status_code, "No change can be taken back" in shown.text) == (422, True)
    assert 'value="value/country/kenya" selected' in shown.text
    assert str(review.root) not in shown.text
    assert send(client, "save", sent).status_code == 303


RECORD = "TY  - JOUR\nTI  - Sticker albums in {} schools\nPY  - 2017\nJO  - Stickers\nAU  - Quill, Marta\nER  - \n\n"


def test_duplicates_are_decided_and_conflicts_settled(client: TestClient, review: Workspace) -> None:
    """By who is signed in, once, and as the commands do it."""
    (review.root / "pair.ris").write_text(RECORD.format("primary") + RECORD.format("secondary"))
    assert evigraph("link", str(review.root / "pair.ris"), "--workspace", str(review.root)).returncode == 0
    record = next(review.review.glob("records/*-s.json")).stem
    for who, verdict in (("Ann", "include"), ("Ben", "exclude")):
        said = ("screen", f"record/{record}/2", verdict, "--who", who, "--workspace", str(review.root))
        assert evigraph(*said).returncode == 0
    with TestClient(create(review, Settings(token=TOKEN, free=False, follow=0)), base_url="http://localhost") as made:
        made.follow_redirects = False
        sign_in(made, "Cleo")
        assert 'href="/coding/duplicates"' in made.get("/duplicates", headers=OWN).text
        for address, verdict in (("/coding/duplicates", "distinct"), ("/coding/conflicts", "include")):
            sent = fields(made, address) | {"verdict": verdict, "because": "Read <both>."}
            assert made.post(address, data=sent | {"verdict": "perhaps"}, headers=OWN).status_code == 400
            done = made.post(address, data=sent, headers=OWN)
            assert done.status_code == 303, done.text
            last = journal.last(review.root)
            assert last is not None
            assert last.title.endswith("by Cleo")
            late = made.post(address, data=sent, headers=OWN)
            assert (late.status_code, "Read &lt;both&gt;." in late.text) == (409, True)
        assert "No pair of records waits" in made.get("/coding/duplicates").text
        assert "No record waits" in made.get("/coding/conflicts").text
    # That the link of the fixture names nobody is told, and isn't ours.
    assert [each for each in checks.check(review) if "who decided" not in each.message] == []
