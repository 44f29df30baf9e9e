"""Coded studies and the sheets that hold them, both ways: extraction sheets in, workbooks for coders out and back.

Modules: `sheet_in` (extraction sheets into documents), `recipe_draft` (a recipe for a team's own sheet), `workbook_out`
and `workbook_in` (the coders' workbook), `codebook` (what the words of a sheet mean here), `consensus` (what coders of
a study agree on), `packs` (tools of appraisal, and what they add to a codebook).
"""

__all__ = ["codebook", "declared", "packs", "recipe_draft", "sheet_in", "workbook_in", "workbook_out"]
