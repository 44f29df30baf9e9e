"""Rows as text: one function a format."""

from __future__ import annotations

import csv
import html
import io
import json
import math
import textwrap
from collections.abc import Callable

from evigraph.queries import Cell, Table


def text(cell: Cell) -> str:
    """A cell as plain text; an unbound cell is empty."""
    return "" if cell is None else str(cell)


def number(value: float) -> str:
    """A number without a needless fraction."""
    return f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"


def as_csv(table: Table, delimiter: str = ",") -> str:
    """Comma-separated values with a header row (RFC 4180, but line feeds)."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([text(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def as_tsv(table: Table) -> str:
    """Tab-separated values with a header row."""
    return as_csv(table, "\t")


def as_json(table: Table) -> str:
    """A JSON array, one object a row."""
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def as_markdown(table: Table) -> str:
    """A GitHub-flavoured Markdown table."""
    rows = [_markdown_line([text(cell) for cell in row]) for row in table.rows]
    return _markdown_line(list(table.columns)) + "|" + " --- |" * len(table.columns) + "\n" + "".join(rows)


def _markdown_line(cells: list[str]) -> str:
    escaped = (c.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ") for c in cells)
    return "| " + " | ".join(escaped) + " |\n"


def as_html(table: Table) -> str:
    """An HTML table with a caption and header cells."""
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in table.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(text(cell))}</td>" for cell in row) + "</tr>\n" for row in table.rows
    )
    caption = html.escape(table.name)
    return f"<table>\n<caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"


_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{c: "\\" + c for c in "&%$#_{}"},
    }
)


def as_latex(table: Table) -> str:
    """A LaTeX tabular with booktabs rules."""
    line = [" & ".join(text(cell).translate(_LATEX) for cell in row) + r" \\" for row in [table.columns, *table.rows]]
    body = "\n".join([line[0], r"\midrule", *line[1:]])
    return f"\\begin{{tabular}}{{{'l' * len(table.columns)}}}\n\\toprule\n{body}\n\\bottomrule\n\\end{{tabular}}\n"


def as_table(table: Table, width: int = 80) -> str:
    """Aligned columns that fit `width` characters; long cells wrap."""
    cells = [[text(cell) for cell in row] for row in [table.columns, *table.rows]]
    widths = column_widths(cells, width)
    lines = []
    for i, row in enumerate(cells):
        wrapped = [textwrap.wrap(cell, w) or [""] for cell, w in zip(row, widths, strict=True)]
        for j in range(max(map(len, wrapped))):
            parts = [w[j] if j < len(w) else "" for w in wrapped]
            lines.append("  ".join(p.ljust(n) for p, n in zip(parts, widths, strict=True)).rstrip())
        if i == 0:
            lines.append("  ".join("-" * n for n in widths))
    return "\n".join(lines) + "\n"


def column_widths(cells: list[list[str]], width: int) -> list[int]:
    """Widths that sum to at most `width` with two blanks between.

    A column that holds long texts gets more room, by the square root of its longest one; a column keeps its longest
    word whole, up to 12 characters, as long as there is room for that.
    """
    columns = list(zip(*cells, strict=True))
    natural = [max(1, *map(len, column)) for column in columns]
    words = [max((len(word) for cell in column for word in cell.split()), default=1) for column in columns]
    room = max(width - 2 * (len(natural) - 1), len(natural))
    least = [min(word, 12, full) for word, full in zip(words, natural, strict=True)]
    if sum(least) > room:
        least = [1] * len(natural)
    widths = natural[:]
    while sum(widths) > room:
        shrinkable = [i for i, each in enumerate(widths) if each > least[i]]
        widths[max(shrinkable, key=lambda i: widths[i] / math.sqrt(natural[i]))] -= 1
    return widths


FORMATS: dict[str, Callable[[Table], str]] = {
    "table": as_table,
    "csv": as_csv,
    "tsv": as_tsv,
    "json": as_json,
    "md": as_markdown,
    "html": as_html,
    "latex": as_latex,
}
"""Every format that rows come out in, by its name on the command line."""
