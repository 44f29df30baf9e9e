"""The words of the closed lists of a finding as a person who codes reads them, with what each means."""

from __future__ import annotations

from dataclasses import dataclass

from evigraph import ontology


@dataclass(frozen=True)
class Choice:
    """One of the answers that a field takes: what is sent, how it is called and what it means."""

    value: str
    label: str
    definition: str = ""


def closed(key: str) -> tuple[Choice, ...]:
    """The words of a closed list, in the order in which people know them."""
    known = ontology.codes(key)
    words = [*(each for each in _ORDER if each in known), *sorted(set(known) - set(_ORDER))]
    return tuple(Choice(each, each.replace("-", " "), _MEANS.get((key, each), "")) for each in words)


LISTS_OF_FINDINGS = {
    "concerns": "stakeholders",
    "informant": "stakeholders",
    "benefit": "benefits",
    "drawback": "drawbacks",
}
LABELS = {
    "concerns": ("Concerns", "For whom the outcome is, as far as the text says."),
    "informant": ("Informant", "Who was asked or observed, as far as the text says."),
    "benefit": ("Benefit", "A finding has one benefit or one drawback, or neither."),
    "drawback": ("Drawback", "A finding has one benefit or one drawback, or neither."),
}
EFFECT = "Which way an outcome goes for those whom the statement concerns; leave it out where no effect is told."
MODALITY = "How firmly it is said."
_ORDER = (
    *("supports", "conditional", "mixed", "against", "context", "not-addressed"),
    *("positive", "negative", "none", "unclear"),
    *("found", "suggested", "argued"),
)
_MEANS = {
    ("stance", "supports"): "Yes, it is so; or it answers a question that asks what.",
    ("stance", "conditional"): "Yes, where a stated condition holds.",
    ("stance", "mixed"): "Yes in one respect or for one group, no in another.",
    ("stance", "against"): "No, it is not so.",
    ("stance", "context"): "On the topic, but neither yes nor no.",
    ("stance", "not-addressed"): "The study is said not to have looked at it.",
    ("effect", "positive"): "Better for them.",
    ("effect", "negative"): "Worse for them.",
    ("effect", "none"): "Looked at, no effect.",
    ("effect", "mixed"): "Better in one respect, worse in another.",
    ("effect", "unclear"): "An effect, its direction not told.",
    ("modality", "found"): "Found, shown, observed or measured.",
    ("modality", "suggested"): "It may, could or is suggested to be so.",
    ("modality", "argued"): "The study's opinion, proposal or theory.",
}
