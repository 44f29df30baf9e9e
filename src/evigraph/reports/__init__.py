"""What a review says, for people: tables, answer sheets, traces, the reproduction of a paper, what changed.

Modules: `table_formats` and `workbook` (rows as text or XLSX), `python_rows` (rows in Python), `answer_sheet`,
`trace` with `outer_pattern`, `reproduction` with `claims`, `figures`, `figure_basis` and `verdicts`, `differences`,
`prisma`, `agreement` (how far coders agree).
"""

__all__ = [
    "agreement",
    "answer_sheet",
    "differences",
    "prisma",
    "python_rows",
    "reproduction",
    "table_formats",
    "trace",
    "verdicts",
    "workbook",
]
