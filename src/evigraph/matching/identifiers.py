"""The identifiers of a record by which it is compared with others, and looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

KINDS = ("doi", "pmid", "pmcid", "eric", "openalex")
"""The keys of identifiers that are of a publication each; but a book and its chapters may share a DOI."""
BOOK = "book"
"""The kind of a record that is of a whole book."""


def of(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The identifiers of a record, each with its kind, as they are compared.

    An ISBN is one of a whole book alone: its chapters tell it too.
    """
    for kind in KINDS:
        if value := item.get(kind):
            yield kind, str(value).casefold()
    if item.get("kind") == BOOK and (number := book_number(item.get("isbn", ""))):
        yield "isbn", number


def book_number(isbn: object) -> str:
    """An ISBN as it is compared: its 13 digits, which follow from one of 10; nothing where it is none.

    >>> book_number("0-306-40615-2"), book_number("978-0-306-40615-7"), book_number("1234-5678")
    ('9780306406157', '9780306406157', '')
    """
    digits = re.sub(r"[\W_]", "", str(isbn)).upper()
    if re.fullmatch(r"\d{9}[\dX]", digits):
        stem = f"978{digits[:9]}"
        return f"{stem}{-sum(int(each) * (1, 3)[i % 2] for i, each in enumerate(stem)) % 10}"
    return digits if re.fullmatch(r"\d{13}", digits) else ""
