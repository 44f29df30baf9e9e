"""evigraph: a systematic review you can query."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from evigraph.api import Review

__all__ = ["__version__", "open"]
__version__ = "0.2.0"


def open(
    path_or_url: str | Path | None = None, workspace: str | Path | None = None, review: str | None = None
) -> Review:
    """Open a review: a folder with one, or the SPARQL endpoint at a URL.

    Without an argument it is the review in the current folder or the nearest of its parents, else the one that ships
    with evigraph. An endpoint is asked the queries of `workspace`, about the review that has its IRIs; that folder is
    found in the same way if it isn't given. `review` names one of several in a folder.

    Raises:
        UsageError: the folder holds no review, or several and none is named, or the URL is none of an endpoint.
    """
    from evigraph.api import open_review  # `import evigraph` stays light

    return open_review(path_or_url, workspace, review)
