"""Places in the words that documents have for them, and the ids of their locators."""

from __future__ import annotations

import re

NONE = "none"
"""The place of a value that has none, where the other values have one."""


def place(text: str, study: str) -> str:
    """The id of the locator that a place in words means: one in the study's own report, or in the review's text."""
    if text.startswith("locator/"):
        return text
    first, _, rest = text.partition(" ")
    if first.casefold() == "report" and study and not rest.startswith(study):
        return "-".join(filter(None, (f"locator/Report-{study}", _slug(rest.casefold()))))
    return f"locator/{_slug(text)}"


def place_in_words(locator: str, study: str) -> str:
    """The words for a place; its id where there are none."""
    own = f"locator/Report-{study}"
    if study and (locator == own or locator.startswith(own + "-")):
        found = f"report {locator[len(own) + 1 :].replace('-', ' ')}".strip()
    else:
        found = locator.removeprefix("locator/").replace("-", " ")
    return found if found != NONE and place(found, study) == locator else locator


def _slug(text: str) -> str:
    return re.sub(r"[^\w]+", "-", text).strip("-")
