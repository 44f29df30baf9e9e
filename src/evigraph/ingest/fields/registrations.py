"""Numbers under which trials and reviews are registered, as `nct:NCT90598182`."""

from __future__ import annotations

import re
from typing import Any

_NUMBERS = {
    "nct": r"NCT ?\d{8}",
    "isrctn": r"ISRCTN ?\d{8}",
    "prospero": r"CRD ?420\d{8,11}",
    "actrn": r"ACTRN ?\d{14}",
    "drks": r"DRKS ?\d{8}",
    "chictr": r"ChiCTR-?[A-Z]{0,4}-?\d{8,10}",
    "ctri": r"CTRI/?\d{4}/\d{2,3}/\d{6}",
    "eudract": r"(?:EUCTR|EudraCT)[\s:-]*(?:number |no\.? ?)?(?:19|20)\d\d-\d{6}-\d\d",
    "irct": r"IRCT ?\d{8,16}(?:N\d{1,3})?",
    "pactr": r"PACTR ?\d{15,16}",
    "umin": r"(?:JPRN-)?UMIN ?\d{9}",
    "jrct": r"(?:JPRN-)?jRCTs? ?\d{9,10}",
    "kct": r"KCT ?\d{7}",
    "tctr": r"TCTR ?\d{11}",
    "rbr": r"RBR-?\d[a-z0-9]{5,7}",
}
"""The registers of the WHO's network and PROSPERO, by the scheme under which a report keeps a number."""
SCHEMES = frozenset(_NUMBERS)
_ANY = re.compile("|".join(rf"\b(?P<{scheme}>{number})\b" for scheme, number in _NUMBERS.items()), re.IGNORECASE)
_CUE = re.compile(r"(?i)regist|clinicaltrials\.gov|prospero|isrctn|trial (?:number|id)|identifier")
LONGEST = 2**17
"""How many characters are searched."""


def found(text: str) -> list[str]:
    """The registration numbers in a text, each with its scheme, in order."""
    return sorted({_one(each) for each in _ANY.finditer(text[:LONGEST])})


def of_abstract(text: str) -> list[str]:
    """The one number that an abstract calls its own registration; one that names several is about others' trials."""
    numbers = list(_ANY.finditer(text[:LONGEST]))
    if len({_one(each) for each in numbers}) != 1:
        return []
    cued = any(_CUE.search(text[max(0, each.start() - 80) : each.start()]) for each in numbers)
    return [_one(numbers[0])] if cued else []


def shown(report: dict[str, Any]) -> str:
    """The numbers under which a report says that it is registered, as one text: no format has a field for them."""
    parts = (str(each).partition(":") for each in report.get("identifiers", ()))
    return "; ".join(number for scheme, _, number in parts if scheme in SCHEMES)


def _one(match: re.Match[str]) -> str:
    scheme = str(match.lastgroup)
    number = re.sub(r"\s", "", match.group())
    if scheme == "eudract":
        number = re.sub(r"^\D*", "", number)
    upper = number.upper() if scheme not in ("chictr", "jrct", "rbr") else number
    return f"{scheme}:{upper}"
