"""How well duplicates are found: precision and recall beside bib-dedupe and the published rules of ASySD.

Run it by hand, with the extra `dedupe`: `python bench/dedupe.py`. It makes a labelled set from a seed: papers,
each as several tools export it, and hard negatives that must stay apart. All get the same records; ours gets no
abstracts, as a record keeps none.
With a CSV of labelled records as argument (columns id, cluster, title, authors, year, container, volume, issue, pages,
doi, pmid, abstract) it measures on that instead; with `--no-identifiers`, on records without DOIs and other numbers.
"""

from __future__ import annotations

import csv
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any
from unittest import mock

from rapidfuzz.distance import JaroWinkler

from evigraph.matching import bib_dedupe, duplicates, identifiers

Item = dict[str, Any]


def listed(names: str) -> list[str]:
    """Names that commas part."""
    return names.split(",")


SIZE = 2000
BARE = "--no-identifiers"
DOI_PREFIX = ["1111", "1016", "1080", "1177", "1007", "1186"]
FAMILIES = listed(
    "Müller,García,O'Brien,Nguyen,van der Berg,Smith,Øvergård,Łukasz,Chen,Kim,Çelik,Peña,Jones,Brown,Dubois,Rossi,"
    "Ivanov,Tanaka,Silva,Kovács,Novák,Åberg,Haddad,Okafor,de Souza,MacDonald,Schröder,Wang,Li,Zhang,Patel,Singh"
)
GIVEN = listed("Anna,José,Wei,Olga,Ben,Chloé,Dmitri,Emma,Farid,Grace,Hana,Ingrid,Jean-Luc,Karl,Lucía,Mei Ling,Noah")
JOURNALS = [
    ("Computers & Education", "Comput Educ"),
    ("British Journal of Educational Technology", "Br. J. Educ. Technol."),
    ("Journal of the American Medical Association", "JAMA"),
    ("New England Journal of Medicine", "N Engl J Med"),
    ("Proceedings of the National Academy of Sciences", "Proc Natl Acad Sci U S A"),
    ("The Lancet", "Lancet (London, England)"),
    ("Journal of Clinical Oncology", "J Clin Oncol"),
    ("International Review of Research in Open and Distributed Learning", "Int Rev Res Open Distrib Learn"),
    ("Psychological Medicine", "Psychol Med"),
    ("Diabetologia", "Diabetologia"),
    ("Zeitschrift für Pädagogik", "Z Padagog"),
    ("Revista Española de Pedagogía", "Rev Esp Pedagog"),
]
TOPICS = listed(
    "digital badges,micro-credentials,foam cell formation,blood pressure control,online learning,cognitive therapy,"
    "insulin resistance,peer assessment,stroke rehabilitation,student engagement,vitamin D supplementation,"
    "self-regulated learning,β-blocker use,exercise training,reading comprehension,cardiac remodelling,open education,"
    "sleep quality,antibiotic prophylaxis,competency frameworks,motivational interviewing,mobile health,gamification"
)
GROUPS = listed(
    "nursing students,older adults,primary school teachers,patients with heart failure,adolescents,rats,mice,"
    "university staff,women,men,veterans,first-year undergraduates,children with asthma,apprentices,refugees"
)
METHODS = listed(
    "a randomized controlled trial,a systematic review,a qualitative study,a pilot study,results from a cohort,"
    "a cross-sectional survey,a case study,a meta-analysis,protocol-driven care,an interview study"
)
VERBS = listed("improves,predicts,is associated with,moderates,reduces,and,versus,after,before,without")


def paper(chance: random.Random, number: int) -> Item:
    """One paper with all that is known of it."""
    first, second = chance.sample(TOPICS, 2)
    title = f"{first} {chance.choice(VERBS)} {second} in {chance.choice(GROUPS)}"
    if chance.random() < 0.5:
        title += f": {chance.choice(METHODS)}"
    names = [f"{chance.choice(FAMILIES)}, {chance.choice(GIVEN)} {chance.choice('ABCDEFG')}" for _ in range(4)]
    start = chance.randint(2, 1800)
    words = [chance.choice([*TOPICS, *GROUPS, *VERBS, *METHODS]) for _ in range(60)]
    return {
        "title": title[0].upper() + title[1:],
        "names": names[: chance.choice([1, 2, 3, 4])],
        "year": chance.randint(1998, 2024),
        "journal": chance.choice(JOURNALS),
        "volume": str(chance.randint(1, 90)),
        "issue": str(chance.randint(1, 12)),
        "start": start,
        "end": start + chance.randint(3, 18),
        "doi": f"10.{chance.choice(DOI_PREFIX)}/{number:06}.{chance.randint(1000, 9999)}",
        "pmid": str(20_000_000 + number),
        "abstract": " ".join(words),
    }


