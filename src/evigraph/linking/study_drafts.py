"""A study's document, drafted from a record; and the ids that new documents get."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, NamedTuple

from evigraph.data import quads
from evigraph.ingest.fields.names import family

REPORT_KEYS = (
    *("title", "authors", "year", "container", "volume", "issue", "pages", "doi", "pmid", "eric", "openalex", "url"),
    *(
        "publisher",
        "kind",
        "firstAuthor",
        "authorCount",
        "editors",
        "groupAuthors",
        "series",
        "edition",
        "placePublished",
    ),
    *("isbn", "pmcid", "identifiers"),
)
"""The keys that a report has from its records."""
ENDINGS = ("", *(f"-{letter}" for letter in "bcdefghijklmnopqrstuvwxyz"))
"""What parts the keys of studies of one name and year, before there are numbers."""


def slugged(text: str) -> str:
    """A text as a part of an id: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss").replace("ø", "o").replace("ł", "l"))
    return re.sub(r"[^a-z0-9]+", "-", "".join(each for each in plain if not unicodedata.combining(each))).strip("-")


def free(slug: str, folder: str, taken: set[str]) -> str:
    """The slug, or with the first letter or number after it that no document of the folder has; it is taken then."""
    found = next((slug + each for each in ENDINGS if folder + slug + each not in taken), None)
    number = 27
    while found is None:
        found = f"{slug}-{number}" if f"{folder}{slug}-{number}" not in taken else None
        number += 1
    taken.add(folder + found)
    return found


def key(values: dict[str, Any]) -> str:
    """The key of a study of which a record tells: the first author's family name, or the title, and the year."""
    names = (slugged(str(values.get(each) or ""))[:40].strip("-") for each in ("firstAuthor", "title"))
    return f"{next((name for name in names if name), 'study')}-{values.get('year', 'undated')}"


def dated(key: str, values: dict[str, Any]) -> str:
    """The year as texts cite it; of a second study of one name and year, with the letter or number of its key."""
    year, told = str(values.get("year", "n.d.")), re.search(r"-(\d{4}|undated)-([b-z]|\d+)$", key)
    if told is None:
        return year
    glued = told[1] != "undated" and told[2].isalpha()
    return f"{year}{'' if glued else '-'}{told[2]}"


def label(key: str, values: dict[str, Any]) -> str:
    """What a study is called of which a report tells: its first author or authors, or its title, and the year."""
    names = [family(name) for name in str(values.get("authors", "")).split("; ") if name]
    first = str(values.get("firstAuthor") or "") or str(values.get("title", ""))[:60]
    count = int(values.get("authorCount", len(names) or 1))
    with_others = {1: first, 2: f"{first} and {names[1] if len(names) > 1 else 'another'}"}.get(
        count, f"{first} et al."
    )
    return f"{with_others} ({dated(key, values)})"


class Included(NamedTuple):
    """That a study is included: on what basis, by whom, and when; what nobody tells is empty."""

    basis: str = ""
    who: str = ""
    date: str = ""


def study(key: str, values: dict[str, Any], included: Included) -> dict[str, Any]:
    """A study's document with one report, made of the values of its records."""
    told = {"basis": included.basis, "decidedBy": included.who, "date": included.date}
    content = {
        "id": f"study/{key}",
        "type": "Study",
        "label": label(key, values),
        "reports": [
            {"id": f"report/{key}", "type": "Report", **{k: values[k] for k in REPORT_KEYS if k in values}},
        ],
        "inclusion": {
            **{"id": f"inclusion/{key}", "type": "Inclusion", "state": "stated", "verdict": "include"},
            **{name: text for name, text in told.items() if text},
        },
    }
    return quads.arranged(content)
