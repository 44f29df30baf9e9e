"""What the words mean: the one package that opens the `ontology` folder.

>>> from evigraph import ontology
>>> ontology.term("Study")
'https://w3id.org/evigraph/ns#Study'
>>> ontology.keys()["statement"].kind
'text'
"""

from evigraph.ontology.context import (
    Key,
    class_names,
    codes,
    context,
    expand,
    frame,
    holders,
    keys,
    may_have,
    names,
    owned,
    prefixes,
)
from evigraph.ontology.packs import packs
from evigraph.ontology.terms import (
    FOLDER,
    NAMESPACE,
    declared,
    files,
    fingerprint,
    require_declared,
    superclasses,
    term,
    vocabularies,
)

__all__ = [
    "FOLDER",
    "NAMESPACE",
    "Key",
    "class_names",
    "codes",
    "context",
    "declared",
    "expand",
    "files",
    "fingerprint",
    "frame",
    "holders",
    "keys",
    "may_have",
    "names",
    "owned",
    "packs",
    "prefixes",
    "require_declared",
    "superclasses",
    "term",
    "vocabularies",
]
