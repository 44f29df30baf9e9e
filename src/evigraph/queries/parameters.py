"""The parameters of canned queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evigraph.errors import UsageError

if TYPE_CHECKING:
    from evigraph.store import Term

XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True)
class Param:
    """A parameter of a canned query.

    Attributes:
        name: as on the command line. type: `string`, `integer`, `iri`, `attribute`, one that the studies are coded
        with, or `side`, what may be a side of a table: an attribute, a role, or one of `tables.SIDES`. default: the
        value when none is given. enumeration: the allowed values, or empty for any. description: one line of help.
        required: whoever asks has to give it; the default only lets the file stand.
    """

    name: str
    type: str
    default: str
    enumeration: tuple[str, ...] = ()
    description: str = ""
    required: bool = False

    @property
    def variable(self) -> str:
        """The SPARQL variable that it binds: the name, with `_` for `-`."""
        return self.name.replace("-", "_")

    @property
    def of_codebook(self) -> bool:
        """Whether its allowed values are what the review is coded with."""
        return self.type in {"attribute", "side"}

    def bind(self, value: str) -> Term:
        """The value as an RDF term of the parameter's type.

        Raises:
            UsageError: the value is not among the allowed ones, or not of the type.
        """
        from evigraph.store import IRI, Literal  # a cached answer needs no store

        if self.enumeration and value not in self.enumeration and not (self.of_codebook and not value):
            raise UsageError(f"{self.name}={value}: choose one of {', '.join(self.enumeration)}", value)
        try:
            if self.type == "integer":
                return Literal(str(int(value)), datatype=IRI(XSD + "integer"))
            return IRI(value) if self.type == "iri" else Literal(value)
        except ValueError:
            raise UsageError(f"{self.name}={value}: give a value of type {self.type}", value) from None


WITHOUT = Param(
    *("without-retracted", "string", "no", ("no", "yes")),
    "leave out studies of which a report was retracted",
)
"""The parameter that every query takes but those of checks; see `retracted`."""


def read(name: str, entry: dict[str, Any]) -> Param:
    """A parameter as a header tells it.

    Raises:
        KeyError: it has no type or no default.
    """
    allowed = tuple(str(value) for value in entry.get("enumeration", ()))
    required = bool(entry.get("required", False))
    return Param(name, entry["type"], str(entry["default"]), allowed, entry.get("description", ""), required)
