"""A site in a folder: every page of a review written, only where it changed, and what is no longer one taken away."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evigraph import data, export
from evigraph.errors import UsageError
from evigraph.files import write_whole
from evigraph.paths import Workspace
from evigraph.queries import Table
from evigraph.queries import build as graph
from evigraph.reports import table_formats
from evigraph.web.site import lists, of_tables, of_the_review, of_things
from evigraph.web.site.addresses import Addresses
from evigraph.web.site.evidence import Evidence
from evigraph.web.site.shelf import FOLDER, Page, Shelf
from evigraph.web.site.things import Things

MARK = ".evigraph-site"
"""The file that tells a folder which this made: it lists what was written, so that nothing else is ever taken away."""
MENU = (("Questions", "questions.html"), ("Studies", "studies.html"), ("Findings", "findings.html"))


@dataclass(frozen=True)
class Built:
    """What was made: the number of pages, of files, of bytes, and of files that were written since they changed."""

    pages: int
    files: int
    size: int
    written: int


def build(
    workspace: Workspace, folder: Path, base_url: str = "", progress: Callable[[int, int], None] | None = None
) -> Built:
    """Write the site of a review into a folder.

    Raises:
        UsageError: the folder holds something else. DataError: a document can't be taken as it stands.
    """
    before = _before(folder)
    shelf, pages, others = contents(workspace, base_url)
    names: dict[str, int] = {}
    written = 0
    whole = len(pages) + len(others)
    for number, (name, content) in enumerate(_files(shelf, pages, others), 1):
        names[name] = len(content)
        written += _put(folder / name, content)
        if progress and (number % 50 == 0 or number == whole):
            progress(number, whole)
    for name in before - set(names):
        _take_away(folder, name)
    write_whole(folder / MARK, ("".join(f"{name}\n" for name in sorted(names))).encode())
    return Built(len(pages), len(names), sum(names.values()), written)


def contents(workspace: Workspace, base_url: str = "") -> tuple[Shelf, list[Page], dict[str, bytes]]:
    """The pages of a review's site, and its other files by name.

    Raises:
        DataError: a document can't be taken as it stands.
    """
    store = graph.open_store(workspace)
    review = data.read_document(workspace.review / "review.yaml", "review").content
    things = Things(store, str(review.get("language") or ""))
    evidence = Evidence(things)
    shelf = Shelf(review, evidence, Addresses(str(review["base"])), base_url)
    for iri in (*evidence.questions, *evidence.studies, *evidence.findings, *evidence.codes):
        shelf.addresses.give(iri)
    tables = of_tables.answered(workspace, store) + of_tables.by_attribute(workspace, store)
    pages = _pages(shelf, tables)
    others = _assets() | _data(workspace, shelf, tables, pages)
    return shelf, pages, others


def _pages(shelf: Shelf, tables: list[of_tables.Answered]) -> list[Page]:
    evidence = shelf.evidence
    found_studies, found_findings = lists.studies(shelf), lists.findings(shelf)
    flow = next((each.address for each in tables if each.query.name in {"prisma-2020", "flow"}), "")
    check = next((each.address for each in tables if each.query.name == "discrepancies"), "")
    blocks = {
        "How the studies were found": flow,
        "Where the text disagrees with itself": check,
        "Tables and counts": "tables.html" if tables else "",
    }
    shelf.menu = [entry for entry in MENU if entry[0] != "Questions" or evidence.questions]
    if not evidence.findings:
        shelf.menu = [entry for entry in shelf.menu if entry[0] != "Findings"]
        found_findings = []
    shelf.menu += [("Tables", "tables.html")] * bool(tables) + [("About", "about.html")]
    likes = [(each.title, each.address, len(each.table.rows)) for each in tables if each.attribute]
    pages = [of_the_review.home(shelf, {}, blocks, likes), of_the_review.about(shelf, blocks)]
    if evidence.questions:
        lines = [of_the_review.question_line(evidence, iri) for iri in evidence.questions]
        pages.append(Page("questions.html", "questions.html", "Questions", {"lines": lines}))
    pages += [*found_studies, *found_findings]
    pages += [of_things.question(shelf, iri, []) for iri in evidence.questions]
    pages += [of_things.study(shelf, each) for each in evidence.studies.values()]
    pages += [of_things.finding(shelf, each) for each in evidence.findings.values()]
    pages += [of_things.code(shelf, iri) for iri in evidence.codes]
    groups: dict[str, list[of_tables.Answered]] = {}
    for each in tables:
        heading = ATTRIBUTES if each.attribute else _HEADINGS.get(each.query.folder, each.query.folder)
        groups.setdefault(heading, []).append(each)
    if tables:
        pages.append(Page("tables.html", "tables.html", "Tables and counts", {"groups": groups}))
    for each in tables:
        pages += [of_tables.page(shelf, each), *of_tables.evidence_pages(shelf, each)]
    pages.append(Page("data.html", "data.html", "For data people", {"tables": tables}))
    return pages


ATTRIBUTES = "What the studies are like"
_HEADINGS = {"tables": "Tables of the review", "figures": "Figures of the review", "counts": "Counts and lists"}


def _data(workspace: Workspace, shelf: Shelf, tables: list[of_tables.Answered], pages: list[Page]) -> dict[str, bytes]:
    """What one can take along: the rows of every table as CSV, and the whole review as a graph."""
    documents = data.read_documents(workspace)
    found = {each.file: table_formats.as_csv(each.table).encode() for each in tables}
    found["data/review.nq.gz"] = gzip.compress(_bytes(export.export(documents, "nquads")), 9, mtime=0)
    found["data/review.ttl"] = _bytes(export.export(documents, "turtle"))
    for slug in ("studies", "findings"):
        own = [page for page in pages if page.template == "list.html" and page.values["slug"] == slug]
        if own:
            found[f"assets/{slug}.js"] = lists.script(slug, own).encode()
            columns = tuple(name.lower() for name, _ in own[0].values["columns"])
            rows: list[tuple[Any, ...]] = [row.cells for page in own for row in page.values["rows"]]
            found[f"data/{slug}.csv"] = table_formats.as_csv(Table(slug, columns, rows)).encode()
    if shelf.base_url:
        found["sitemap.xml"] = _sitemap(shelf, pages)
    return found


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _sitemap(shelf: Shelf, pages: list[Page]) -> bytes:
    """The addresses of all pages, as search engines read them (sitemaps.org)."""
    from xml.sax.saxutils import escape

    lines = "".join(f"<url><loc>{escape(shelf.base_url + page.path)}</loc></url>\n" for page in pages)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{lines}</urlset>\n".encode()


def _assets() -> dict[str, bytes]:
    """The styles and scripts that pages load."""
    return {
        f"assets/{path.name}": path.read_bytes() for path in sorted((FOLDER / "assets").iterdir()) if path.is_file()
    }


def _files(shelf: Shelf, pages: list[Page], others: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Every file by name; pages are made one by one, so that a large site needs no more memory than its evidence."""
    yield from others.items()
    for page in pages:
        yield page.path, shelf.html(page).encode()


