"""The codes of a codebook, and which of them a name means."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from evigraph import data
from evigraph.coding import codebook
from evigraph.data import code_words
from evigraph.errors import UsageError


@dataclass(frozen=True)
class Code:
    """A code of the codebook.

    Attributes:
        list: the list that it is in, one of `TYPES`. document: the name of the document. item: the code itself.
    """

    list: str
    document: str
    item: dict[str, Any]

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.item["id"])

    @property
    def key(self) -> str:
        """The last part of its id."""
        return self.id.rpartition("/")[2]

    @property
    def label(self) -> str:
        """Its label."""
        return str(self.item.get("label", self.id))


class Codes:
    """The codes that documents define.

    Attributes:
        contents: the documents, by name.
    """

    def __init__(self, contents: dict[str, dict[str, Any]]) -> None:
        """Take the documents."""
        self.contents = contents

    def codes(self) -> Iterator[Code]:
        """Every code, also the deprecated ones."""
        for name, content in self.contents.items():
            for key in codebook.TYPES:
                yield from (Code(key, name, each) for each in content.get(key, []))

    def ids(self) -> set[str]:
        """Every id that is taken."""
        return {node["id"] for content in self.contents.values() for _, node in data.nodes(content)}

    def find(self, name: str, within: str = "") -> list[Code]:
        """The codes that a name means: the one of that id, else of that label, else of another label or key."""
        listed = [each for each in self.codes() if not within or each.list == within]
        for names in (_identities, _labels, _others):
            if found := [each for each in listed if code_words.word(name) in {code_words.word(n) for n in names(each)}]:
                return found
        return []

    def code(self, name: str, within: str = "") -> Code:
        """The one code in use that a name means.

        Raises:
            UsageError: there is none, it is deprecated, or there are several.
        """
        found = self.find(name, within)
        live = [each for each in found if not code_words.is_deprecated(each.item)]
        if len(live) == 1:
            return live[0]
        if live:
            raise UsageError(f"`{name}` may be {' or '.join(each.id for each in live)}; give the id", name)
        if found:
            raise UsageError(f"{found[0].id} is deprecated already; its replacedBy tells what goes for it", name)
        near = difflib.get_close_matches(name, [n for e in self.codes() for n in (e.id, e.label)], 1)
        mend = f"did you mean `{near[0]}`?" if near else "codebook.yaml has them"
        raise UsageError(f"no code is called `{name}`; {mend}", name)


def _identities(code: Code) -> list[str]:
    return [code.id]


def _labels(code: Code) -> list[str]:
    return [code.label]


def _others(code: Code) -> list[str]:
    return [code.key, *code.item.get("altLabels", [])]
