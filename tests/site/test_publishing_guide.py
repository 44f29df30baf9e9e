"""The workflow of the documents: it is one, and what it runs works on a workspace of one's own."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

pytest.importorskip("jinja2", reason="needs the extra web")

from conftest import evigraph

from evigraph.files import yaml_text

GUIDE = Path(__file__).parents[2] / "docs" / "site.md"


def test_the_workflow_publishes_a_workspace(tmp_path: Path) -> None:
    """With the rights that its actions need, no others, and commands that this version has."""
    block = re.search(r"```yaml\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert block
    told = yaml_text.load(block[1])
    assert told["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}
    (job,) = told["jobs"].values()
    steps = job["steps"]
    assert all(("uses" in step) != ("run" in step) for step in steps)
    named = {step["id"] for step in steps if "id" in step}
    assert {*re.findall(r"steps\.(\w+)\.", block[1])} == named
    uploaded = next(step["with"]["path"] for step in steps if "upload-pages" in step.get("uses", ""))
    own = tmp_path / "birds"
    assert evigraph("init", str(own)).returncode == 0
    ran = 0
    for step in steps:
        line = re.sub(r"\$\{\{.*?\}\}", "https://example.org/birds", step.get("run", ""))
        program, *words = shlex.split(line) or [""]
        if program == "evigraph":
            words = [str(own / "public") if word == uploaded else word for word in words]
            made = evigraph("--workspace", str(own), *words)
            assert made.returncode == 0, made.stderr
            ran += 1
    assert ran == 2
    assert "https://example.org/birds/index.html" in (own / uploaded / "sitemap.xml").read_text("utf-8")
