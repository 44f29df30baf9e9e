"""A site as one file to mail: its pages as sections, their links as anchors, and nothing outside of the file."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from urllib.parse import unquote

from markupsafe import Markup

from evigraph.errors import UsageError
from evigraph.files import write_whole
from evigraph.paths import Workspace
from evigraph.site.alone import allowed
from evigraph.site.contents import contents
from evigraph.site.shelf import FOLDER, Page, Shelf, environment

GROUPS = {
    "home.html": "",
    "new.html": "What is new",
    "question.html": "Questions",
    "figure.html": "Figures",
    "table.html": "Tables and counts",
    "list.html": "Lists",
    "study.html": "Studies",
    "code.html": "Codes",
    "about.html": "About",
}
"""The pages that become sections, by their templates, in order. A finding stands with its study; what a number counts
is in the folder alone, as is what needs an engine."""
SUFFIXES = (".html", ".htm")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^>]*)>")
_HREF = re.compile(r' href="([^"]*)"')
_NAMED = re.compile(r' (id|for|aria-controls|aria-labelledby|aria-describedby)="([^"]*)"')


def build(workspace: Workspace, target: Path, since: str = "") -> int:
    """Write the file; its size.

    Raises:
        UsageError: its name isn't that of a page, or it is a folder. DataError: a document can't be taken as it stands.
    """
    if target.suffix.lower() not in SUFFIXES:
        raise UsageError(f"{target}: one page is a file; name one that ends in .html", target)
    if target.is_dir():
        raise UsageError(f"{target} is a folder; name a file that ends in .html", target)
    shelf, pages, others = contents(workspace, "", since)
    content = html(shelf, pages, others["assets/site.css"].decode()).encode()
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, content)
    return len(content)


def html(shelf: Shelf, pages: list[Page], style: str) -> str:
    """The file as text: the chosen pages one after another, with their style within."""
    chosen = sorted((each for each in pages if each.template in GROUPS), key=lambda each: _place(each.template))
    anchors: dict[str, str] = {}
    for each in chosen:
        name = re.sub(r"[^\w-]+", "-", posixpath.splitext(each.path)[0])
        anchors[each.path] = name if name not in anchors.values() else f"{name}-{len(anchors)}"
    stands = _findings(shelf, anchors)
    parts: dict[str, list[tuple[str, str, Markup]]] = {}
    for each in chosen:
        whole = shelf.html(each)
        main = whole[whole.index('<main id="main">') + len('<main id="main">') : whole.index("</main>")]
        text = Markup(section(main, each.path, anchors, stands))  # noqa: S704 - made by our templates, which escape
        parts.setdefault(GROUPS[each.template], []).append((anchors[each.path], each.title, text))
    script = (FOLDER / "templates" / "single.js").read_text("utf-8")
    policy = f"default-src 'none'; style-src {allowed(style)}; script-src {allowed(script)}; "
    policy += "form-action 'none'; base-uri 'none'"
    values = {"site": shelf, "review": shelf.review, "parts": parts, "policy": Markup(policy)}  # noqa: S704 - ours
    values |= {"style": Markup(style), "script": Markup(script)}  # noqa: S704 - ours
    return environment().get_template("single.html").render(values)


def _place(template: str) -> int:
    return list(GROUPS).index(template)


def _findings(shelf: Shelf, anchors: dict[str, str]) -> dict[str, str]:
    """The sections of findings: those of their studies, by the addresses of the findings' pages."""
    known = shelf.addresses.known
    return {
        known(each.iri): anchors[known(each.study)]
        for each in shelf.evidence.findings.values()
        if known(each.study) in anchors
    }


def section(main: str, path: str, anchors: dict[str, str], stands: dict[str, str]) -> str:
    """The content of a page below a heading of its own: ids are made its own, and links lead to sections, or nowhere.

    Texts and values of attributes hold no `<` and no `>`: our templates escape both.
    """
    own = anchors[path]

    def link(found: re.Match[str]) -> str:
        there, _, place = found[1].partition("#")
        if there.startswith(("https://", "http://")):
            return found[0]
        address = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(there))) if there else path
        anchor = anchors.get(address) or stands.get(address, "")
        beyond = f"-{place}" if place and address in anchors else ""
        return f' href="#{anchor}{beyond}"' if anchor else ""

    def tag(found: re.Match[str]) -> str:
        end, name, rest = found.groups()
        if re.fullmatch("h[1-5]", name) and path != "index.html":
            name = f"h{int(name[1]) + 1}"
        rest = _NAMED.sub(lambda m: f' {m[1]}="' + " ".join(f"{own}-{each}" for each in m[2].split()) + '"', rest)
        rest = re.sub(r"url\(#([^)]+)\)", rf"url(#{own}-\1)", rest)
        return f"<{end}{name}{_HREF.sub(link, rest)}>"

    return _TAG.sub(tag, main)
