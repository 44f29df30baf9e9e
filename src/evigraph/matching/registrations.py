"""The numbers of trials and reviews in registers, and which records are such a registration themselves.

An article names the number of its trial as well; but it is another publication than the entry of the register. So a
number tells that two records are one only where both are entries.
"""

from __future__ import annotations

import re
from typing import Any

_NUMBER = re.compile(
    r"\b(?:(NCT)\s?0*(\d{8})|(ISRCTN)\s?(\d{8})|(ACTRN)\s?(\d{14})|(CRD)\s?(\d{11,14})|(DRKS)\s?(\d{8})|"
    r"(ChiCTR)-?((?:[A-Z]{2,4}-?)?\d{7,10})|(CTRI)/?(\d{4}/\d{2,3}/\d{6})|(JPRN|UMIN|IRCT|PACTR|KCT|RBR|TCTR|NTR|NL)-?"
    r"(?=[A-Z]*\d)([A-Z]{0,6}\d{4,20}(?:N\d+)?)|(EUCTR)((?:19|20)\d\d-\d{6}-\d\d)|\b()((?:19|20)\d\d-\d{6}-\d\d))\b",
    re.IGNORECASE,
)
_HOSTS = re.compile(
    r"clinicaltrials\.gov|isrctn\.com|controlled-trials\.com|anzctr\.org|drks\.de|chictr\.org|ctri\.nic\.in|irct\.|"
    r"trialsearch\.who\.int|who\.int/(?:ictrp|trialsearch)|clinicaltrialsregister\.eu|euclinicaltrials\.eu|umin\.ac\.jp|"
    r"crd\.york\.ac\.uk/prospero|pactr\.|trialregister\.nl|onderzoekmetmensen\.nl|ensaiosclinicos\.gov\.br|jrct\.",
    re.IGNORECASE,
)
_REGISTERS = "nct isrctn actrn anzctr prospero crd drks chictr ctri jprn umin irct pactr kct rbr tctr ntr euctr"


def numbers(text: str) -> set[str]:
    """The registration numbers of a text, as they are compared: small letters and digits without spaces."""
    return {re.sub(r"[\s/-]", "", found.group()).casefold().removeprefix("euctr") for found in _NUMBER.finditer(text)}


def of_entry(item: dict[str, Any]) -> frozenset[str]:
    """The registration numbers of a record or report that is an entry of a register; of any other none."""
    url, container, authors = (str(item.get(key) or "") for key in ("url", "container", "authors"))
    named = numbers(authors) if authors and len(authors.split()) == 1 else set()
    addressed = numbers(f"{url} {container}") if _HOSTS.search(f"{url} {container}") else set()
    if own := named | addressed:
        return frozenset(own)
    schemes = (str(each).partition(":") for each in item.get("identifiers") or ())
    given = {number for scheme, _, rest in schemes if scheme in _REGISTERS.split() for number in numbers(rest)}
    published = any(item.get(key) for key in ("volume", "pages", "doi", "pmid", "container"))
    return frozenset(given) if len(given) == 1 and not published else frozenset()
