"""What stands behind a name: `Jr.`, `III`."""

from __future__ import annotations

import re

SUFFIX = re.compile(r"(?:[JS]r\.?|2nd|3rd|[1-9]th|II|III|IV)")


def suffixed(name: str) -> str:
    """`Alder, Jr., P. T.` of BibTeX and `Alder Jr., P. T.` as `Alder, P. T., Jr.`; another name as it is."""
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 3 and parts[0] and SUFFIX.fullmatch(parts[1]) and parts[2]:
        return f"{parts[0]}, {parts[2]}, {parts[1]}"
    words = parts[0].split()
    if len(parts) == 2 and parts[1] and len(words) > 1 and SUFFIX.fullmatch(words[-1]):
        return f"{' '.join(words[:-1])}, {parts[1]}, {words[-1]}"
    return name
