"""What a migration did, or would do: for a person to read, and for a program."""

from __future__ import annotations

from typing import Any

from evigraph.errors import counted
from evigraph.updating.migration import Migrated
from evigraph.updating.old_findings import Count


def as_text(made: Migrated) -> str:
    """What a person reads: the effects, the stances to each question, the queries, and what is left to do."""
    if not made.documents and not made.texts:
        return "This workspace is today's already; nothing to do.\n"
    effects = made.findings.effects
    lines = []
    if effects:
        kept = ", ".join(f"{number} {name}" for name, number in sorted(effects.items()) if name)
        lines.append(f"{counted(effects.total(), 'finding')}: {kept or 'none'} as effect; {effects['']} without one")
    if kinds := made.findings.kinds:
        shown = ", ".join(f"{number} {name}" for name, number in sorted(kinds.items()))
        lines.append(f"{shown}: ordinary findings now, their cells as values of attributes")
    counts = [each for each in made.findings.questions.values() if each.stances]
    lines += [f"{each.notation}: {_stances(each)}" for each in counts]
    lines += [f"{name}: {'; '.join(notes)}" for name, notes in made.texts.items()]
    lines += _left(made, counts)
    return "\n".join([*lines, "", _closing(made)]) + "\n"


def _stances(count: Count) -> str:
    asks = f"asks {count.asks}" if count.asks else "doesn't say whether it asks whether or what"
    said = [f"{number} {name}" for name, number in sorted(count.stances.items()) if name]
    without = [f"{count.stances['']} without a stance"] if count.stances[""] else []
    return f"{asks}: {', '.join([*said, *without])}"


def _left(made: Migrated, counts: list[Count]) -> list[str]:
    """What a person has to do."""
    found = []
    untold = [each for each in counts if not each.asks and each.stances[""]]
    if untold:
        names = ", ".join(each.notation for each in untold)
        first = untold[0].id.rpartition("/")[2]
        again = "" if made.written is None else "take it back with evigraph undo, "
        found.append(
            f"No stance was made up for {names}: {again}say what each asks, as in evigraph migrate --asks"
            f" {first}=whether, or write the stances under `answers` yourself."
        )
    guessed = sum(count.stances.total() - count.stances[""] for count in counts)
    if guessed:
        found.append("A stance that follows from a direction is a first guess; read it where the question turns it.")
    if made.gone:
        asking = "; ".join(f"{name} ({', '.join(terms)})" for name, terms in made.gone.items())
        found.append(
            "A query that asks for terms which are no more has to ask for the values of an attribute, as in ?finding"
            f' evi:characteristic ?value . ?value evi:attribute "assessment" ; evi:text ?text: {asking}'
        )
    if made.requiring and made.findings.effects[""]:
        found.append(
            "A query that asks for an effect gives no row of the findings without one; put OPTIONAL { } around it where"
            f" they should stay: {', '.join(made.requiring)}"
        )
    return ["", *found] if found else []


def _closing(made: Migrated) -> str:
    files = f"{counted(len(made.documents), 'document')} and {counted(len(made.texts), 'other file')}"
    if made.written is None:
        return f"{files} would change. Nothing was written; do it again without --dry-run."
    return f"{files} changed. evigraph undo takes them back; evigraph check holds them to today's rules."


def as_json(made: Migrated) -> dict[str, Any]:
    """The same for a program."""
    return {
        "findings": made.findings.effects.total(),
        "kinds": dict(sorted(made.findings.kinds.items())),
        "effects": {name or None: number for name, number in sorted(made.findings.effects.items())},
        "questions": [
            {"id": each.id, "notation": each.notation, "asks": each.asks or None}
            | {"stances": {n: c for n, c in sorted(each.stances.items()) if n}, "without": each.stances[""]}
            for each in made.findings.questions.values()
        ],
        "documents": list(made.documents),
        "texts": [{"file": name, "notes": list(notes)} for name, notes in made.texts.items()],
        "requiring": list(made.requiring),
        "gone": {name: list(terms) for name, terms in made.gone.items()},
        "written": made.written,
    }
