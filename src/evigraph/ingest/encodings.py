"""Bytes to text: encodings, byte order marks and line ends, before any parser sees them."""

from __future__ import annotations

import codecs
import re
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from evigraph.errors import DataError, UsageError
from evigraph.ingest import legacy

LIMIT = 256 * 2**20
"""The largest file that is read, in bytes."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def content(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        DataError: it can't be read, has a name of several lines, is no file, is empty, or is larger than `LIMIT`.
    """
    if any(unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"} for each in path.name):
        raise DataError(path, 0, "its name holds a line end, a control character or a broken letter; rename it")
    try:
        told = path.stat()
        if not stat.S_ISREG(told.st_mode) and not stat.S_ISDIR(told.st_mode):
            raise DataError(path, 0, "a device or a pipe, which may never end; save it as a file, and give that")
        with path.open("rb") as file:
            found = file.read(LIMIT + 1)  # a file may grow while it is read
        if len(found) > LIMIT:
            size = max(told.st_size, len(found)) // 2**20
            raise DataError(path, 0, f"{size} MB, more than the {LIMIT // 2**20} MB that are read; split it")
    except OSError as error:
        raise DataError(path, 0, f"{error.strerror}; give a file that can be read") from None
    if not found.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise DataError(path, 0, "the file is empty; export it again")
    return found


@dataclass(frozen=True)
class Decoded:
    """The text of a file, the name of its encoding, and notes on what was guessed of it."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def known(name: str) -> str:
    """An encoding's name as Python spells it.

    Raises:
        UsageError: there is none of that name that gives text.
    """
    try:
        "a".encode(name)  # what is no encoding of texts is none
        return codecs.lookup(name).name
    except (LookupError, ValueError, TypeError):
        said = "; try utf-8, windows-1252, windows-1250, windows-1251, mac-roman or cp850"
        raise UsageError(f"no encoding is called `{name}`{said}", name) from None


def decode(path: Path, raw: bytes, encoding: str = "") -> Decoded:
    """The text of a file, with line feeds as its only line ends.

    `encoding` is what a person says of it. Else a byte order mark decides; else UTF-8 if it is that throughout, UTF-16
    if every second byte tells so; else the encoding that gives the likeliest letters, which is noted as a guess.

    Raises:
        DataError: it is no text, or not in the encoding that it is said to be in.
    """
    if encoding:
        return Decoded(_lines(_strict(path, raw, encoding)), encoding)
    told = next((name for mark, name in _MARKS if raw.startswith(mark)), None) or _told(path, raw)
    if told:
        return Decoded(_lines(raw.decode(told, "replace")), told.removesuffix("-sig"))
    if found := legacy.mixed(raw):
        text, other, numbers = found
        several = f"{len(numbers)} lines are" if len(numbers) > 1 else "1 line is"
        note = f"{several} not in UTF-8, first line {numbers[0]}, and read by guess as {_called(other)}"
        return Decoded(_lines(text), "utf-8", (f"{note}; look at the encoding of the names there",))
    name = legacy.guess(raw)
    text = raw.decode(name, "replace")
    word = next(iter(re.findall(r"\w*[^\W\x00-\x7f]\w*", text)), "")
    example = f", so that it has `{word[:30]}`" if word else ""
    note = f"its encoding is a guess: read as {_called(name)}{example}; if that is wrong, give --encoding"
    return Decoded(_lines(text), name, (note,))


def _called(name: str) -> str:
    return name.replace("cp125", "windows-125").replace("_", "-")


def _strict(path: Path, raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DataError(path, line, f"not {encoding}; give another --encoding, or none to have it guessed") from None


def _lines(text: str) -> str:
    # Every line end that a word processor or an old Macintosh writes; a lone form feed or separator is a blank, and so
    # is what only some programs take for a line end, where others stand: it came with an abstract.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    rare = " " if "\n" in text.rstrip("\n") else "\n"
    text = text.replace("\x85", rare).replace("\u2028", rare).replace("\u2029", rare)
    return re.sub("[\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", _control, text)


def _control(found: re.Match[str]) -> str:
    # BOMs in the middle come from files put together; the separators of MARC stay apart as blanks.
    return "" if found.group() in "\ufeff\x00" else " "


def _told(path: Path, raw: bytes) -> str:
    """UTF-8 or UTF-16, where the bytes tell it; else nothing."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if raw[:4096].count(0) * 8 <= len(raw[:4096]):
            return "utf-8"  # a few stray NULs are no UTF-16
    head = raw[:4096]
    if head[1::2].count(0) > len(head) // 3:
        return "utf-16-le"
    if head[0::2].count(0) > len(head) // 3:
        return "utf-16-be"
    if head.count(0):
        raise DataError(path, 0, "neither text nor a spreadsheet; export it as RIS, BibTeX, NBIB, CSV, XLSX or JSON")
    return ""
