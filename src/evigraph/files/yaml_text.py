"""YAML as documents and query headers are written: the one module that knows PyYAML."""

from __future__ import annotations

from typing import Any

import yaml
from yaml import CollectionNode, MappingNode, Node, SequenceNode, YAMLError
from yaml.error import MarkedYAMLError

__all__ = [
    "NOTHING",
    "MappingNode",
    "Node",
    "SequenceNode",
    "YAMLError",
    "compose",
    "dump",
    "line",
    "load",
    "on_a_line",
    "problem",
    "scalar",
]


NODES = 2_000_000
"""So many values a text may come to; a review of 10,000 studies has files of some hundred each."""


class _Loader(yaml.CSafeLoader):
    """YAML with numbers and text only: `no` and `2020-01-01` stay what a person typed."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in rules if tag.rsplit(":", 1)[1] in {"int", "float", "null", "merge"}]
    for first, rules in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


class _LineMapping(dict[Any, Any]):
    """A mapping that is written as `{key: value}`."""


class _LineList(list[Any]):
    """A list that is written as `[one, other]`."""


class _Nothing:
    """A value that is written as `key:`, with nothing behind it."""


NOTHING = _Nothing()
"""No value yet: whoever writes an item below its key makes a list of it, which below `key: []` is no YAML."""


class _Dumper(yaml.SafeDumper):
    """YAML with list items indented below their key, and no anchors."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Never write a list at the indent of its key."""
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        """Write a repeated value again."""
        return True


# What is a text, a number, a list or a mapping by inheritance is written as one; PyYAML knows exact types alone.
_WRITTEN: tuple[tuple[type, Any], ...] = (
    (str, _Dumper.represent_str),
    (int, _Dumper.represent_int),
    (float, _Dumper.represent_float),
    (list, _Dumper.represent_list),
    (tuple, _Dumper.represent_list),
    (dict, _Dumper.represent_dict),
)
_MAP, _SEQ = "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"
for _kind, _written in _WRITTEN:
    _Dumper.add_multi_representer(_kind, _written)


def _represent_text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    """A text; line ends that YAML would fold to a blank are written as escapes."""
    style = '"' if any(each in value for each in "\x85\u2028\u2029") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(_LineMapping, lambda dumper, value: dumper.represent_mapping(_MAP, value.items(), True))
_Dumper.add_representer(_LineList, lambda dumper, value: dumper.represent_sequence(_SEQ, value, True))
_Dumper.add_representer(_Nothing, lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", ""))


def on_a_line(value: dict[str, Any] | list[Any]) -> dict[str, Any] | list[Any]:
    """The same mapping or list, to be dumped between brackets; what is in it is as well."""
    return _LineMapping(value) if isinstance(value, dict) else _LineList(value)


def compose(text: str) -> Node | None:
    """The tree of nodes of a text, with their places; an empty text has none.

    Raises:
        YAMLError: the text isn't one YAML document, or its aliases make more of it than `NODES` values.
    """
    try:
        root = yaml.compose(text, Loader=_Loader)
        if root is not None and "&" in text and "*" in text:
            _require_bounded(root, {})
    except RecursionError:
        raise MarkedYAMLError(problem="nested too deeply") from None
    return root


def _require_bounded(node: Node, sizes: dict[int, int]) -> int:
    """How many values a node stands for, with every alias written out, which a few lines can make any number.

    Raises:
        YAMLError: more than `NODES`, or without end.
    """
    if id(node) not in sizes:
        sizes[id(node)] = NODES  # a node that holds itself has no end
        parts = [part for pair in node.value for part in pair] if isinstance(node, MappingNode) else node.value
        inner = sum(_require_bounded(part, sizes) for part in parts) if isinstance(node, CollectionNode) else 0
        sizes[id(node)] = 1 + inner
    if sizes[id(node)] >= NODES:
        problem = "aliases that repeat too much; write the values out"
        raise MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
    return sizes[id(node)]


def scalar(node: Node) -> Any:
    """The value of a scalar node: a number, nothing, or the text as typed.

    Raises:
        YAMLError: a number of more digits than Python takes.
    """
    if node.tag.rsplit(":", 1)[1] in {"int", "float", "null"}:
        try:
            return yaml.load(node.value, Loader=_Loader) if node.value else None  # noqa: S506 - a safe loader
        except ValueError:
            problem = "a number that is too long; write it as a text in quotes"
            raise MarkedYAMLError(problem=problem, problem_mark=node.start_mark) from None
    return node.value


def load(text: str) -> Any:
    """A text as YAML's own safe types.

    Raises:
        YAMLError: the text isn't one YAML document, holds a number or a date that is none, or its aliases make too
            much of it.
    """
    try:
        if "&" in text and "*" in text:
            compose(text)
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except RecursionError:
        raise MarkedYAMLError(problem="nested too deeply") from None
    except ValueError as error:
        raise MarkedYAMLError(problem=f"{str(error)[:80]}; write it as a text in quotes") from None


def dump(content: dict[str, Any]) -> str:
    """A mapping as a text, keys in their order."""
    text: str = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return text


def line(error: YAMLError) -> int:
    """Where an error stands, counted from 1, or 0 where it doesn't say."""
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 0


_MENDS = (
    ("found a tab", "indent with blanks, not with a tab"),
    ("cannot start any token", "indent with blanks, and put a text that begins so in quotes"),
    ("mapping values are not allowed", "put a text with a colon in quotes, or mend the indentation"),
    ("end of stream", "a quote or bracket that opens before isn't closed"),
    ("while parsing a quoted scalar", "a quote isn't closed"),
    ("expected <block end>", "mend the indentation: the keys of one record begin at the same column"),
    ("could not find expected ':'", "a line has a key without a colon, or a text of several lines without quotes"),
)
"""What is usually behind a problem of the parser."""


def problem(error: YAMLError) -> str:
    """What an error says, and what is usually behind it."""
    said = getattr(error, "problem", None) or str(error)
    mend = next((mend for start, mend in _MENDS if start in said), "")
    return f"{said} ({mend})" if mend else str(said)
