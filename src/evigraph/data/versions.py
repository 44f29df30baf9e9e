"""Where a version of a review comes from: a folder, a git revision, or an export."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from evigraph import data, ontology
from evigraph.data import quads, short
from evigraph.data.documents import Document
from evigraph.errors import DataError, UsageError
from evigraph.paths import Workspace, find_workspace, reviews

ROOTS = {"studies": "study", "records": "search"}
"""What the ids of the roots of a folder's documents begin with."""


def version(workspace: Workspace, name: str) -> list[Document]:
    """The documents of one version.

    The name is a workspace's folder, a file that `export` wrote (N-Quads or JSON-LD), or a revision of the git
    repository that the workspace lies in.

    Raises:
        UsageError: the name is none of these. DataError: the version can't be read.
    """
    path = Path(name)
    if path.is_dir():
        return data.read_documents(_like(path, workspace))
    if path.is_file():
        return exported(path)
    return revision(workspace, name)


def _like(folder: str | Path, workspace: Workspace) -> Workspace:
    """The review of a folder that this one is compared with: its only one, else that of the same name."""
    several = len(reviews(Path(folder).resolve())) > 1
    return find_workspace(folder, review=workspace.review.name if several else None)


def revision(workspace: Workspace, name: str) -> list[Document]:
    """The documents as a git revision has them.

    Raises:
        UsageError: there is no such revision, or no repository, or no git.
    """
    command = ["git", "-C", str(workspace.root), "archive", "--format=tar", "--end-of-options", name, "data"]
    mend = "give a folder, an exported file or a git revision"
    try:
        made = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - no shell, and options are ended
    except (OSError, subprocess.CalledProcessError):
        raise UsageError(f"`{name}` is no version of {workspace.root}; {mend}", name) from None
    with tempfile.TemporaryDirectory(prefix="evigraph-") as folder:
        with tarfile.open(fileobj=io.BytesIO(made.stdout)) as archive:
            archive.extractall(folder, filter="data")
        if workspace.others and not (Path(folder) / "data" / workspace.review.name / "review.yaml").is_file():
            raise UsageError(f"`{name}` has no review `{workspace.review.name}`; {mend}", name)
        return data.read_documents(_like(folder, workspace), cache_of=workspace)


def exported(path: Path) -> list[Document]:
    """The documents of a file that `export` wrote as N-Quads or JSON-LD, told apart by its content.

    Raises:
        DataError: it is neither, or isn't a review.
    """
    try:
        text = path.read_text("utf-8")
        found = _from_jsonld(path, text) if text.lstrip().startswith("{") else _from_nquads(path, text)
    except (UnicodeDecodeError, SyntaxError, ValueError, KeyError, TypeError) as error:
        raise DataError(path, 0, f"not an export of a review as nquads or jsonld: {error}") from None
    if not any(document.name == "review" for document in found):
        raise DataError(path, 0, "not an export of a review: it has no graph of `review`")
    return sorted(found, key=lambda document: document.name)


def _from_jsonld(path: Path, text: str) -> list[Document]:
    whole: dict[str, Any] = json.loads(text)
    made = []
    for node in whole["@graph"]:
        if "id" not in node:
            continue  # a graph that says what the others are
        content = short.folded_whole(_numbers(node["@graph"][0]))
        made.append(Document(path, str(node["id"]).rpartition("graph/")[2], content))
    return made


def _numbers(value: Any, key: str = "") -> Any:
    """Decimals, which an export writes as texts, as numbers again."""
    if isinstance(value, dict):
        return {name: _numbers(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_numbers(each, key) for each in value]
    entry = ontology.keys().get(key)
    if entry is not None and entry.kind == "decimal":
        return int(value) if float(value).is_integer() else float(value)
    return value


def _from_nquads(path: Path, text: str) -> list[Document]:
    graphs: dict[str, list[ox.Quad]] = {}
    for quad in ox.parse(text, format=ox.RdfFormat.N_QUADS):
        graphs.setdefault(str(getattr(quad.graph_name, "value", "")), []).append(quad)
    made = []
    for name, statements in graphs.items():
        base, found, document = name.rpartition("graph/")
        if not base.endswith(("/", "#")) or not found:
            continue  # a graph that says what the others are
        folder, _, key = document.partition("/")
        root = f"{ROOTS[folder]}/{key}" if folder in ROOTS else "review"
        content = quads.to_document(quads.canonical(statements), base, root)
        made.append(Document(path, document, content))
    return made
