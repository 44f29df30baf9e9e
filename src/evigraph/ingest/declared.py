"""What a file declares before it codes with it: attributes with their codes, and tools of appraisal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """A code that a file declares.

    Attributes:
        key: what it is called by in the file. label: in words. broader: the key of the code above it, or empty.
        definition: what it means, or empty. selectable: whether a record may have it; else it only gathers others.
        same_as: the IRI of what it is elsewhere, or empty.
    """

    key: str
    label: str
    broader: str = ""
    definition: str = ""
    selectable: bool = True
    same_as: str = ""


@dataclass(frozen=True)
class Scheme:
    """An attribute that a file declares, with all of its codes in order, also those that no study has.

    Attributes:
        attribute: in small letters with hyphens. label: in words. definition, note: what it is about, and where it
        comes from, or empty. codes: a code comes after the one above it.
    """

    attribute: str
    label: str
    definition: str = ""
    note: str = ""
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True)
class Tool:
    """A tool of appraisal that a file judges with: a pack that comes with evigraph, or one that the file declares.

    Attributes:
        key: as in ids. label: in words, or empty for a pack that comes with evigraph. domains: key and label of each.
        words: what its judgements are called.
    """

    key: str
    label: str = ""
    domains: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()
