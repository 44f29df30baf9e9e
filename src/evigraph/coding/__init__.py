"""Coded studies and the sheets that hold them, both ways: extraction sheets in, workbooks for coders out and back.

Modules: `sheet_in` (extraction sheets into documents), `recipe_draft` (a recipe for a team's own sheet), `workbook_out`
and `workbook_in` (the coders' workbook), `codebook` (what the words of a sheet mean here), `consensus` (what coders of
a study agree on), `study_form` and `study_edits` (a study as the fields of a form, and back), `packs` (tools of
appraisal, and what they add to a codebook).
"""

__all__ = [
    "codebook",
    "declared",
    "packs",
    "recipe_draft",
    "sheet_in",
    "study_edits",
    "study_form",
    "study_list",
    "workbook_in",
    "workbook_out",
]
