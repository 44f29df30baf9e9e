"""Encodings from before Unicode, which no file names: the likeliest by the letters that it gives, told as a guess."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise

CANDIDATES = (
    *("cp1252", "mac_roman", "cp1250", "iso8859_2", "cp1254", "cp1257", "cp850"),
    *("cp1251", "koi8_r", "cp1253", "cp1255", "cp1256"),
)
"""What is tried, in this order where letters can't tell."""
SAMPLE = 2**16
"""How many bytes of lines with such letters are looked at."""
LEANING = 0.12
"""How much goes for the encoding that most files have, and against small letters alone where there are capitals."""
_USUAL = {
    "cp1252": "éèàüöäßñçáíóúâêîôûëïåæøãõÉÖÜÄÁÍÓÑÇÅØ",
    "cp1250": "čřšžýáíéůěúłńśćźżąęóőűöüäťďňľôăîČŘŠŽŁŚŻÁÉÖÜÓÍ",
    "cp1254": "çğıöşüâîÇĞİÖŞÜ",
    "cp1251": "оеаинтсрвлкмдпуя",
    "cp1253": "αειοντςσρπκλμυάέήίόύώη",
    "cp1257": "āčēģīķļņšūžąęėįųõäöüĀČĒĢĪĶĻŅŠŪŽ",
}
"""The letters that texts in these languages have often."""
_SAME = {"koi8_r": "cp1251", "mac_roman": "cp1252", "cp850": "cp1252", "iso8859_2": "cp1250"}
_MARKS = "–—‘’“”„«»‚…°§®™©€£·•×±²³ºª¿¡"  # noqa: RUF001 - each as it is
_WIDE = {"gb18030", "gb2312", "gbk", "big5", "big5hkscs", "cp932", "shift_jis", "shift_jis_2004", "shift_jisx0213"} | {
    *("euc_jp", "euc_kr", "cp949", "cp950", "hz", "johab", "iso2022_jp", "euc_jis_2004", "euc_jisx0213"),
}
_WORD = re.compile(r"\w+")
_SEQUENCE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}")
"""A letter beyond ASCII in UTF-8."""


def guess(raw: bytes) -> str:
    """The likeliest encoding of bytes that are no Unicode."""
    odd = b"".join(line + b"\n" for line in raw.splitlines()[:20000] if not line.isascii())[:SAMPLE]
    if set(odd) - set(range(128)) == {0xA0} and not re.search(rb"[a-z]\xa0[a-z]", odd):
        return CANDIDATES[0]  # a blank that keeps words together, and no letter of DOS behind a word
    scores = {name: _score(odd, name) for name in CANDIDATES}
    best = max(scores, key=lambda name: scores[name])
    wide = _wide(odd)
    return wide if wide and scores[best] < 0.6 else best


def _score(odd: bytes, name: str) -> float:
    """How well the text reads that an encoding gives, from below 0 to 1 for each sign that isn't ASCII."""
    try:
        text = odd.decode(name)
    except UnicodeDecodeError:
        text = odd.decode(name, "replace")
    signs = [sign for sign in text if sign > "\x7f"]
    if not signs:
        return 0.0
    usual = _USUAL.get(_SAME.get(name, name), "")
    total = sum(_weight(sign, usual) for sign in signs)
    if name == CANDIDATES[0] or not any(sign.isupper() or script(sign) == "LATIN" for sign in signs):
        total += LEANING * len(signs) * (1 if name in ("cp1252", "cp1255", "cp1256") else -1)
    total -= sum(_oddness(word) for word in _WORD.findall(text))
    # A sign in the midst of a word, and one before it that no sentence has.
    total -= 2 * len(re.findall(r"(?<=[^\W\d_])[^\w\s'’´`./,;:&()\x00-\x7f-](?=[^\W\d_])", text))  # noqa: RUF001
    total -= len(re.findall(r"(?:(?<=\s)|^)[^\w\s“‘„«–—¿¡…\x00-\x7f](?=[^\W\d_])", text, re.MULTILINE))  # noqa: RUF001
    return total / len(signs)


def _weight(sign: str, usual: str) -> float:
    if sign.isalpha():
        if script(sign) == "LATIN":
            return 1.0 if sign in usual else 0.2
        return 0.9 if not usual or sign.lower() in usual else 0.7
    return 0.5 if sign in _MARKS or sign == "\xa0" else -1.0


def _oddness(word: str) -> float:
    """What no word has: letters of two scripts, small letters before capitals, or many accents in a row."""
    letters = [sign for sign in word if sign.isalpha()]
    if all(sign < "\x80" for sign in letters):
        return 0.0
    mixed = len({script(sign) for sign in letters}) > 1
    capitals = sum(a.islower() and b.isupper() and b > "\x7f" for a, b in pairwise(letters))
    shout = len(letters) > 2 and letters[0].isupper() and letters[1].isupper() and letters[-1].islower()
    row = max(map(len, re.findall(r"[\u0080-\u024f]+", word)), default=0)
    return 2.0 * mixed + 2.0 * capitals + 1.5 * shout + (row if row > 2 else 0)


@cache
def script(sign: str) -> str:
    """The script of a letter, by the first word of its name."""
    return unicodedata.name(sign, "OTHER").partition(" ")[0]


def _wide(odd: bytes) -> str:
    """An encoding of Chinese, Japanese or Korean that the bytes are throughout, or nothing."""
    from charset_normalizer import from_bytes

    found = from_bytes(odd, cp_isolation=sorted(_WIDE)).best()
    if found is None:
        return ""
    letters = [sign for sign in str(found) if sign > "\x7f" and sign.isalpha()]
    return found.encoding if len(letters) > 3 else ""


def mixed(raw: bytes) -> tuple[str, str, list[int]] | None:
    """A text of which some lines are UTF-8 and others are not: the text, the other encoding, and where it stands."""
    lines = raw.split(b"\n")
    told = [(number, _utf8(line)) for number, line in enumerate(lines) if not line.isascii()]
    bad = [number for number, text in told if text is None]
    if not bad or 5 * (len(told) - len(bad)) < len(told):
        return None
    rest = b"\n".join(_SEQUENCE.sub(b"", lines[number]) for number in bad)
    name = guess(rest)
    if name in _WIDE:  # its letters are of two bytes each, which may look like those of UTF-8
        name = guess(b"\n".join(lines[number] for number in bad))
    texts = dict(told)
    whole = [texts.get(number) or _both(line, name) for number, line in enumerate(lines)]
    return "\n".join(whole), name, [number + 1 for number in bad]


def _both(line: bytes, name: str) -> str:
    """A line of which some letters are UTF-8 and others are not."""
    if name in _WIDE:
        return line.decode(name, "replace")
    parts = re.split(b"(" + _SEQUENCE.pattern + b")", line)
    return "".join(part.decode("utf-8" if i % 2 else name, "replace") for i, part in enumerate(parts))


def _utf8(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None
