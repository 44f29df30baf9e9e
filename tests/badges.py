"""A second review for tests of coding: made by `init` and `link`, with a codebook of every kind of attribute."""

from __future__ import annotations

import shutil
from pathlib import Path

from conftest import evigraph

from evigraph.paths import Workspace, find_workspace

RIS = """TY  - JOUR
AU  - Haddad, Lina
TI  - Badges and the will to go on
PY  - 2021
ER  -

TY  - JOUR
AU  - Okafor, Ngozi
TI  - Who grades the badges?
PY  - 2022
ER  -
"""
CODEBOOK = """attributes:
  - {id: attribute/country, type: Attribute, label: Country, definition: Where the study was made., as: code,
     appliesTo: [study], multiple: true, required: true}
  - {id: attribute/sample-size, type: Attribute, label: Sample size, definition: How many took part., as: number,
     appliesTo: [study]}
  - {id: attribute/begun, type: Attribute, label: Begun, definition: When it began., as: date, appliesTo: [study]}
  - {id: attribute/online, type: Attribute, label: Online, definition: Whether it was online., as: boolean,
     appliesTo: [study]}
  - {id: attribute/setting, type: Attribute, label: Setting, definition: Where it took place., as: text,
     appliesTo: [study, finding]}
attributeValues:
  - {id: value/country/kenya, type: AttributeValue, label: Kenya, definition: K., position: 1,
     inScheme: codebook/country}
  - {id: value/country/peru, type: AttributeValue, label: Peru, definition: "<b>P.</b>", position: 2,
     inScheme: codebook/country}
"""
TWO = "  - {id: codebook/country, type: Codebook, label: Country}\n"
CODED = """values:
  country: not-reported
  # Lina told us by letter.
  sample-size: {value: 120, at: report p. 3, note: As printed.}
locators:
  - {id: locator/Report-haddad-2021-p-3, type: Locator, label: Report haddad-2021 p. 3, section: Report haddad-2021}
"""


def make(folder: Path) -> Path:
    """The review, in a folder that isn't there yet."""
    said = ("--title", "Badges", "--question", "Do badges motivate?", "--stakeholder", "Student", "--who", "Ann Doe")
    made = evigraph("init", str(folder), *said, "--benefit", "Student: Motivation", "--drawback", "Student: Workload")
    assert made.returncode == 0, made.stderr
    (folder / "s.ris").write_text(RIS.replace("ER  -", "ER  - "), "utf-8")
    linked = evigraph("link", str(folder / "s.ris"), "--workspace", str(folder))
    assert linked.returncode == 0, linked.stderr
    codebook = next(folder.glob("data/*/codebook.yaml"))
    codebook.write_text(codebook.read_text("utf-8").replace("codebooks:\n", f"{CODEBOOK}codebooks:\n{TWO}"), "utf-8")
    study = codebook.parent / "studies" / "haddad-2021.yaml"
    study.write_text("# The first study of all.\n" + study.read_text("utf-8") + CODED, "utf-8")
    return folder


def copied(template: Path, folder: Path) -> Workspace:
    """A copy that may be spoilt."""
    shutil.copytree(template, folder)
    return find_workspace(folder)