def _before(folder: Path) -> set[str]:
    """The files that were written into the folder before.

    Raises:
        UsageError: it is no folder, or holds what no site wrote.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is no folder; name one that is new, empty, or holds a site", folder)
    if not folder.is_dir():
        return set()
    mark = folder / MARK
    if mark.is_file():
        return {line for line in mark.read_text("utf-8").splitlines() if line and ".." not in Path(line).parts}
    if any(folder.iterdir()):
        raise UsageError(f"{folder} holds other files; name a folder that is new, empty, or holds a site", folder)
    return set()


def _put(path: Path, content: bytes) -> bool:
    """Write a file if it isn't the same already; whether it was written."""
    if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)
    return True


def _take_away(folder: Path, name: str) -> None:
    path = folder / name
    if path.is_file() and not path.is_symlink():
        path.unlink()


def packed(folder: Path, target: Path) -> int:
    """Pack a site into a zip file that has the same bytes each time; its size."""
    import io

    names = sorted((folder / MARK).read_text("utf-8").splitlines())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in names:
            entry = zipfile.ZipInfo(f"{target.stem}/{name}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, (folder / name).read_bytes())
    write_whole(target, buffer.getvalue())
    return len(buffer.getvalue())


def digest(folder: Path) -> str:
    """A SHA-256 over all files of a site, to tell whether two are the same."""
    whole = hashlib.sha256()
    for name in sorted((folder / MARK).read_text("utf-8").splitlines()):
        whole.update(f"{name}\0".encode() + hashlib.sha256((folder / name).read_bytes()).digest())
    return whole.hexdigest()
