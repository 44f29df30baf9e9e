"""Rows as text, or as a workbook: one function a format."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import textwrap
from collections.abc import Callable, Sequence

from evigraph.errors import UsageError
from evigraph.queries import Cell, Table


def text(cell: Cell) -> str:
    """A cell as plain text; an unbound cell is empty."""
    return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)


def number(value: float) -> str:
    """A number without a needless fraction."""
    return f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"


_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""What begins a text that a spreadsheet may take for a formula (OWASP, CSV Injection), or our guard before one."""


def guarded(cell: Cell) -> str:
    """A cell as text that no spreadsheet takes for a formula: an apostrophe goes before a sign that begins one.

    Numbers stay numbers, `-5` too. `link` takes the apostrophe off again.
    """
    plain = text(cell)
    return f"'{plain}" if isinstance(cell, str) and _FORMULA.match(plain) else plain


def as_csv(table: Table, delimiter: str = ",", raw: bool = False) -> str:
    """Comma-separated values with a header row (RFC 4180, but line feeds).

    Texts are `guarded` against spreadsheets that run what they read; `raw` writes them as they are.
    """
    out = io.StringIO()
    plain, quoting = (
        csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=each)
        for each in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)
    )
    write = text if raw else guarded
    for row in [table.columns, *table.rows]:
        cells = [write(cell) for cell in row]
        # Python before 3.13 leaves a lone carriage return unquoted, and readers end the row there.
        (quoting if any("\r" in cell for cell in cells) else plain).writerow(cells)
    return out.getvalue()


def as_tsv(table: Table, raw: bool = False) -> str:
    """Tab-separated values with a header row; for `raw` see `as_csv`."""
    return as_csv(table, "\t", raw)


def as_json(table: Table) -> str:
    """A JSON array, one object a row."""
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def as_markdown(table: Table) -> str:
    """A GitHub-flavoured Markdown table."""
    rows = [_markdown_line([text(cell) for cell in row]) for row in table.rows]
    return _markdown_line(list(table.columns)) + "|" + " --- |" * len(table.columns) + "\n" + "".join(rows)


# What begins markup in GitHub-flavoured Markdown: code, emphasis, links and tags; `_` only does at the edge of a word.
_MARKDOWN = re.compile(r"[\\`*\[|~]|(?<!\w)_|_(?!\w)")


def _markdown_line(cells: list[str]) -> str:
    return "| " + " | ".join(_markdown(cell) for cell in cells) + " |\n"


def _markdown(cell: str) -> str:
    escaped = _MARKDOWN.sub(r"\\\g<0>", " ".join(re.split(r"\r\n|[\r\n]", cell)))
    return re.sub(r"&(?=#?\w+;)", "&amp;", escaped).replace("<", "&lt;")


def as_html(table: Table) -> str:
    """An HTML table with a caption and header cells."""
    import html  # a table for the terminal needs none of its entities

    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in table.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(text(cell))}</td>" for cell in row) + "</tr>\n" for row in table.rows
    )
    caption = html.escape(table.name)
    return f"<table>\n<caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"


def as_page(table: Table) -> str:
    """A whole HTML document with the table, which a browser opens without guessing its character set."""
    import html

    title = html.escape(table.name)
    style = "body{font-family:sans-serif}td,th{padding:.2em .6em;text-align:left;vertical-align:top}"
    head = f'<meta charset="utf-8">\n<title>{title}</title>\n<style>{style}</style>'
    return f'<!doctype html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{as_html(table)}</body>\n</html>\n'


_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        **{c: "\\" + c for c in "&%$#_{}"},
    }
)


def as_latex(table: Table) -> str:
    """A LaTeX tabular with booktabs rules."""
    line = [" & ".join(map(_latex, row)) + r" \\" for row in [table.columns, *table.rows]]
    body = "\n".join([line[0], r"\midrule", *line[1:]])
    return f"\\begin{{tabular}}{{{'l' * len(table.columns)}}}\n\\toprule\n{body}\n\\bottomrule\n\\end{{tabular}}\n"


