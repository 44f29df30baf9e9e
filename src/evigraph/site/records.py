"""What pages show: studies, publications, findings and values, as plain records."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Value:
    """One value of an attribute of a record.

    Attributes:
        text: the value in words, empty where only its state is known. code: the code's IRI, or empty. state: a word of
        the list of states. basis, note, quote: texts, or empty. places: where it stands, as labels.
    """

    text: str
    code: str = ""
    state: str = "stated"
    basis: str = ""
    note: str = ""
    quote: str = ""
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """What a finding or synthesis says to one question: its IRI, the stance's word or empty, and a condition."""

    question: str
    stance: str = ""
    condition: str = ""


@dataclass
class Finding:
    """One statement of one study, or (as `kind`) a synthesis of the review; other records by their IRIs."""

    iri: str
    statement: str
    study: str = ""
    said: list[Said] = field(default_factory=list)
    effect: str = ""
    modality: str = ""
    about: list[str] = field(default_factory=list)
    concerns: list[str] = field(default_factory=list)
    informant: list[str] = field(default_factory=list)
    unreported: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()
    cited: tuple[str, ...] = ()
    quote: str = ""
    repeats: str = ""
    based: list[str] = field(default_factory=list)
    codings: list[str] = field(default_factory=list)
    values: dict[str, list[Value]] = field(default_factory=dict)
    results: list[str] = field(default_factory=list)


@dataclass
class Publication:
    """A report of a study by what it is known by; a missing part is empty."""

    iri: str
    title: str
    authors: str
    year: str
    container: str
    volume: str
    pages: str
    doi: str
    pmid: str
    url: str
    kind: str


@dataclass
class Study:
    """A study with its reports, values and findings."""

    iri: str
    label: str
    included: bool
    verdict: str
    basis: str
    state: str
    reports: list[Publication] = field(default_factory=list)
    values: dict[str, list[Value]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def year(self) -> str:
        """The year of its first report that has one."""
        return next((each.year for each in self.reports if each.year), "")
