"""Documents as the texts of their files."""

from __future__ import annotations

import json
from typing import Any

from evigraph import ontology
from evigraph.data import forms, languages
from evigraph.data.short import BY_LANGUAGE
from evigraph.data.values import VALUES
from evigraph.data.vocabulary import Vocabulary

WIDE = 88
"""So many signs may a mapping or a list of values have that stands on one line."""
_SWITCHES = ("deprecated:", "multiple:", "ordered:", "required:")


def dump_records(content: dict[str, Any]) -> str:
    """A search as JSON: its own keys on the first line, then one record a line."""
    head = json.dumps({**content, "records": []}, ensure_ascii=False)
    rows = ",\n".join(json.dumps(record, ensure_ascii=False) for record in content["records"])
    return f"{head.removesuffix('[]}')}[\n{rows}\n]}}\n"


def dump(content: dict[str, Any], vocabulary: Vocabulary | None = None) -> str:
    """A document's content as the YAML text that `read_document` reads back by that vocabulary."""
    from evigraph.files import yaml_text

    plain = forms.shortened(content, vocabulary or Vocabulary())
    short = _inlined(plain)
    text = yaml_text.dump(short)
    if any(f"{key}:" in text for key in BY_LANGUAGE):
        short = _inlined(languages.joined(plain))
        text = yaml_text.dump(short)
    return yaml_text.dump(_switched(short)) if any(each in text for each in _SWITCHES) else text


def _switched(value: Any, key: str = "") -> Any:
    """A document's content with true and false, which a document has as words, as YAML writes them."""
    if isinstance(value, dict):
        return type(value)((name, _switched(each, name)) for name, each in value.items())
    if isinstance(value, list):
        return type(value)(_switched(each, key) for each in value)
    entry = ontology.keys().get(key)
    return value in (True, "true") if entry is not None and entry.kind == "boolean" else value


def _inlined(value: Any, key: str = "") -> Any:
    """The same with values on one line each, where they fit, and nothing behind the key of an empty list of records."""
    if value == [] and key in ontology.owned():
        from evigraph.files import yaml_text

        return yaml_text.NOTHING
    if isinstance(value, list):
        return [_inlined(each, key) for each in value]
    if not isinstance(value, dict):
        return value
    if key == VALUES:
        return {name: _on_a_line(each) for name, each in value.items()}
    return {name: _inlined(each, name) for name, each in value.items()}


def _on_a_line(value: Any) -> Any:
    from evigraph.files import yaml_text

    if isinstance(value, (dict, list)) and len(str(value)) <= WIDE:
        return yaml_text.on_a_line(value)
    return [_on_a_line(each) for each in value] if isinstance(value, list) else value
