"""YAML as documents and query headers are written: the one module that knows PyYAML."""

from __future__ import annotations

from typing import Any

import yaml
from yaml import MappingNode, Node, SequenceNode, YAMLError

__all__ = ["MappingNode", "Node", "SequenceNode", "YAMLError", "compose", "dump", "line", "load", "problem", "scalar"]


class _Loader(yaml.CSafeLoader):
    """YAML with numbers and text only: `no` and `2020-01-01` stay what a person typed."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in rules if tag.rsplit(":", 1)[1] in {"int", "float", "null", "merge"}]
    for first, rules in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


class _Dumper(yaml.SafeDumper):
    """YAML with list items indented below their key, and no anchors."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Never write a list at the indent of its key."""
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        """Write a repeated value again."""
        return True


# A value that is a text, a number, a list or a mapping by inheritance is written as one; PyYAML knows exact types alone.
_WRITTEN: tuple[tuple[type, Any], ...] = (
    (str, _Dumper.represent_str),
    (int, _Dumper.represent_int),
    (float, _Dumper.represent_float),
    (list, _Dumper.represent_list),
    (tuple, _Dumper.represent_list),
    (dict, _Dumper.represent_dict),
)
for _kind, _written in _WRITTEN:
    _Dumper.add_multi_representer(_kind, _written)


def compose(text: str) -> Node | None:
    """The tree of nodes of a text, with their places; an empty text has none.

    Raises:
        YAMLError: the text isn't one YAML document.
    """
    return yaml.compose(text, Loader=_Loader)


def scalar(node: Node) -> Any:
    """The value of a scalar node: a number, nothing, or the text as typed."""
    if node.tag.rsplit(":", 1)[1] in {"int", "float", "null"}:
        return yaml.load(node.value, Loader=_Loader) if node.value else None  # noqa: S506 - a safe loader
    return node.value


def load(text: str) -> Any:
    """A text as YAML's own safe types.

    Raises:
        YAMLError: the text isn't one YAML document.
    """
    return yaml.load(text, Loader=yaml.CSafeLoader)


def dump(content: dict[str, Any]) -> str:
    """A mapping as a text, keys in their order."""
    text: str = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return text


def line(error: YAMLError) -> int:
    """Where an error stands, counted from 1, or 0 where it doesn't say."""
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 0


def problem(error: YAMLError) -> str:
    """What an error says."""
    return getattr(error, "problem", None) or str(error)
