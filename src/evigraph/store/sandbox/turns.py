"""Whose turn it is where more is asked than can be answered at once.

What there is too little of is shared by who asks, not by how often: the turn is that of who holds least at this moment,
among those of who had least of late, and then of who came first.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from evigraph.errors import BusyError, TooManyError

HALF_LIFE = 20.0
"""Seconds after which half of what somebody had is forgotten."""
REMEMBERED = 4096
"""So many who asked are remembered; beyond, those who had least are forgotten."""


class Ledger:
    """How many seconds of work each had of late."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Remember nothing yet; `now` gives seconds."""
        self._now = now
        self._had: dict[str, tuple[float, float]] = {}

    def had(self, who: str) -> float:
        """Seconds, of which half is forgotten after each half-life."""
        seconds, at = self._had.get(who, (0.0, 0.0))
        return seconds * 0.5 ** ((self._now() - at) / HALF_LIFE) if seconds else 0.0

    def add(self, who: str, seconds: float) -> None:
        """Somebody had so many more."""
        self._had[who] = (self.had(who) + seconds, self._now())
        if len(self._had) > REMEMBERED:
            least = sorted(self._had, key=self.had)[: REMEMBERED // 4]
            for each in least:
                del self._had[each]


@dataclass(eq=False)
class _Asker:
    who: str
    order: int
    first: bool
    turn: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Gate:
    """Lets so many through at once; the others wait for their turn."""

    def __init__(self, slots: int, waiting: int, ledger: Ledger) -> None:
        """Let `slots` through; `waiting` more may wait, half of them of one address."""
        self._free, self._most, self._ledger = slots, waiting, ledger
        self._each = max(1, waiting // 2)
        self._inside: Counter[str] = Counter()
        self._waiting: list[_Asker] = []
        self._count = 0
        self._stopped: BusyError | None = None

    def passes(self, who: str) -> bool:
        """Go through if nobody has to wait."""
        if not self._free or self._waiting or self._stopped:
            return False
        self._let_in(who)
        return True

    async def enter(self, who: str, seconds: float, first: bool = False) -> None:
        """Go through when it is this one's turn; `first` goes before all others, and is never turned away.

        Raises:
            TooManyError: too many of the same address wait. BusyError: too many wait, or it took too long.
        """
        if self._stopped:
            raise self._stopped
        if self.passes(who):
            return
        if not first:
            self._require_room(who)
        self._count += 1
        asker = _Asker(who, self._count, first)
        self._waiting.append(asker)
        try:
            async with asyncio.timeout(seconds):
                await asker.turn
        except BaseException as error:
            if asker.turn.done() and not asker.turn.cancelled() and asker.turn.exception() is None:
                self.leave(who)  # its turn came at the moment at which it went
            if isinstance(error, TimeoutError):
                raise BusyError("no worker was free in time; ask again in a few seconds") from None
            raise
        finally:
            with contextlib.suppress(ValueError):
                self._waiting.remove(asker)

    def _require_room(self, who: str) -> None:
        if len(self._waiting) >= self._most:
            raise BusyError(f"{len(self._waiting)} queries wait already; ask again in a few seconds")
        own = sum(asker.who == who for asker in self._waiting)
        if who and own >= self._each:
            raise TooManyError(f"{own} queries of your address wait already; ask again when they are answered", who)

    def leave(self, who: str) -> None:
        """Make room for the next."""
        self._inside[who] -= 1
        if self._inside[who] <= 0:
            del self._inside[who]
        self._free += 1
        while self._free and (waiting := [asker for asker in self._waiting if not asker.turn.done()]):
            asker = min(waiting, key=self._rank)
            self._waiting.remove(asker)
            self._let_in(asker.who)
            asker.turn.set_result(None)

    def stop(self, error: BusyError) -> None:
        """Let nobody wait any longer, and nobody in."""
        self._stopped = error
        for asker in self._waiting:
            if not asker.turn.done():
                asker.turn.set_exception(error)

    def _rank(self, asker: _Asker) -> tuple[bool, int, float, int]:
        return not asker.first, self._inside[asker.who], self._ledger.had(asker.who), asker.order

    def _let_in(self, who: str) -> None:
        self._free -= 1
        self._inside[who] += 1
