"""Encodings: what the bytes tell, what is guessed and said to be, and what a person says."""

from __future__ import annotations

from pathlib import Path

import pytest

from evigraph import ingest
from evigraph.errors import DataError, UsageError
from evigraph.ingest import legacy

TEXTS = [
    ("cp1252", "Mu\u00f1oz, Jos\u00e9"),
    ("cp1252", "Pr\u00fcfung \u2013 eine \u00dcbung"),
    ("cp1252", "\u201cL\u2019\u00e9cole d\u2019\u00e9t\u00e9\u201d"),
    ("cp1252", "S\u00f8rensen, \u00c5se"),
    ("mac_roman", "Mu\u00f1oz, Jos\u00e9"),
    ("mac_roman", "Na\u00efve \u2013 eine \u00abPr\u00fcfung\u00bb"),
    ("cp850", "M\u00fcller, J\u00f6rg"),
    ("cp1250", "\u010capek, Ji\u0159\u00ed"),
    ("cp1250", "\u0141ukasiewicz, Stanis\u0142aw"),
    ("iso8859_2", "\u010capek, \u0160\u00e1rka, \u017di\u017eka"),
    ("cp1254", "Y\u0131lmaz, Ay\u015fe; \u00d6\u011frenci ba\u015far\u0131s\u0131"),
    ("cp1251", "\u041a\u043e\u0432\u0430\u043b\u0451\u0432\u0430, \u0410\u043d\u043d\u0430"),
    ("koi8_r", "\u041a\u043e\u0432\u0430\u043b\u0435\u0432\u0430, \u0410\u043d\u043d\u0430"),
    ("cp1253", "\u03a0\u03b1\u03c0\u03b1\u03b4\u03cc\u03c0\u03bf\u03c5\u03bb\u03bf\u03c2"),
    ("cp1255", "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd"),
    ("gb18030", "\u9ad8\u7b49\u6559\u80b2\u4e2d\u7684\u5fae\u8bc1\u4e66\u7814\u7a76 \u738b\u4f1f"),
    ("euc_kr", "\ub300\ud559\uc758 \uc5f0\uad6c"),
]


def ris(name: str, title: str) -> str:
    """One article."""
    return f"TY  - JOUR\nAU  - {name}\nTI  - {title}\nER  - \n"


@pytest.mark.parametrize(("encoding", "text"), TEXTS)
def test_letters_tell_an_old_encoding(encoding: str, text: str) -> None:
    """What reads as a language's words is likelier than what has signs and capitals inside of words."""
    raw = text.encode(encoding)
    assert raw.decode(legacy.guess(raw)) == text


def test_a_blank_behind_a_word_is_no_letter() -> None:
    """A no-break blank at the end of a cell is one; between letters the same byte is the `á` of DOS."""
    assert legacy.guess(b"olfaction test\xa0,Italy\nTable\xa01,x\n") == "cp1252"
    assert legacy.guess("los más pequeños, después allá".encode("cp850")) == "cp850"


def test_a_guess_is_named(tmp_path: Path) -> None:
    """Beside the file, with a word to look at; UTF-8 is no guess."""
    (tmp_path / "a.ris").write_bytes(ris("\u010capek, Ji\u0159\u00ed", "Ferns").encode("cp1250"))
    (tmp_path / "b.ris").write_bytes(ris("\u010capek, Ji\u0159\u00ed", "Ferns").encode())
    (note,) = ingest.read(tmp_path / "a.ris").notes
    assert "encoding is a guess: read as windows-1250" in note
    assert "\u010capek" in note
    assert ingest.read(tmp_path / "b.ris").notes == ()


def test_a_text_of_two_encodings_is_read_line_by_line(tmp_path: Path) -> None:
    """What is UTF-8 stays so, and where it isn't is named."""
    one, two = ris("M\u00fcller, J", "Pr\u00fcfung").encode(), ris("Pe\u00f1a, I", "Evaluaci\u00f3n").encode("cp1252")
    (tmp_path / "a.ris").write_bytes(one + two)
    batch = ingest.read(tmp_path / "a.ris")
    assert [each.values["firstAuthor"] for each in batch.records] == ["M\u00fcller", "Pe\u00f1a"]
    assert "2 lines are not in UTF-8, first line 6" in batch.notes[0]


def test_a_person_says_the_encoding(tmp_path: Path) -> None:
    """It goes before any guess; one that can't be, or that nobody knows, is refused."""
    path = tmp_path / "a.ris"
    path.write_bytes(ris("Erd\u0151s, P\u00e1l", "Ferns").encode("cp1250"))
    batch = ingest.read(path, encoding="windows-1250")
    assert (batch.records[0].values["firstAuthor"], batch.notes) == ("Erd\u0151s", ())
    with pytest.raises(DataError, match="not utf-8; give another --encoding"):
        ingest.read(path, encoding="utf8")
    for name in ("windows-9", "rot13", "base64"):
        with pytest.raises(UsageError, match="no encoding is called"):
            ingest.read(path, encoding=name)


@pytest.mark.parametrize(("name", "odd"), [("cp1252", "Bädge"), ("cp1252", "Curaçao")])
def test_two_encodings_in_one_line(tmp_path: Path, name: str, odd: str) -> None:
    """A table that two programs wrote to: each letter is read as it was written, with a word on it."""
    path = tmp_path / "a.csv"
    rows = ["Title,Authors,Year\n", "Das Größte,Álvarez,2011\n"]
    other = f"{odd} of the year,".encode(name) + "Ålund,2012\n".encode()
    path.write_bytes("".join(rows).encode() + other)
    batch = ingest.read(path)
    found = [(each.values["title"], each.values["authors"]) for each in batch.records]
    assert found == [("Das Größte", "Álvarez"), (f"{odd} of the year", "Ålund")]
    assert "1 line is not in UTF-8, first line 3" in batch.notes[0]


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\u2029"])
def test_a_separator_in_a_cell_ends_no_row(tmp_path: Path, sign: str) -> None:
    """It came with an abstract; where nothing else ends a line, it does."""
    path = tmp_path / "a.csv"
    path.write_text(f"Title,Year\nBadges{sign}and stamps,2011\nSeals,2012\n", "utf-8")
    assert [each.values["title"] for each in ingest.read(path).records] == ["Badges and stamps", "Seals"]
    path.write_text(f"Title,Year{sign}Badges,2011{sign}Seals,2012{sign}", "utf-8")
    assert [each.values["title"] for each in ingest.read(path).records] == ["Badges", "Seals"]
