"""What the first sheet of a workbook tells a coder."""

from __future__ import annotations

TEXT = (
    ("What this is", "The studies of a review and what they find, to be filled in and given back."),
    ("How to begin", "Write your name into the yellow cell. It stands with everything that you change."),
    ("studies", "One row a study. Grey cells can't be changed. Columns after “url” are attributes of the study."),
    ("findings", "One row a finding: one statement that a study makes on one question. Add rows below the last one. "
     "Columns after “note” are attributes of the finding."),
    ("study", "In a new finding, choose the key of its study, or write the label of a study that is new."),
    ("Drop-downs", "Cells with an arrow take a word from a list. The sheet “codes” says what each word means."),
    ("Several values", "In “question”, “stakeholders”, “informant”, “quantities” and attributes, put a semicolon "
     "between them."),
    ("Not said", "Write “not reported” where the study doesn't say it, “not applicable” where it can't. An empty cell "
     "has not been coded."),
    ("Concluded", "Write “(inferred: why)” after a value that you conclude and that isn't said."),
    ("stance", "What is said to the question as it is put: supports (yes, or an answer), conditional, mixed, against, "
     "context (neither), not-addressed."),
    ("condition", "What has to hold, where the stance is conditional."),
    ("effect", "Which way an outcome goes for the stakeholders: positive, negative, mixed, none (looked at, no "
     "effect), unclear. Empty where no effect is told."),
    ("informant", "Who was asked or observed."),
    ("modality", "How firmly it is said: found, suggested, argued."),
    ("place", "Where in the report it stands, such as “p. 4” or “Table 2”."),
    ("groups", "One row a group of a study: an arm, a control, a site, a subgroup."),
    ("results", "One row a result: the numbers of one group on one outcome at one time or, with “versus” and a metric, "
     "an effect. Write the label of a group; one that is new is made."),
    ("state", "Of a result: empty, “not reported”, “not applicable” or “inferred: from what”."),
    ("attributes", "A group or result may have values of its own: each has a column, and one for the place where it "
     "stands. Several places are one for each value, with “-” for none."),
    ("appraisals", "A sheet for each tool, by its name: one row for what is judged once. “support” is the reason in "
     "your own words."),
    ("quantities", "Written as “students = 94 percent”: what it is, one of = < > ~, the number, and its unit."),
    ("A new study", "Add a row to “studies” with a label or a title, and leave its key empty."),
    ("What is gone", "A row that you delete is not deleted in the review; that is done in the review's own files."),
    ("Protection", "The sheets are protected without a password, so that keys stay as they are."),
)  # fmt: skip


def texts(names: set[str], headings: set[str]) -> list[tuple[str, str]]:
    """What is said of the sheets and columns that there are."""
    tools = names - {"studies", "findings", "groups", "results"}
    told = {"groups": "groups" in names, "results": "results" in names, "state": "results" in names}
    told |= {"attributes": "groups" in names, "appraisals": bool(tools), "informant": "informant" in headings}
    return [(word, text) for word, text in TEXT if told.get(word, True)]