def _latex(cell: Cell) -> str:
    """A cell as LaTeX prints it; `[` and `*` would be options of the line end above."""
    escaped = _CONTROL.sub(" ", text(cell)).translate(_LATEX)
    return "{}" + escaped if escaped.startswith(("[", "*")) else escaped


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
"""Control characters: a terminal acts on them, and LaTeX stops at them."""


def as_table(table: Table, width: int = 80) -> str:
    """Aligned columns that fit `width` characters; long cells wrap.

    Where half of the headings would be broken, each row is a block instead, a line a column.
    """
    cells = [[_CONTROL.sub(" ", text(cell)) for cell in row] for row in [table.columns, *table.rows]]
    widths = column_widths(cells, width)
    broken = [word > n for word, n in zip(_longest_words(list(zip(cells[0], strict=True))), widths, strict=True)]
    if table.rows and sum(broken) * 2 >= len(broken):
        return "\n".join(_block(cells[0], row, width) for row in cells[1:])
    lines = []
    for i, row in enumerate(cells):
        wrapped = [textwrap.wrap(cell, w) or [""] for cell, w in zip(row, widths, strict=True)]
        for j in range(max(map(len, wrapped))):
            parts = [w[j] if j < len(w) else "" for w in wrapped]
            lines.append("  ".join(p.ljust(n) for p, n in zip(parts, widths, strict=True)).rstrip())
        if i == 0:
            lines.append("  ".join("-" * n for n in widths))
    return "\n".join(lines) + "\n"


def _block(names: list[str], row: list[str], width: int) -> str:
    """A row as lines of `heading  cell`, without what is empty."""
    room = max(map(len, names)) + 2
    lines = []
    for name, cell in zip(names, row, strict=True):
        for i, part in enumerate(textwrap.wrap(cell, max(width - room, 1))):
            lines.append(f"{'' if i else name:{room}}{part}\n")
    return "".join(lines)


def column_widths(cells: list[list[str]], width: int) -> list[int]:
    """Widths that sum to at most `width` with two blanks between.

    A column that holds long texts gets more room, by the square root of its longest one; a column keeps its longest
    word whole, up to 12 characters, as long as there is room for that. Where there isn't, a heading is broken before a
    date or a name below it is.
    """
    columns = list(zip(*cells, strict=True))
    natural = [max(1, *map(len, column)) for column in columns]
    room = max(width - 2 * (len(natural) - 1), len(natural))
    whole, below = _longest_words(columns), _longest_words([column[1:] for column in columns])
    tried = [[min(word, 12) for word in whole], *([min(word, cap) for word in below] for cap in range(12, 0, -1))]
    least = next((each for each in tried if sum(each) <= room), [1] * len(natural))
    widths = natural[:]
    while sum(widths) > room:
        shrinkable = [i for i, each in enumerate(widths) if each > least[i]]
        widths[max(shrinkable, key=lambda i: widths[i] / math.sqrt(natural[i]))] -= 1
    return widths


def _longest_words(columns: Sequence[Sequence[str]]) -> list[int]:
    return [max((len(word) for cell in column for word in cell.split()), default=1) for column in columns]


def as_xlsx(table: Table) -> bytes:
    """A workbook with one sheet."""
    from evigraph.reports import workbook

    return workbook.from_table(table)


FORMATS: dict[str, Callable[[Table], str]] = {
    "table": as_table,
    "csv": as_csv,
    "tsv": as_tsv,
    "json": as_json,
    "md": as_markdown,
    "html": as_html,
    "latex": as_latex,
}
"""Every format of text that rows come out in, by its name on the command line."""

BINARY: dict[str, Callable[[Table], bytes]] = {"xlsx": as_xlsx}
"""The formats that are no text."""


def rendered(table: Table, syntax: str, raw: bool = False) -> str | bytes:
    """Rows in one of the formats; `raw` writes CSV and TSV without the guard against formulas.

    Raises:
        UsageError: `raw` is asked of another format, or a workbook can't hold the table.
    """
    if raw:
        if syntax not in {"csv", "tsv"}:
            raise UsageError(f"--raw is for csv and tsv; {syntax} writes every cell as it is", syntax)
        return as_csv(table, raw=True) if syntax == "csv" else as_tsv(table, raw=True)
    return BINARY[syntax](table) if syntax in BINARY else FORMATS[syntax](table)
