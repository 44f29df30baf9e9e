"""The review as a website in a folder: pages that open from a double click and ask nobody for anything.

Modules: `things` (the graph as one walks it), `evidence` (what pages show of it) with `records`,
`addresses` (which page a thing has, and links that are relative), `words` (how closed lists are said), `shelf` (what
every page is made with), the pages themselves in `of_the_review`, `of_things`, `of_tables` and `lists`, and `folder`,
which writes them.
"""

from evigraph.web.site.folder import Built, build, packed

__all__ = ["Built", "build", "packed"]
