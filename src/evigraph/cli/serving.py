"""Commands that answer others: serve."""

from __future__ import annotations

import importlib.util

import click

from evigraph.cli.base import main, own_workspace, workspace_of
from evigraph.errors import MissingPartError


@main.command(context_settings={"auto_envvar_prefix": "EVIGRAPH_SERVE"})
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--host-name", "host_names", multiple=True, metavar="NAME", help="A name it answers to; * is any.")
@click.option("--origin", "origins", multiple=True, metavar="ORIGIN", help="A web origin that may read; else all may.")
@click.option("--seconds", default=10.0, show_default=True, type=click.FloatRange(0.01), help="Time of a free query.")
@click.option("--memory", default=512, show_default=True, type=click.IntRange(16), help="Its megabytes of memory.")
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(1), help="Its rows or triples.")
@click.option("--cells", default=2_000_000, show_default=True, type=click.IntRange(1), help="Its rows by columns.")
@click.option("--size", default=32, show_default=True, type=click.IntRange(1), help="Megabytes of its answer.")
@click.option(
    "--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="How many long ones run at once."
)
@click.option("--waiting", default=32, show_default=True, type=click.IntRange(0), help="How many more may wait.")
@click.option("--service", "services", multiple=True, metavar="IRI", help="An endpoint that SERVICE may call.")
@click.option("--trust-proxy", "proxies", multiple=True, metavar="ADDRESS", help="A proxy that says who asks.")
@click.option("--free/--no-free", default=True, show_default=True, help="Take free queries, or only canned ones.")
@click.option("--follow", default=2.0, show_default=True, type=click.FloatRange(0), help="Seconds between looks.")
@click.option("--write", is_flag=True, help="Take updates that bring the token of EVIGRAPH_TOKEN.")
@click.pass_context
def serve(
    context: click.Context,
    host: str,
    port: int,
    host_names: tuple[str, ...],
    origins: tuple[str, ...],
    seconds: float,
    memory: int,
    rows: int,
    cells: int,
    size: int,
    workers: int,
    waiting: int,
    services: tuple[str, ...],
    proxies: tuple[str, ...],
    free: bool,
    follow: float,
    write: bool,
) -> None:
    """Serve the review: pages, canned queries and a SPARQL endpoint.

    Read-only unless started with --write. Every option can be set in the
    environment too: EVIGRAPH_SERVE_PORT is --port. Ctrl-C stops it.

    \b
    Example: evigraph serve --port 8000
    """
    require_extra("web", "starlette", "uvicorn", "jinja2")
    from evigraph.store.sandbox.pool import Limits
    from evigraph.web import live, server

    workspace = own_workspace(context) if write else workspace_of(context)
    settings = live.Settings(
        host_names=live.names_for(host, host_names),
        origins=origins or ("*",),
        token=server.required_token() if write else "",
        services=frozenset(services),
        limits=Limits(seconds, memory << 20, workers, waiting),
        rows=rows,
        cells=cells,
        size=size << 20,
        proxies=proxies,
        free=free,
        follow=follow,
        ahead=True,
    )
    listening = server.listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Serving {workspace.review.name} at http://{shown}:{listening.getsockname()[1]}/ (Ctrl-C stops it)")
    server.serve(workspace, settings, listening)


def require_extra(extra: str, *modules: str) -> None:
    """Say what to install.

    Raises:
        MissingPartError: a module of the extra is missing.
    """
    for module in modules:
        if importlib.util.find_spec(module) is None:
            mend = f"install it with `pip install 'evigraph[{extra}]'`"
            raise MissingPartError(f"this needs the extra `{extra}` ({module} is missing); {mend}", module)


@main.command(context_settings={"auto_envvar_prefix": "EVIGRAPH_MCP"})
@click.option("--free", is_flag=True, help="Take free SPARQL queries too, guarded and isolated.")
@click.pass_context
def mcp(context: click.Context, free: bool) -> None:
    """Offer the review to an assistant as read-only tools, over stdin and stdout.

    The tools: canned queries, the evidence behind a row, studies, answer
    sheets, and the vocabulary (Model Context Protocol).

    \b
    Example: evigraph mcp
    """
    require_extra("mcp", "mcp")
    from evigraph.web import mcp

    mcp.create(workspace_of(context), free).run("stdio")
