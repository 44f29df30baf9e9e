"""The kinds of review on the command line: as an option, and asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    Texts = click.ParamType[str]
else:
    Texts = click.ParamType  # generic only in the stubs of later versions


class Kind(Texts):
    """A kind of review; which there are is looked up when it is needed, so that other commands start without it."""

    name = "kind"

    @staticmethod
    def _names() -> list[str]:
        from evigraph.updating.new_review import KINDS

        return list(KINDS)

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """The kinds, as the help shows them."""
        return f"[{'|'.join(self._names())}]"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """One of the kinds, in whatever capitals."""
        if value.casefold() not in self._names():
            self.fail(f"'{value}' is not one of {', '.join(map(repr, self._names()))}.", param, ctx)
        return value.casefold()

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The kinds that begin so."""
        return [CompletionItem(name) for name in self._names() if name.startswith(incomplete)]


def asked_kind() -> str:
    """The kind that who sits at the terminal chooses."""
    from evigraph.updating.new_review import ABOUT

    for name, about in ABOUT.items():
        click.echo(f"  {name:14} {about}", err=True)
    return str(click.prompt("What kind of review is it", default="narrative", type=Kind(), err=True))
