"""What a report is made of, before a format sets it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    """A heading of level 1, 2 or 3."""

    text: str
    level: int


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `soft` is what stands beside, such as a note."""

    text: str
    soft: bool = False


@dataclass(frozen=True)
class Items:
    """A list, one line an item."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Rows:
    """A table with its columns' names and its cells as texts; `numbers` are the columns that hold numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Picture:
    """A figure as an SVG of its own, and its words for who doesn't see it."""

    svg: str
    text: str


Block = Heading | Paragraph | Items | Rows | Picture


@dataclass(frozen=True)
class Report:
    """A report before it is set: its title, language and latest date, and its blocks in order."""

    title: str
    language: str
    date: str
    author: str
    blocks: tuple[Block, ...]
