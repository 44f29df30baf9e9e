"""What a review says, for people: tables, answer sheets, traces, the reproduction of a paper, what changed.

Modules: `table_formats` and `workbook` (rows as text or XLSX), `python_rows` (rows in Python), `answer_sheet`,
`trace` with `row_sources` and `outer_pattern`, `reproduction` with `claims`, `figures`, `figure_basis` and `verdicts`,
`differences`, `prisma`, `agreement` (how far coders agree), `shared_studies` with `overlap` (which studies reviews have
in common), `across` with `joins` (one attribute over several reviews), `possible_duplicates`
(what a person has to decide).
"""

__all__ = [
    "across",
    "agreement",
    "answer_sheet",
    "differences",
    "overlap",
    "possible_duplicates",
    "prisma",
    "python_rows",
    "reproduction",
    "row_sources",
    "shared_studies",
    "table_formats",
    "trace",
    "verdicts",
    "workbook",
]
