"""The review as a website in a folder: pages that open from a double click and ask nobody for anything.

Modules: `folder` writes it, `served` makes its pages one by one, `single` as one file (what is read `alone` has its
style within), `contents` says what is in it; `things` is the graph as one walks it, `evidence` what pages show of it,
as `records`; `addresses` tells which page a thing has, `words` how closed lists are said, `shelf` holds what every
page is made with, `templating` knows Jinja2. The pages are in the modules that begin with `of_`, and in `lists`;
`search` finds any of them, `sparql_page` answers SPARQL, with what `vendor` has from npm. `report` makes the blocks of
a report, which `report_docx`, `report_html` and `report_pdf` set.
"""

__all__ = ["folder", "report", "served", "single", "templating", "vendor"]
