"""Bytes to text: encodings, byte order marks and line ends, before any parser sees them."""

from __future__ import annotations

import codecs
import re
import stat
import unicodedata
from pathlib import Path

from evigraph.errors import DataError

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


def decode(path: Path, raw: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding, with line feeds as its only line ends.

    A byte order mark decides; else UTF-8 if it is that throughout, UTF-16 if every second byte tells so, and else the
    encoding that charset-normalizer finds most likely.

    Raises:
        DataError: it is no text.
    """
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), None) or _guess(path, raw)
    text = raw.decode(encoding, "replace")
    if not encoding.startswith("utf") and max(text) >= "\x80" and re.search("[\x80-\x9f]", text):
        encoding = "cp1252"  # what is latin-1 but for its control characters is Windows' own
        text = raw.decode(encoding, "replace")
    # Every line end that a word processor or an old Macintosh writes; a lone form feed or separator is a blank.
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\u2028", "\n")
    text = re.sub("[\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", _control, text)
    return text, encoding.removesuffix("-sig")


def _control(found: re.Match[str]) -> str:
    # BOMs in the middle come from files put together; the separators of MARC stay apart as blanks.
    return "" if found.group() in "\ufeff\x00" else " "


def _guess(path: Path, raw: bytes) -> str:
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
    return _legacy(raw)


def _legacy(raw: bytes) -> str:
    from charset_normalizer import from_bytes

    odd = b"".join(line + b"\n" for line in raw.splitlines()[:20000] if not line.isascii())[:65536]
    found = from_bytes(odd, cp_exclusion=["utf_7", "cp037", "cp500", "cp1026", "cp1140", "cp424", "cp875"]).best()
    name = found.encoding if found else "cp1252"
    if raw.decode("utf-8", "ignore").isascii() or name in _WESTERN:
        return "cp1252"
    if raw.decode("utf-8", "replace").count("\ufffd") * 20 < sum(byte > 127 for byte in raw):
        return "utf-8"  # a few broken bytes in a file that is UTF-8 otherwise
    return name


_WESTERN = {
    "cp1250",
    "cp1252",
    "latin_1",
    "iso8859_15",
    "cp850",
    "cp858",
    "mac_iceland",
    "cp1254",
    "iso8859_9",
    "ascii",
}
