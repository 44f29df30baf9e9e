"""Where an article stands, told in one line (`Fern Notes August 2011;43(8):647-653`), in the forms of several hosts."""

from __future__ import annotations

import re

from evigraph.ingest.fields.values import plain

LONGEST = 500
"""A longer line is no source."""
_YEAR = r"(?P<year>1[89]\d\d|20\d\d)"
_PART = r"(?P<volume>[A-Za-z]?\d+[A-Za-z]?)?\s?(?:\((?P<issue>[^()]{1,40})\))?"
_PAGES = r"(?P<pages>[A-Za-z]{0,3}\d[\w./]*(?:\s?[-\u2013]+\s?[A-Za-z]{0,3}\d?[\w./]*)?)"
_MONTH = r"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?|Spring|Summer|Fall|Autumn|Winter)"
_DAY = rf"(?:\d{{1,2}}\s)?{_MONTH}(?:\s?[/-]\s?{_MONTH})?(?:\s\d{{1,2}}(?:[-\u2013]\d{{1,2}})?,?)?"
_FORMS = (
    # Journals@Ovid: Journal of Imagined Fitness January/February 2010;14(1):56
    rf"(?P<container>.+?)(?:\s{_DAY})?\s{_YEAR};\s?{_PART}(?::\s?{_PAGES})?",
    # PubMed: J Imag Fit. 2010 Jan 1;14(1):56-60. doi: …
    rf"(?P<container>.+?)\.\s{_YEAR}(?:\s{_DAY})?;\s?{_PART}(?::\s?{_PAGES})?",
    # Ovid MEDLINE: Journal of Imagined Fitness. 14(1):56-60, 2010 Jan. (Journals@Ovid in Medline's tags: May 2010)
    rf"(?P<container>.+?)\.\s{_PART}(?:\s?:\s?{_PAGES})?,\s(?:{_DAY}\s)?{_YEAR}(?:\s{_DAY})?",
    # Embase: Journal of Imagined Fitness. 14 (1) (pp 56-60), 2010. Date of Publication: …
    rf"(?P<container>.+?)\.\s{_PART}\s?\(pp\.?\s{_PAGES}\),\s{_YEAR}",
    # PsycInfo: Journal of Imagined Fitness. Vol.14(1), Jan 2010, pp. 56-60.
    rf"(?P<container>.+?)\.\sVol\.?\s?{_PART},\s(?:{_DAY}\s)?{_YEAR}(?:,\spp\.?\s?{_PAGES})?",
)
_PATTERNS = tuple(re.compile(each + r"(?=$|[.;,]?\s|\.$)") for each in _FORMS)


def parsed(value: object) -> dict[str, str]:
    """Container, year, volume, issue and pages of a source in one line, as far as it tells them; else nothing."""
    text = plain(value)
    if len(text) > LONGEST:
        return {}
    matches = (pattern.match(text) for pattern in _PATTERNS)
    best = max(matches, key=lambda each: len([x for x in each.groups() if x]) if each else 0)
    return {key: found.strip(" .") for key, found in best.groupdict().items() if found} if best else {}
