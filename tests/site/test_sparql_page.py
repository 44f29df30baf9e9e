"""SPARQL in a page of a site: the same rows as here, each review's own queries, and nobody asked."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("jinja2", reason="needs the extra web")

from browsers import CHROMIUM
from conftest import evigraph
from driven import driven

from evigraph.site import vendor
from evigraph.store import EmbeddedStore, select

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(not vendor.built(), reason="the assets from npm aren't built (scripts/assets.py)")


def packed(path: Path) -> Any:
    """What a script holds as packed JSON."""
    return json.loads(gzip.decompress(base64.b64decode(path.read_text("utf-8").split('"')[1])))


@pytest.mark.skipif(NODE is None, reason="node is missing")
def test_named_queries_give_the_rows_that_they_give_here(shipped_site: Path, store: EmbeddedStore) -> None:
    """Each that needs no argument; and what can't be answered is refused in words."""
    command = [str(NODE), str(Path(__file__).parent / "ask.js"), str(shipped_site)]
    ran = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - our own
    told = json.loads(ran.stdout)
    assert len(told["answers"]) > 90
    for name, answer in told["answers"].items():
        found = select(store, answer["query"])
        assert answer["columns"] == found.variables, name
        here = [[None if term is None else term.value for term in row] for row in found.rows]
        blank = [
            place for place, name in enumerate(found.variables) if any("_:" in str(row[place]) for row in found.rows)
        ]
        assert blank == [], name
        assert sorted(map(str, answer["rows"])) == sorted(map(str, here)), name
    assert told["first"] == 12
    service, update, open_brace = told["refused"]
    assert service.startswith("SERVICE asks another host")
    assert update.startswith("This page answers SELECT, ASK")
    assert open_brace.startswith("Line 1, column 27: that isn")
    assert told["csv"] == 'a,\'=1+1\r\n"x,""y""",-2\r\n'


def test_a_review_of_ones_own_has_its_own_queries(tmp_path: Path, shipped_site: Path) -> None:
    """And those of every review, but not a word of the shipped one."""
    own, hits = tmp_path / "birds", tmp_path / "hits.ris"
    hits.write_text("TY  - JOUR\nAU  - Doe, J.\nPY  - 2021\nTI  - Storks\nER  - \n", "utf-8")
    assert evigraph("init", str(own)).returncode == 0
    (own / "queries/counts").mkdir(parents=True, exist_ok=True)
    header = "#+ summary: Storks by name.\n#+ columns: [name]\n"
    text = (
        "PREFIX evi: <https://w3id.org/evigraph/ns#>\nSELECT ?name { ?study a evi:Study ; evi:report/evi:year ?name }\n"
    )
    (own / "queries/counts/storks.rq").write_text(header + text, "utf-8")
    assert evigraph("--workspace", str(own), "link", str(hits)).returncode == 0
    made = evigraph("--workspace", str(own), "site", str(own / "out"))
    assert made.returncode == 0, made.stderr
    theirs = packed(own / "out/assets/sparql-queries.js")["queries"]
    ours = packed(shipped_site / "assets/sparql-queries.js")["queries"]
    assert theirs["storks"] == text
    assert {"table-3", "rq-8"} <= {*ours} - {*theirs}
    assert "findings" in theirs
    assert not re.search("micro-?credential", json.dumps(theirs) + (own / "out/sparql.html").read_text("utf-8"), re.I)


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing")
def test_asked_in_a_page_that_was_opened_from_a_folder(shipped_site: Path, tmp_path: Path) -> None:
    """Nothing is loaded before Run; the first answer takes seconds, Stop is at once, and Run answers again."""
    status = "document.getElementById('status').textContent"
    with driven(tmp_path) as page:
        page.open((shipped_site / "sparql.html").as_uri())
        page.until("!document.getElementById('ask').hidden")
        assert not [each for each in page.asked if each.endswith(("oxigraph.js", "sparql-data.js"))]
        page.run("document.getElementById('run').click()")
        assert page.until(f"/^12 rows/.test({status})") < 10
        assert page.run("document.querySelectorAll('#answer tbody tr').length") == 12
        page.run(
            "document.getElementById('query').value = 'SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }';"
            "document.getElementById('run').click()"
        )
        page.run("document.getElementById('stop').click()")
        assert page.run(status) == "Stopped."
        page.run("document.getElementById('named').value = 'table-3'")
        page.run("document.getElementById('named').dispatchEvent(new Event('change'))")
        page.run("document.getElementById('run').click()")
        page.until(f"/^[0-9]+ rows/.test({status})")
        assert page.run("document.querySelector('#answer a[download]').textContent").startswith("Download ")
        assert page.said == []
        assert {each.partition(":")[0] for each in page.asked} <= {"file", "blob"}
