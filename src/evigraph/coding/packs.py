"""Packs: the domains and scales of a tool of appraisal, and what they add to a review's codebook.

A pack is YAML, of ours or of a team's own. Its tool becomes a codebook, `codebook/rob2`, its domains stand in that one,
and each of its scales is a codebook of its own, `codebook/rob2-judgement`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evigraph import ontology
from evigraph.data import Document, quads
from evigraph.errors import DataError, UsageError
from evigraph.files import yaml_text
from evigraph.linking import Revision

UNITS = ("result", "study", "synthesis")
"""What a tool judges once: a result of a study, a study, or what the review concludes."""
LISTS = ("codebooks", "domains", "attributeValues")
"""The lists of a codebook that a pack adds to."""
_LIMIT = 2**20
"""The largest pack, in bytes."""
_KEY = r"[a-z0-9]+(-[a-z0-9]+)*"
_HEAD = {"label", "definition", "source", "version", "unit", "scales", "domains"}
_ENTRY = {"key", "label", "definition", "altLabels"}

Entry = dict[str, Any]
"""A domain or a code: `key`, `label`, `definition`, `altLabels`; of a domain also `scale` and `kind`."""


@dataclass(frozen=True)
class Pack:
    """A tool of appraisal.

    Attributes:
        key: as in ids and attributes, `rob2`. label: what it is called. definition: what it judges. source: the IRI of
        the work that tells of it. version: which edition. unit: one of `UNITS`. scales: the codes of each, best first
        or as the tool has them. domains: in the tool's order, with `kind: overall` for the judgement on the whole.
    """

    key: str
    label: str
    definition: str
    source: str
    version: str
    unit: str
    scales: dict[str, list[Entry]]
    domains: list[Entry]


def every() -> list[Pack]:
    """The packs that come with evigraph, by key."""
    return [parsed(text, Path(f"{key}.yaml")) for key, text in ontology.packs().items()]


def named(name: str) -> Pack:
    """A pack by its key, or the one of a file.

    Raises:
        UsageError: there is no such pack. DataError: the file is no pack.
    """
    if name in ontology.packs():
        return parsed(ontology.packs()[name], Path(f"{name}.yaml"))
    path = Path(name)
    if path.suffix not in (".yaml", ".yml") or not path.is_file():
        known = ", ".join(ontology.packs())
        raise UsageError(f"no pack `{name}`; there are {known}, or give a file that ends in .yaml", name)
    try:
        if path.stat().st_size > _LIMIT:
            raise DataError(path, 0, "more than 1 MB, so no pack; give the pack's file")
        return parsed(path.read_text("utf-8"), path)
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(path, 0, f"can't be read as text in UTF-8: {error}; mend the file") from None


def parsed(text: str, path: Path) -> Pack:
    """A pack from its text; its key is the name of the file.

    Raises:
        DataError: it isn't one, with the key that is wrong and the mend.
    """
    try:
        found = yaml_text.load(text)
    except yaml_text.YAMLError as error:
        raise DataError(path, yaml_text.line(error), f"not YAML: {yaml_text.problem(error)}; mend the line") from None
    fault = _fault(path.stem, found)
    if fault:
        raise DataError(path, 0, f"{fault}; see docs/appraisals.md")
    head = {name: str(found.get(name, "")) for name in ("label", "definition", "source", "version", "unit")}
    return Pack(path.stem, **head, scales=found["scales"], domains=found["domains"])


def _fault(key: str, found: Any) -> str:
    """What is wrong with the tree of a pack, or nothing."""
    if not re.fullmatch(_KEY, key):
        return f"the file's name `{key}` is the key of the tool; write it in small letters with hyphens"
    if not isinstance(found, dict) or not set(found) <= _HEAD:
        unknown = sorted(map(str, set(found) - _HEAD)) if isinstance(found, dict) else []
        return f"unknown key `{unknown[0]}`" if unknown else "not a pack: it has no `key: value` lines"
    for name in ("label", "definition", "unit", "scales", "domains"):
        if not found.get(name):
            return f"`{name}` is missing"
    if found["unit"] not in UNITS:
        return f"unit `{found['unit']}` is none of {', '.join(UNITS)}"
    if found.get("source") and not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", str(found["source"])):
        return f"source `{found['source']}` is no address such as https://doi.org/10.1136/bmj.l4898"
    scales, domains = found["scales"], found["domains"]
    if not isinstance(scales, dict):
        return "`scales` is names with lists of codes"
    for name, codes in scales.items():
        if not re.fullmatch(_KEY, str(name)) or not isinstance(name, str):
            return f"scale `{name}` is named in small letters with hyphens (quote a number)"
        if fault := _entries(f"scale `{name}`", codes, _ENTRY):
            return fault
    if fault := _entries("`domains`", domains, {*_ENTRY, "scale", "kind"}):
        return fault
    for each in domains:
        if each.get("scale") not in list(scales):
            return f"domain `{each['key']}` has no `scale` that is one of {', '.join(scales)}"
        if each.get("kind", "overall") != "overall":
            return f"domain `{each['key']}` has a `kind` that isn't overall, the only one there is"
    return ""


def _entries(where: str, found: Any, allowed: set[str]) -> str:
    """What is wrong with a list of domains or codes, or nothing."""
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found) or not found:
        return f"{where}: a list is needed, each with a key, a label and a definition"
    for each in found:
        if unknown := sorted(map(str, set(each) - allowed)):
            return f"{where}: unknown key `{unknown[0]}`; there may be {', '.join(sorted(allowed))}"
        if not all(isinstance(each.get(name), str) and each[name] for name in ("key", "label", "definition")):
            return f"{where}: give each a key, a label and a definition, as texts"
        if not re.fullmatch(_KEY, each["key"]):
            return f"{where}: key `{each['key']}` is written in small letters with hyphens"
        others = each.get("altLabels", [])
        if not isinstance(others, list) or not all(isinstance(one, str) for one in others):
            return f"{where}: altLabels of `{each['key']}` is a list of texts (quote them)"
    for name in ("key", "label"):
        values = [each[name].casefold() for each in found]
        if twice := next((value for value in values if values.count(value) > 1), ""):
            return f"{where}: the {name} `{twice}` stands twice"
    return ""


def records(pack: Pack) -> dict[str, list[dict[str, Any]]]:
    """What a pack adds to a codebook: its codebooks, domains and codes, each list in order."""
    tool = f"codebook/{pack.key}"
    head = {"id": tool, "type": "Codebook", "label": pack.label, "notation": pack.key, "definition": pack.definition}
    head |= {"note": f"{pack.version}; judged for each {pack.unit}".removeprefix("; ")}
    head |= {"source": pack.source} if pack.source else {}
    books, codes = [head], []
    for name, entries in pack.scales.items():
        scheme = f"{tool}-{name}"
        books.append({"id": scheme, "type": "Codebook", "label": f"{pack.label}: {name.replace('-', ' ')}"})
        stem = f"value/{pack.key}-{name}/"
        codes += [_record(stem, "AttributeValue", each, i, scheme) for i, each in enumerate(entries, 1)]
    domains = []
    for i, each in enumerate(pack.domains, 1):
        domain = _record(f"domain/{pack.key}-", "Domain", each, i, tool)
        domain |= {"attribute": f"{pack.key}-{each['key']}", "scale": f"{tool}-{each['scale']}"}
        domains.append(domain | ({"kind": each["kind"]} if "kind" in each else {}))
    return dict(zip(LISTS, (books, domains, codes), strict=True))


def document(pack: Pack) -> Callable[[dict[str, Any]], str]:
    """The name of the document that a link puts a pack into: one of its own, so that two branches can add it."""
    return lambda _: f"codes/{pack.key}"


def _record(stem: str, kind: str, entry: Entry, position: int, scheme: str) -> dict[str, Any]:
    own: dict[str, Any] = {key: entry[key] for key in _ENTRY - {"key"} if key in entry}
    return {"id": stem + entry["key"], "type": kind, **own, "position": position, "inScheme": scheme}


def add(documents: list[Document], pack: Pack) -> Revision:
    """A review's codebook with a pack; what is there already, perhaps with words of the review, stays as it is."""
    made = Revision(documents)
    held = {each["id"] for document in documents for key in LISTS for each in document.content.get(key, [])}
    content = dict(made.content("codebook") or {"id": "review", "type": "Review"})
    counts = []
    for key, several in records(pack).items():
        if new := [each for each in several if each["id"] not in held]:
            content[key] = [*content.get(key, []), *new]
            counts.append(f"{len(new)} {key}")
    if counts:
        made.contents["codebook"] = quads.arranged(content)
    made.notes.append(f"{pack.label}: {', '.join(counts) or 'nothing new'} for the codebook".replace("attributeV", "v"))
    return made
