"""The kit of figures: widths, wrapping, colours, the frame."""

from __future__ import annotations

import itertools
import math

import drawn
import pytest

from evigraph.figures import frame, style_sheet
from evigraph.figures.canvas import Canvas, number
from evigraph.figures.palette import LOOKS
from evigraph.figures.words import FONTS, SLACK, lacking, plain, width, wrapped
from evigraph.queries import Table

pytestmark = pytest.mark.thorough


def test_widths_are_those_of_the_fonts() -> None:
    # As Arial's tables have them, in 1/1000.
    """Widths are those of the fonts."""
    assert width("AWi. ", 1000) == pytest.approx(667 + 944 + 222 + 278 + 278)
    assert width("Ai", 1000, bold=True) == pytest.approx(722 + 278)
    assert width("e\u0301", 1000) == pytest.approx(width("e", 1000), abs=340)
    assert width("学", 10) == 10


def test_the_table_of_widths_is_the_fonts_own() -> None:
    """The table of widths is the fonts own."""
    ttfonts = pytest.importorskip("reportlab.pdfbase.ttfonts")
    for face in ("Regular", "Bold"):
        known = ttfonts.TTFontFile(str(FONTS / f"LiberationSans-{face}.ttf"))
        assert known.name.decode().startswith("LiberationSans")
        for sign in "AZaz09 .,;:()=≥−“”–…éßøłŞçαΩЖя":
            assert width(sign, 1000, face == "Bold") == pytest.approx(known.charWidths[ord(sign)], abs=1)
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text("utf-8")


def test_lines_break_at_spaces_and_lose_nothing() -> None:
    """Lines break at spaces and lose nothing."""
    lines = wrapped("Reports excluded (n\u00a0=\u00a041) because", 120, 13)
    assert len(lines) > 1
    assert " ".join(lines) == "Reports excluded (n\u00a0=\u00a041) because"
    assert any("(n\u00a0=\u00a041)" in line for line in lines)
    for text, room in itertools.product(drawn.HOSTILE, (40, 150, 700)):
        broken = wrapped(text, room, 13)
        assert "".join(broken).replace(" ", "") == plain(text).replace(" ", "")
        assert all(width(line, 13) * SLACK <= room + 0.01 for line in broken)
    assert wrapped("", 50, 13) == [""]


def test_signs_that_the_fonts_lack_are_known() -> None:
    """Signs that the fonts lack are known."""
    assert lacking("naïve 学 Ж ≥ 学") == "学"


def test_numbers_are_short_and_never_minus_zero() -> None:
    """Numbers are short and never minus zero."""
    assert [number(n) for n in (1, 1.5, 0.333, -0.001, 100, 0)] == ["1", "1.5", "0.33", "0", "100", "0"]


def _linear(colour: str) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def _luminance(rgb: list[float]) -> float:
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(_linear(each)) + 0.05 for each in (one, other)), reverse=True)
    return light / dark


# Machado, Oliveira and Fernandes 2009, severity 1.
SIGHTS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "grey": ((0.2126, 0.7152, 0.0722),) * 3,
}


def _lab(colour: str, sight: str) -> tuple[float, float, float]:
    linear = _linear(colour)
    seen = [min(1.0, max(0.0, sum(m * c for m, c in zip(row, linear, strict=True)))) for row in SIGHTS[sight]]
    to_xyz = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
    xyz = [sum(m * c for m, c in zip(row, seen, strict=True)) for row in to_xyz]
    scaled = [v / w for v, w in zip(xyz, (0.95047, 1.0, 1.08883), strict=True)]
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in scaled)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _difference(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """CIEDE2000."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    dh = 0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    hm = h1 + h2 if c1 * c2 == 0 else ((h1 + h2) / 2 if abs(h1 - h2) <= 180 else (h1 + h2 + 360) / 2)
    big = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(dh / 2))
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    t = 1 - 0.17 * math.cos(math.radians(hm - 30)) + 0.24 * math.cos(math.radians(2 * hm))
    t += 0.32 * math.cos(math.radians(3 * hm + 6)) - 0.2 * math.cos(math.radians(4 * hm - 63))
    sl = 1 + 0.015 * (lm - 50) ** 2 / math.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    rt = -2 * math.sqrt(cm**7 / (cm**7 + 25**7)) * math.sin(math.radians(60 * math.exp(-(((hm - 275) / 25) ** 2))))
    dl, dc, dq = (l2 - l1) / sl, (c2 - c1) / sc, big / sh
    return math.sqrt(dl**2 + dc**2 + dq**2 + rt * dc * dq)


def test_colour_differences_are_as_published() -> None:
    # Sharma, Wu and Dalal 2005, pairs 1, 17 and 25.
    """Colour differences are as published."""
    assert _difference((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert _difference((50, 2.5, 0), (73, 25, -18)) == pytest.approx(27.1492, abs=1e-4)
    assert _difference((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387)) == pytest.approx(1.2644, abs=1e-4)


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("page", [0, 1])
def test_classes_are_told_apart_by_every_eye(sight: str, page: int) -> None:
    """Classes are told apart by every eye."""
    fills = [LOOKS[kind].fill[page] for kind in ("positive", "mixed", "negative", "describes")]
    least = min(_difference(_lab(a, sight), _lab(b, sight)) for a, b in itertools.combinations(fills, 2))
    # A dark page in grey has the signs alone; print is always light.
    assert least >= {"grey": (10, 0)}.get(sight, (15, 15))[page]


@pytest.mark.parametrize("page", [0, 1])
def test_texts_and_marks_stand_out(page: int) -> None:
    """Texts and marks stand out."""
    papers = [
        LOOKS[role].fill[page] for role in ("paper", "asked", "grey-box", "band", "grey-head", "main-head", "phase")
    ]
    for paper in papers:
        assert _contrast(LOOKS["ink"].fill[page], paper) >= 4.5, paper
    for role in ("soft", "positive-text", "negative-text"):
        assert _contrast(LOOKS[role].fill[page], LOOKS["paper"].fill[page]) >= 4.5, role
    for kind in ("positive", "mixed", "negative", "no-effect", "describes", "not-addressed", "unclear", "low", "high"):
        edge = LOOKS[kind].stroke
        assert edge is not None
        assert _contrast(edge[page], LOOKS["paper"].fill[page]) >= 3, kind


def test_every_role_has_a_dark_colour_of_its_own_class() -> None:
    """Every role has a dark colour of its own class."""
    sheet = style_sheet()
    assert all(f".fig-{role} {{" in sheet for role in LOOKS)
    assert "screen and (prefers-color-scheme: dark)" in sheet


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("label", drawn.HOSTILE)
def test_a_frame_holds_any_words(label: str, wide: bool) -> None:
    """A frame holds any words."""
    canvas = Canvas(860 if wide else 330)
    canvas.text(0, 13, label[:20])
    found = frame.Figure("x", label, label, label, canvas, Table("x", (), []), label, (label,), wide)
    svg = frame.framed(found)
    assert drawn.faults(svg) == []
    assert "<script" not in svg
    assert "\u202e" not in svg


def test_a_licence_goes_by_its_name() -> None:
    """A licence goes by its name."""
    assert frame.licence_name("https://creativecommons.org/licenses/by-sa/4.0/") == "CC BY-SA 4.0"
    assert frame.licence_name("https://creativecommons.org/publicdomain/zero/1.0/") == "CC0 1.0"
    assert frame.licence_name("") == "licence not stated"
    assert frame.licence_name("Ask us") == "Ask us"
