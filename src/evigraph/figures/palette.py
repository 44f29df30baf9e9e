"""The colours and signs of figures: what each role looks like on paper, and on a dark page.

A figure's marks carry the light colours as attributes, for print and programs that know no style sheets; their classes
carry the roles, which `style_sheet` gives the dark colours.
"""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "fig-"
"""What the classes of figures begin with."""


@dataclass(frozen=True)
class Look:
    """A role's fill and outline, each as light and dark colour or empty, and the dashes of its outline."""

    fill: tuple[str, str] = ("none", "none")
    stroke: tuple[str, str] | None = None
    dash: str = ""
    width: float = 1.0

    def attributes(self) -> str:
        """The light colours as attributes."""
        said = f'fill="{self.fill[0]}"'
        if self.stroke:
            said += f' stroke="{self.stroke[0]}"' + (f' stroke-width="{self.width:g}"' if self.width != 1 else "")
        return said + (f' stroke-dasharray="{self.dash}"' if self.dash else "")


PAPER, INK, SOFT = ("#ffffff", "#151a21"), ("#1b2430", "#e8edf3"), ("#566173", "#a9b4c2")
AXIS, RULE = ("#6b7684", "#8b97a6"), ("#d9dee5", "#333d4a")
POSITIVE, MIXED, NEGATIVE = ("#12507b", "#7fc1f7"), ("#e0b040", "#f0cf6a"), ("#c4531a", "#e2713c")
NO_EFFECT, DESCRIBES, GAP = ("#8c96a3", "#8c97a6"), ("#dde2e8", "#3a4554"), ("#9aa4b2", "#7d8998")
MIXED_EDGE = ("#8a6410", "#f0cf6a")

LOOKS = {
    "paper": Look(PAPER),
    "ink": Look(INK),
    "soft": Look(SOFT),
    "axis": Look(stroke=AXIS),
    "rule": Look(stroke=RULE),
    "bar": Look(("#3d5a80", "#86a8d0")),
    "track": Look(("#edf0f4", "#262f3a")),
    "share": Look(("#566173", "#a9b4c2")),
    "band": Look(("#fdf3d9", "#3b3320"), ("#e0b040", "#8a6410")),
    "asked": Look(("#f3f5f8", "#1d242d")),
    "gap": Look(stroke=GAP, dash="3 3"),
    "hatch": Look(stroke=GAP),
    "hollow": Look(stroke=("#3d5a80", "#86a8d0"), width=1.5),
    "positive": Look(POSITIVE, POSITIVE),
    "mixed": Look(MIXED, MIXED_EDGE),
    "negative": Look(NEGATIVE, NEGATIVE),
    "no-effect": Look(NO_EFFECT, AXIS),
    "describes": Look(DESCRIBES, AXIS),
    "not-addressed": Look(PAPER, AXIS),
    "unclear": Look(PAPER, AXIS, dash="2 1.5"),
    "positive-text": Look(POSITIVE),
    "negative-text": Look(NEGATIVE),
    "positive-hollow": Look(stroke=POSITIVE, width=1.5),
    "mixed-hollow": Look(stroke=MIXED_EDGE, width=1.5),
    "negative-hollow": Look(stroke=NEGATIVE, width=1.5),
    "other-hollow": Look(stroke=AXIS, width=1.5),
    "positive-dashed": Look(stroke=POSITIVE, dash="3 2", width=1.5),
    "mixed-dashed": Look(stroke=MIXED_EDGE, dash="3 2", width=1.5),
    "negative-dashed": Look(stroke=NEGATIVE, dash="3 2", width=1.5),
    "other-dashed": Look(stroke=AXIS, dash="3 2", width=1.5),
    "positive-tint": Look(("#e0ecf5", "#1b2f40")),
    "mixed-tint": Look(("#fbf2d9", "#37311d")),
    "negative-tint": Look(("#fbe7dd", "#3b251b")),
    "other-tint": Look(("#f0f2f5", "#232b35")),
    "on-mark": Look(("#ffffff", "#111111")),
    "on-light": Look(("#111111", "#111111")),
    "box": Look(PAPER, AXIS),
    "grey-box": Look(("#f1f3f6", "#222a34"), AXIS),
    "dashed-box": Look(PAPER, AXIS, dash="4 3"),
    "main-head": Look(("#f6d77c", "#6b5418")),
    "grey-head": Look(("#e3e7ec", "#323c48")),
    "phase": Look(("#d6e4f2", "#24405c")),
    "arrow": Look(stroke=INK, width=1.3),
    "fault": Look(PAPER, NEGATIVE, width=1.3),
    "interval": Look(stroke=INK, width=1.5),
    "low": Look(("#2b6b4f", "#4fae86"), ("#2b6b4f", "#4fae86")),
    "some": Look(MIXED, MIXED_EDGE),
    "high": Look(("#b3261e", "#ec6a5e"), ("#b3261e", "#ec6a5e")),
    "no-information": Look(DESCRIBES, AXIS),
    "certainty-4": Look(("#12385a", "#9cc4ea"), AXIS),
    "certainty-3": Look(("#4a7fae", "#7ea6cf"), AXIS),
    "certainty-2": Look(("#a9c6de", "#5f86ae"), AXIS),
    "certainty-1": Look(("#e3edf5", "#41607f"), AXIS),
    "certainty-0": Look(PAPER, AXIS),
}
"""Every role."""

CLASSES = ("positive", "mixed", "negative", "no-effect", "describes", "not-addressed", "unclear")
"""What a study can say in a cell of a map, in the order in which its squares stand."""


def style_sheet() -> str:
    """The style sheet of pages with figures: dark colours where the reader likes them, and never in print."""
    rules = []
    for role, look in LOOKS.items():
        stroke = f"; stroke: {look.stroke[1]}" if look.stroke else ""
        rules.append(f"  .{PREFIX}{role} {{ fill: {look.fill[1]}{stroke} }}\n")
    return f"{_SIZES}@media screen and (prefers-color-scheme: dark) {{\n{''.join(rules)}}}\n"


_SIZES = """.figure { margin: 1.5rem 0 }
.figure svg { display: block; width: 100%; height: auto }
.figure .wide { max-width: 900px }
.figure .narrow { display: none; max-width: 430px }
.figure a:focus-visible { outline: 3px solid #e0b040; outline-offset: 1px }
@media screen and (max-width: 760px) { .figure .wide { display: none } .figure .narrow { display: block } }
"""
