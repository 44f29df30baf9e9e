"""Files as nobody should write them, on their whole way: linked, checked, asked, exported in five formats, taken back.

Nothing crashes, and nothing is lost without a word: what a file holds is read or named as not read, or the file is
refused in one line.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from evigraph.cli import main

pytestmark = pytest.mark.thorough

FORMATS = ("turtle", "csv", "xlsx", "ris", "bibtex")
BASE = {
    "ris": "TY  - JOUR\nAU  - Alder, Ann\nTI  - Badges of the year {n}\nPY  - 20{n}\nDO  - 10.5555/h.{n}\nER  - \n\n",
    "nbib": "PMID- 9123{n}\nTI  - Badges of the year {n}.\nFAU - Alder, Ann\nDP  - 20{n}\n\n",
    "bib": "@article{{k{n}, title={{Badges of the year {n}}}, author={{Alder, Ann}}, year={{20{n}}}}}\n",
    "enw": "%0 Journal Article\n%A Alder, Ann\n%T Badges of the year {n}\n%D 20{n}\n\n",
    "csv": 'Badges of the year {n},"Alder, Ann",20{n}\n',
    "ciw": "PT J\nAU Alder, Ann\nTI Badges of the year {n}\nPY 20{n}\nER\n\n",
}
BEFORE = {"csv": "Title,Authors,Year\n", "ciw": "FN Clarivate\nVR 1.0\n"}


def plain(suffix: str) -> bytes:
    """Two records in one format."""
    return (BEFORE.get(suffix, "") + BASE[suffix].format(n=11) + BASE[suffix].format(n=12)).encode()


KINDS: dict[str, Any] = {
    "bom": lambda text: b"\xef\xbb\xbf" + text,
    "crlf": lambda text: text.replace(b"\n", b"\r\n"),
    "nul": lambda text: text.replace(b"Badges", b"Bad\0ges"),
    "huge": lambda text: text.replace(b"Badges", b"B" + b"a" * 700_000, 1),
    "mixed": lambda text: text.replace(b"Badges", b"B\xe4dges", 1).replace(b"Alder", "Álder".encode()),
    "separators": lambda text: text.replace(b"Badges", "Badges\u2028 \x85 and".encode()),
    "twice": lambda text: text + text,
    "ministry": lambda text: text.replace(b"Alder, Ann", b"Ministry of Education"),
    "cut": lambda text: text[:-25],
    "ends in a control": lambda text: text + b"\x1a",
}
NULLS = [
    {"DOI": "10.5555/q", "title": None, "author": None, "issued": {"date-parts": [[None]]}, "member": "1"},
    {"DOI": "10.5555/r", "title": ["Seals"], "member": "1", "update-to": "x", "relation": {"replaces": 1}},
]
SELF = "PMID- 912345\nTI  - Round.\nPT  - Published Erratum\nEFR - J. PMID: 912345\nEIN - J. PMID: 912345\n"
SINGLE = {
    "empty.ris": b"",
    "blanks.csv": b"\n \n\t\n",
    "page.ris": b"<!DOCTYPE html><html><body>Sign in</body></html>",
    "type-only.ris": b"TY  - JOUR\nER  - \n",
    "title-only.bib": b"@misc{x, title={Only a title}}\n",
    "number-only.nbib": b"PMID- 912345\n",
    "headings-only.csv": b"Title,Authors,Year\n",
    "tags-twice.ris": b"TY  - JOUR\nTI  - One title\nTI  - Another\nPY  - 2011\nPY  - 2012\nDO  - 10.5555/a\nER  - \n",
    "columns-twice.csv": b"Title,Title,Year,Year\nA first title,A second title,2011,2012\n",
    "nulls.json": json.dumps({"message": {"items": NULLS}}).encode(),
    "deep.json": b"[" * 5000,
    "ties-to-itself.nbib": SELF.encode(),
}
FILES = {f"{kind}.{suffix}": change(plain(suffix)) for kind, change in KINDS.items() for suffix in BASE} | SINGLE


def ran(*arguments: object) -> Result:
    """A command; whatever it says, it doesn't crash."""
    done = CliRunner().invoke(main, [str(each) for each in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), f"{arguments}: {done.exception!r}"
    return done


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new review, to be copied."""
    root = tmp_path_factory.mktemp("hostile") / "fresh"
    assert ran("init", root, "--title", "Badges", "--question", "Do badges motivate?").exit_code == 0
    return root


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_goes_the_whole_way(tmp_path: Path, fresh: Path, name: str) -> None:
    """Or it is refused in one line that names it."""
    root, path = tmp_path / "w", tmp_path / name
    shutil.copytree(fresh, root)
    path.write_bytes(FILES[name])
    at = ("--workspace", root)
    done = ran(*at, "link", path, "--format", "json")
    if done.exit_code == 2:
        assert done.stderr.count("\n") == 1
        assert name in done.stderr
        assert name in SINGLE
        return
    assert done.exit_code == 0, done.output
    made = json.loads(done.stdout)
    (told,) = made["files"]
    assert told["present"] == told["parsed"] + len(told["rejected"])
    if name not in SINGLE:
        assert told["present"] == (4 if name.startswith("twice") else 2)
        assert len(told["rejected"]) <= (1 if name.startswith(("cut", "huge")) else 0)
        assert len(made["studies"]) == 2 - len(told["rejected"])
    assert ran(*at, "check").exit_code == 0
    assert ran(*at, "ask", "RQ1").exit_code == 0
    for syntax in FORMATS:
        assert ran(*at, "export", "--format", syntax, "-o", tmp_path / "out").exit_code == 0
    rows = json.loads(ran(*at, "run", "prisma-2020", "--format", "json").stdout)
    flow = {row["row"]: row["count"] for row in rows}
    assert flow.get("database_results", 0) in {told["parsed"], told["present"]}
    if name.startswith("ministry"):
        (study, *_) = sorted(root.glob("data/*/studies/*.yaml"))
        assert "Ministry of Education" in study.read_text("utf-8")
        ran(*at, "export", "--format", "bibtex", "-o", tmp_path / "out")
        assert "author = {{Ministry of Education}}" in (tmp_path / "out").read_text("utf-8")
