"""The consensus on a finding's attributes is one of what its coders gave."""

from __future__ import annotations

import csv

from conftest import Copy

from evigraph import data
from evigraph.data import coded_attributes
from evigraph.paths import find_workspace


def found(copy: Copy) -> list[tuple[str, str, str]]:
    """What doesn't hold."""
    workspace = find_workspace(copy.root)
    return list(coded_attributes.violations(workspace, data.read_documents(workspace)))


def test_the_consensus_is_held_to_columns_of_attributes(copy: Copy) -> None:
    """By code, label or words; in any order; one coder is enough, and none is too few."""
    documents = data.read_documents(find_workspace(copy.root))
    labels = {code["id"]: code["label"] for each in documents for code in each.content.get("attributeValues", [])}
    findings = [f for each in documents for f in each.content.get("findings", []) if f.get("characteristics")]
    finding = max(findings, key=lambda each: len(each["characteristics"]))
    name = finding["characteristics"][0]["attribute"]
    mine = [each for each in finding["characteristics"] if each["attribute"] == name]
    right = [labels.get(each.get("concept", ""), each.get("text")) or each["state"] for each in mine]
    key = finding["id"].removeprefix("finding/")
    folder = copy.review / "codings" / "findings"

    def write(coder: str, text: str) -> None:
        with (folder / f"{coder}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("finding", name), (key, text)])

    for coder in folder.glob("*.csv"):
        coder.unlink()
    assert found(copy) == []
    write("ann", "; ".join(reversed(right)).upper())
    assert found(copy) == []
    write("ann", "something else")
    ((record, where, message),) = found(copy)
    assert (record.endswith(finding["id"]), where) == (True, "characteristics")
    assert message.startswith(f"{name} `")
    assert "the coders gave `something else`; mend it, or a coding" in message
    write("ben", "; ".join(right))
    assert found(copy) == []
    write("ann", f"something else; {right[0]}")
    write("ben", "; ".join([*right[1:], "more"]))
    assert found(copy) == []
    write("ann", "something else")
    write("ben", "")
    assert "`nothing`, `something else`" in found(copy)[0][2]