def exported(of: Item, tool: str, chance: random.Random) -> Item:
    """A paper as one tool exports it: what it abbreviates, leaves out and gets wrong."""
    plain = tool in {"pubmed", "embase", "cochrane"}
    pages = f"{of['start']}-{of['end']}"
    short_end = str(of["end"])[-(1 if of["start"] // 10 == of["end"] // 10 else 2) :]
    given = [name.partition(", ") for name in of["names"]]
    initials = [f"{family} {''.join(each[0] for each in rest.split())}" for family, _, rest in given]
    record: Item = {
        "title": of["title"],
        "authors": "; ".join(initials if plain else of["names"]),
        "year": of["year"],
        "container": of["journal"][1 if plain or tool == "wos" else 0],
        "volume": of["volume"],
        "issue": of["issue"],
        "pages": f"{of['start']}-{short_end}" if plain else pages,
        "doi": of["doi"] if tool in {"crossref", "scopus", "openalex"} or chance.random() < 0.4 else "",
        "pmid": of["pmid"] if tool in {"pubmed", "embase"} and chance.random() < 0.6 else "",
        "abstract": of["abstract"] if chance.random() < 0.7 else "",
    }
    if tool == "wos":
        record["title"] = of["title"].upper() if chance.random() < 0.3 else of["title"].title()
        record["pages"] = str(of["start"])
    if plain and chance.random() < 0.7:
        record["title"] += "."
    cut = of["title"].count(" ", 0, of["title"].rfind(":") + 1) > 3 and chance.random() < 0.3
    if tool == "scholar":
        record |= {"container": of["journal"][0][:18] + "…", "issue": "", "doi": "", "abstract": ""}
        record["authors"] = "; ".join(initials[:2])
        record["title"] = of["title"].rpartition(":")[0] if cut else of["title"]
    if tool == "eric":
        record |= {"pages": f"p{of['start']}-{of['end']}", "volume": f"v{of['volume']}", "issue": f"n{of['issue']}"}
    return _worn(record, chance)


def _worn(record: Item, chance: random.Random) -> Item:
    """What goes wrong with any tool."""
    title = str(record["title"])
    if chance.random() < 0.08:
        title = title.encode("ascii", "ignore").decode()
    if chance.random() < 0.08:
        title = title.replace(":", chance.choice([" -", ".", " \u2013", ""]))
    if chance.random() < 0.05 and len(title) > 20:
        at = chance.randint(5, len(title) - 5)
        title = title[:at] + title[at + 1 :]
    if chance.random() < 0.05:
        title = title.replace(" and ", " &amp; ").replace("-", " ")
    record["title"] = title
    for key, share in (("authors", 0.03), ("year", 0.03), ("volume", 0.05), ("issue", 0.1), ("pages", 0.08)):
        if chance.random() < share:
            record[key] = ""
    if record["year"] and chance.random() < 0.05:
        record["year"] += chance.choice([-1, 1])
    return record


def hard_negatives(of: Item, chance: random.Random, number: int) -> Iterator[Item]:
    """Publications that look like a paper and aren't it."""
    doi = f"10.9999/n{number}"
    other = {**of, "doi": doi, "pmid": str(30_000_000 + number)}
    further = {"volume": str(int(of["volume"]) + 1), "start": of["end"] + 200, "end": of["end"] + 201}
    part = of["title"].partition(":")[0]
    group = next((each for each in GROUPS if each in of["title"]), GROUPS[0])
    another = chance.choice([each for each in GROUPS if each != group])
    yield chance.choice(
        [
            {**other, **further, "title": f"Erratum: {of['title']}"},
            {**other, **further, "title": f"Correction to: {of['title']}"},
            {**other, **further, "title": f'Retraction notice to "{of["title"]}"'},
            {**other, **further, "title": f"Comment on: {of['title']}", "names": [chance.choice(FAMILIES) + ", X"]},
            {**other, "journal": ("medRxiv", "medRxiv"), "volume": "", "issue": "", "start": 1, "end": 30},
            {**other, "title": f"{part}: part II", "start": of["end"] + 1, "end": of["end"] + 12},
            {**other, **further, "title": of["title"].replace(group, another), "abstract": of["abstract"][::-1]},
            {**other, "journal": ("Proceedings of the Annual Conference on Learning", "Proc Conf Learn"), "volume": ""}
            | {"issue": "", "start": 900, "end": 905, "year": of["year"] - 1},
            {**other, **further, "title": "Annual report of the society", "year": of["year"] + 2, "names": ["Society"]},
            {**other, "title": f"{part}, {another}", "doi": of["doi"], "names": [chance.choice(FAMILIES) + ", Q"]},
            {**other, **further, "title": "Editorial", "year": of["year"]},
            {**other, **further, "title": f"{part}: study protocol", "year": of["year"] - 2},
        ]
    )


def labelled(size: int, seed: int) -> list[Item]:
    """Records, each with the publication that it is of under `cluster`."""
    chance = random.Random(seed)  # noqa: S311 - a seed gives the same records every time
    tools = ["pubmed", "embase", "scopus", "wos", "crossref", "openalex", "eric", "scholar", "cochrane"]
    found: list[Item] = []
    number = 0
    while len(found) < size:
        number += 1
        one = paper(chance, number)
        works = [one, *(hard_negatives(one, chance, number) if chance.random() < 0.4 else ())]
        for place, work in enumerate(works):
            for tool in chance.sample(tools, chance.choice([1, 1, 1, 2, 2, 3, 4])):
                record = exported(work, tool, chance)
                names = [name for name in str(record["authors"]).split("; ") if name]
                record["firstAuthor"] = re.split(r",| [A-Z]{1,3}$", names[0])[0] if names else ""
                kept = {key: value for key, value in record.items() if value != ""}
                found.append({**kept, "id": f"r{len(found)}", "cluster": f"{number}-{place}"})
    chance.shuffle(found)
    return found[:size]


def read(path: Path) -> list[Item]:
    """Labelled records of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [{key: value for key, value in row.items() if value} for row in csv.DictReader(file)]
    for row in rows:
        names = row.get("authors", "").split("; ")
        row |= {"firstAuthor": names[0].partition(",")[0]} if names[0] else {}
        row |= {"year": int(row["year"])} if row.get("year", "").isdecimal() else {}
    return rows


def known_of(items: list[Item]) -> list[Item]:
    """The records as a review keeps them: without abstracts, and without the answer."""
    return [{key: value for key, value in item.items() if key not in {"abstract", "cluster"}} for item in items]


def ours(items: list[Item]) -> set[frozenset[str]]:
    """The pairs that evigraph calls one publication; with and without the extra `dedupe` they are the same."""
    return clustered((match.record, match.other) for match in duplicates.matches(known_of(items), []))


def in_four(items: list[Item]) -> set[frozenset[str]]:
    """The same of four links, one after another, of a quarter of the records each."""
    known: dict[str, Item] = {}
    for part in (known_of(items)[start::4] for start in range(4)):
        loose = [identity for identity, item in known.items() if "duplicateOf" not in item]
        found = duplicates.resolved(part, list(known.values()), loose=loose)
        known |= {item["id"]: item for item in part}
        for match in [*found.merged, *found.matches]:
            known[match.record] = {**known[match.record], "duplicateOf": match.other}
            for item in known.values():
                if item.get("duplicateOf") == match.record:
                    item["duplicateOf"] = match.other
    return clustered((item["id"], item["duplicateOf"]) for item in known.values() if "duplicateOf" in item)


def asked(items: list[Item]) -> tuple[int, int]:
    """How many pairs a person is asked about, and how many of them are duplicates."""
    cluster = {item["id"]: item["cluster"] for item in items}
    found = duplicates.resolved(known_of(items), []).doubts
    return len(found), sum(cluster[each.record] == cluster[each.other] for each in found)


def bib_dedupe_alone(items: list[Item]) -> set[frozenset[str]]:
    """The pairs that bib-dedupe alone calls duplicates."""
    import pandas as pd
    from bib_dedupe import bib_dedupe as library
    from bib_dedupe import verbose_print

    verbose_print.verbosity_level = 0
    table = bib_dedupe.table(items)
    table["abstract"] = pd.Series([item.get("abstract", "") for item in items])
    table["pages"] = table["pages"].str.replace("p", "")
    pairs = library.block(library.prep(table, cpu=1, verbosity_level=0), cpu=1, verbosity_level=0)
    said = library.match(pairs, cpu=1, verbosity_level=0)
    sure = said[said["duplicate_label"] == "duplicate"]
    return clustered(zip(sure["ID_1"], sure["ID_2"], strict=True))


def asysd(items: list[Item]) -> set[frozenset[str]]:
    """The pairs that the rules of ASySD (Hair et al. 2023, doi:10.1186/s12915-023-01686-z) call duplicates."""
    names = {"author": "authors", "journal": "container", "number": "issue"}
    fields = ("author", "year", "title", "journal", "abstract", "doi", "pages", "volume", "number")
    rows = {}
    for item in items:
        row = {field: str(item.get(names.get(field, field), "")).upper() for field in fields}
        row["author"] = row["author"] or "UNKNOWN"
        for field in ("title", "year", "abstract"):
            row[field] = re.sub(r"[^\w\s]", "", row[field])
        rows[item["id"]] = row
    blocks = "title+pages title+author title+abstract doi author+year+pages journal+volume+pages year+pages+volume"
    blocks += " year+number+volume year+pages+number author+year year+title title+volume title+journal"
    asked: set[frozenset[str]] = set()
    for block in blocks.split():
        groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for identity, row in rows.items():
            if all(key := tuple(row[field] for field in block.split("+"))):
                groups[key].append(identity)
        asked |= {frozenset(pair) for group in groups.values() for pair in combinations(group, 2)}
    return clustered(tuple(pair) for pair in asked if _asysd_same(*(rows[each] for each in sorted(pair))))


def _asysd_same(first: dict[str, str], second: dict[str, str]) -> bool:
    missing = {"pages": 1.0, "volume": 1.0, "number": 1.0}
    s = {
        field: JaroWinkler.similarity(first[field], second[field])
        if first[field] and second[field]
        else (missing.get(field, 0.0) if first[field] == second[field] else 0.0)
        for field in first
    }
    spots = [(s["pages"], s["volume"]), (s["pages"], s["number"]), (s["volume"], s["number"])]

    def place(least: float) -> bool:
        return any(min(pair) > least for pair in spots)

    title, author, abstract, journal = s["title"], s["author"], s["abstract"], s["journal"]
    wordy = min(title, abstract) > 0.8 and max(title, abstract) > 0.9
    found = (
        (title > 0.9 and abstract > 0.9 and place(0.8) and (author > 0.8 or (author > 0.5 and journal > 0.6)))
        or (s["doi"] > 0.95 and author > 0.75 and title > 0.9)
        or (author > 0.9 and s["volume"] > 0.85 and journal > 0.65 and wordy)
        or (title > 0.9 and abstract > 0.8 and author > 0.9 and journal > 0.75 and place(0.8))
        or (title > 0.9 and author > 0.9 and abstract > 0.9 and journal > 0.7)
        or (title > 0.9 and author > 0.8 and journal > 0.6 and any(min(pair) > 0.9 for pair in spots[:2]))
        or (title > 0.95 and author > 0.8 and journal > 0.9 and place(0.8))
    )
    doi = not (first["doi"] and second["doi"]) or s["doi"] > 0.99 or (title > 0.9 and abstract > 0.9)
    a, b = first["year"], second["year"]
    return bool(found and doi and not (a.isdecimal() and b.isdecimal() and abs(int(a) - int(b)) > 1))


def clustered(pairs: Iterable[tuple[str, ...]]) -> set[frozenset[str]]:
    """All pairs within the groups that the pairs make."""
    group: dict[str, set[str]] = {}
    for a, b in pairs:
        both = group.setdefault(a, {a}) | group.setdefault(b, {b})
        group |= dict.fromkeys(both, both)
    return {frozenset(pair) for each in group.values() for pair in combinations(sorted(each), 2)}


def true_pairs(items: list[Item]) -> set[frozenset[str]]:
    """The pairs that are of one publication."""
    ordered = sorted(items, key=lambda item: str(item["cluster"]))
    return clustered((a["id"], b["id"]) for a, b in pairwise(ordered) if a["cluster"] == b["cluster"])


def measure(items: list[Item]) -> None:
    """Print precision, recall and time of each, and what is asked."""
    truth = true_pairs(items)
    print(f"{len(items)} records, {len(truth)} pairs of one publication")
    answers = {}
    for find in (ours, in_four, bib_dedupe_alone, asysd):
        start = time.perf_counter()
        found = answers[find.__name__] = find(items)
        took = time.perf_counter() - start
        right = len(found & truth)
        print(
            f"{find.__name__:16} precision {right / max(len(found), 1):.4f}, recall {right / max(len(truth), 1):.4f},"
            f" false positives {len(found) - right}, false negatives {len(truth) - right}, {took:.1f} s"
        )
    print(f"in one link or in four: {len(answers['ours'] ^ answers['in_four'])} pairs differ")
    with mock.patch.object(bib_dedupe, "duplicates", return_value=[]):
        alone = asked(items)
    both = asked(items)
    print(
        f"asked: {alone[0]} pairs, of which {alone[1]} are duplicates; with the extra `dedupe` {both[0]} and {both[1]}"
    )


if __name__ == "__main__":
    given = [each for each in sys.argv[1:] if each != BARE]
    for records in [read(Path(name)) for name in given] or [labelled(SIZE, seed) for seed in (1, 2, 3)]:
        measure(
            [{k: v for k, v in each.items() if BARE not in sys.argv or k not in identifiers.KINDS} for each in records]
        )
