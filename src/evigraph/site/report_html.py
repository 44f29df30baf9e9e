"""A report as one HTML file that needs nothing beside it."""

from __future__ import annotations

from html import escape

from evigraph.site.blocks import Block, Heading, Items, Paragraph, Picture, Report, Rows

STYLE = """body { font: 16px/1.5 Arial, "Liberation Sans", Helvetica, Arimo, sans-serif; color: #1c2430; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
h2 { margin-top: 2.4rem; }
table { border-collapse: collapse; font-size: .9rem; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .5rem; border-bottom: 1px solid #d9dee6; }
.number { text-align: right; }
.soft { color: #566173; font-size: .92rem; }
figure { margin: 1.5rem 0; }
svg { max-width: 100%; height: auto; }
@media print { tr, figure { break-inside: avoid; } h2, h3 { break-after: avoid; } }
"""


def html(report: Report) -> bytes:
    """The report as HTML, in UTF-8."""
    body = "".join(_block(block) for block in report.blocks)
    return (
        f'<!doctype html>\n<html lang="{escape(report.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(report.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    ).encode()


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level}>{escape(block.text)}</h{block.level}>\n"
    if isinstance(block, Paragraph):
        return f"<p{' class=soft' if block.soft else ''}>{escape(block.text)}</p>\n"
    if isinstance(block, Items):
        return "<ul>\n" + "".join(f"<li>{escape(item)}</li>\n" for item in block.items) + "</ul>\n"
    if isinstance(block, Picture):
        return f"<figure>{block.svg}</figure>\n"
    return _rows(block)


def _rows(block: Rows) -> str:
    marks = [' class="number"' if i in block.numbers else "" for i in range(len(block.columns))]
    head = "".join(f'<th scope="col"{marks[i]}>{escape(name)}</th>' for i, name in enumerate(block.columns))
    rows = "".join(
        "<tr>" + "".join(f"<td{marks[i]}>{escape(cell)}</td>" for i, cell in enumerate(row)) + "</tr>\n"
        for row in block.rows
    )
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
