"""The review as the server knows it now, and how it follows its files."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from evigraph import data, export, ontology, queries
from evigraph.errors import EvigraphError
from evigraph.paths import SHIPPED, Workspace
from evigraph.queries import build
from evigraph.store import IRI, EmbeddedStore, select
from evigraph.store.sandbox.guard import TextLimits
from evigraph.store.sandbox.pool import Limits, Pool

if TYPE_CHECKING:
    from evigraph.site.served import Served

T = TypeVar("T")
LOG = logging.getLogger("evigraph.web")


@dataclass(frozen=True)
class Settings:
    """How a server is run.

    Attributes:
        host_names: the names it answers to. origins: the web origins that may read it; `*` is all.
        token: with it, updates are taken; empty is read-only. services: the endpoints that `SERVICE` may call.
        limits: of one free query. text: of its text. rows, cells, size: of its answer. free: whether there are any.
        follow: seconds between looks at the files, or 0. body: bytes of a request.
        proxies: the addresses whose word is taken for who asks.
        ahead: whether what pages share is worked out before somebody asks.
    """

    host_names: frozenset[str] = frozenset({"localhost", "127.0.0.1", "[::1]"})
    origins: tuple[str, ...] = ("*",)
    token: str = field(default="", repr=False)
    services: frozenset[str] = frozenset()
    limits: Limits = field(default_factory=Limits)
    text: TextLimits = field(default_factory=TextLimits)
    rows: int = 100_000
    cells: int = 2_000_000
    size: int = 32 << 20
    free: bool = True
    follow: float = 2.0
    proxies: tuple[str, ...] = ()
    ahead: bool = False
    body: int = 1 << 20


class Snapshot:
    """The graph in one state of the files. Everything that is made of it is made once.

    `nquads` are its records, which canned queries are asked of; free ones are asked of `front` too, which says what the
    records are. `site` is its site, once somebody asked for a page; `lock` is held for what is remembered, no longer.
    """

    KEPT = 512

    def __init__(self, workspace: Workspace, writing: bool = False) -> None:
        """Read the files; `writing` is whether the server takes changes, which its pages then say.

        Raises:
            EvigraphError: they can't be taken as they stand.
        """
        self.workspace, self.writing = workspace, writing
        self.signature = signature(workspace)
        self.nquads = build.nquads(workspace)
        found = queries.load_all(workspace)
        self.fingerprint = build.fingerprint(workspace)
        digest = hashlib.sha256(f"{self.fingerprint}{' writing' * writing}".encode())
        for query in found:
            digest.update(queries.text(workspace, query.path))
        self.key = digest.hexdigest()[:32]
        self.store = EmbeddedStore()
        self.store.load(self.nquads)
        names = queries.attributes(self.store)  # without any, a form has a field to fill in instead of a choice
        self.queries = {query.name: queries.offered(query, names) if names else query for query in found}
        review = workspace.review / "review.yaml"
        self.review = data.read_document(review, "review").content
        self.base = str(self.review["base"])
        self.front = export.front_matter(self.review, build.records(workspace), workspace).encode()
        self.pool: Pool | None = None
        self.fault = ""
        self._kept: OrderedDict[Any, Any] = OrderedDict()
        self.lock = threading.Lock()
        self.site: Future[Served] | None = None

    def graphs(self) -> list[str]:
        """The names of all graphs: those of the records, and those that say what the records are."""

        def make() -> list[str]:
            rows = select(self.store, "SELECT DISTINCT ?g { GRAPH ?g {} } ORDER BY ?g").rows
            records = [row[0].value for row in rows if isinstance(row[0], IRI)]
            return [*records, *(self.base + name for name in export.FRONT)]

        return self.once("graphs", make)

    def kept(self, key: Any) -> Any:
        """What is remembered under a key, or None."""
        with self.lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def once(self, key: Any, make: Callable[[], T]) -> T:
        """What `make` gives, remembered under that key; the least used is forgotten."""
        with self.lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]  # type: ignore[no-any-return]
        made = make()
        with self.lock:
            self._kept[key] = made
            while len(self._kept) > self.KEPT:
                self._kept.popitem(last=False)
        return made

    def answer(self, name: str, arguments: dict[str, str], store: EmbeddedStore | None = None) -> queries.Table:
        """The rows of a canned query, asked of the records or of another store, which is kept as long.

        Raises:
            UsageError: it doesn't take the arguments.
        """
        store = store or self.store
        asked = ("answer", name, tuple(sorted(arguments.items())), store is self.store)
        return self.once(asked, lambda: queries.run(store, self.queries[name], arguments, seconds=0))


def signature(workspace: Workspace) -> str:
    """What the files look like from outside: names, sizes and times. It is much quicker than reading them."""
    digest = hashlib.sha256()
    own = list(queries.query_files(workspace).values())
    for path in [*ontology.files(), *data.document_files(workspace), *own]:
        with contextlib.suppress(OSError):
            status = path.stat()
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\0{status.st_ino}\n".encode())
    return digest.hexdigest()


class Live:
    """The snapshot of the moment. A request keeps the one that it began with."""

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        """Read the files.

        Raises:
            EvigraphError: they can't be taken as they stand.
        """
        self.workspace, self.settings = workspace, settings
        self.now = Snapshot(workspace, bool(settings.token))
        self.writing, self.changed = asyncio.Lock(), asyncio.Event()
        self._refused = ""
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the workers, and follow the files."""
        await self._with_pool(self.now)
        if self.settings.follow:
            self._later(self._follow())

    async def _with_pool(self, snapshot: Snapshot) -> None:
        if self.settings.free:
            snapshot.pool = Pool(lambda: snapshot.nquads + snapshot.front, self.settings.limits)
            await snapshot.pool.start()

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(self.settings.follow)
            async with self.writing:
                try:
                    await self.look()
                except Exception as error:  # whatever it is, following goes on
                    self._fail("", error)

    @property
    def fault(self) -> str:
        """Why the files can't be taken as they stand, or nothing."""
        return self.now.fault

    def told(self, text: str) -> str:
        """A message without the folders of this machine, for whoever reads it over the network."""
        return text.replace(f"{self.workspace.root}/", "").replace(f"{SHIPPED}/", "")

    def _fail(self, seen: str, error: Exception) -> None:
        """Say on every page, and once in the log, that the last good state is served."""
        fault = self.told(str(error)) or type(error).__name__
        if fault != self.now.fault:
            LOG.warning("the files changed and can't be taken; serving the last good state: %s", error)
        self._refused, self.now.fault = seen, fault

    async def look(self) -> None:
        """Take the files as they are now, if they changed; a fault leaves the last good state in place."""
        try:
            seen = await asyncio.to_thread(signature, self.workspace)
        except EvigraphError as error:
            return self._fail("", error)
        if seen == self.now.signature:
            self._refused = self.now.fault = ""  # it is as before again
        if seen in {self.now.signature, self._refused}:
            return None
        queries.parse.cache_clear()
        try:
            fresh = await asyncio.to_thread(Snapshot, self.workspace, self.now.writing)
            await self._with_pool(fresh)
        except Exception as error:  # whatever it is, the last good state is served
            return self._fail(seen, error)
        former, self.now, self._refused = self.now, fresh, ""
        self.changed.set()
        if former.pool is not None:
            self._later(former.pool.close())
        return None

    def _later(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def hurry(self) -> None:
        """End what is asked of the workers at this moment."""
        if self.now.pool is not None:
            self.now.pool.hurry()

    async def close(self) -> None:
        """Stop following, and end every worker."""
        for task in list(self._tasks):
            task.cancel()
        if self.now.pool is not None:
            await self.now.pool.close()


def names_for(host: str, more: tuple[str, ...] = ()) -> frozenset[str]:
    """The names that a server at an address answers to: those of this machine, the address, and what is given."""
    own = {"localhost", "127.0.0.1", "[::1]"}
    bound = {f"[{host}]" if ":" in host else host} - {"0.0.0.0", "[::]", ""}  # noqa: S104 - all addresses are no name
    return frozenset(name.lower() for name in own | bound | set(more))
