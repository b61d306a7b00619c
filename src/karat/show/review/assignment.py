"""Who decides what: cases are handed out, kept for a while, decided, taken back; nobody's word is lost."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

import numpy as np

from karat.flow.decisions import Decision, Decisions, now_text
from karat.show.review.estimate import ErrorEstimate
from karat.show.review.queue import CONFLICT, NEXT, Queue

LEASE_SECONDS = 300.0  # cost: so long a case waits for whoever opened it
MOST_SECONDS = 600.0  # longer over one case, and somebody was away
# cost: of so many cases one is shown to a second person, to see how far people agree; more costs more work
SECOND_EVERY = 10
PAGE = 50  # display: cases
MOST_MARKS = 1_000  # cost: points of the curve that one reading adds
Word = tuple[str, str, str | None]  # batch, verdict, answer


@dataclass(frozen=True)
class Filter:
    """Which cases: of a kind, of a check, in a column; empty for all."""

    kind: str = ""
    check: str = ""
    column: str = ""

    def query(self) -> str:
        """For an address."""
        from urllib.parse import urlencode

        return urlencode({k: v for k, v in (("kind", self.kind), ("check", self.check), ("column", self.column)) if v})


@dataclass
class Desk:
    """The cases and what is known of them now.

    Parameters
    ----------
    clock : callable
        Seconds since 1970.
    """

    queue: Queue
    decisions: Decisions
    clock: Callable[[], float] = time.time
    _lock: Any = field(init=False, repr=False, default_factory=threading.RLock)
    split: set[int] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._last = 0
        self._words: dict[int, dict[str, list[Word]]] = {}
        self._mine: dict[str, np.ndarray] = {}
        self._batches: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._done: dict[str, list[str]] = defaultdict(list)
        self.split.clear()
        size = self.queue.size
        self.voices = np.zeros(size, np.uint8)
        self.needed = np.where(np.arange(size) % SECOND_EVERY == 0, 2, 1).astype(np.uint8)
        self.kinds = self.queue.narrow("kind")
        checks, self.checks = self.queue.coded("check")
        self._check = np.where(checks < 0, len(self.checks), checks)
        sure = self.queue.narrow("confidence")
        judged = (self.kinds != CONFLICT) & (self.kinds != NEXT)
        self.estimate = ErrorEstimate.of(self._check[judged], sure[judged], len(self.checks) + 1)
        self._judged = judged
        self.sync()

    @contextmanager
    def _turn(self, *, saving: bool = False) -> Iterator[None]:
        """A turn of writing; ``saving`` decisions, not only leases.

        Where it fails, all is read anew from the disk, which alone knows what was saved.
        """
        with self._lock:
            try:
                with self.decisions.saving() if saving else self.decisions.turn():
                    yield
            except BaseException:
                self.__post_init__()
                raise

    def sync(self) -> None:
        """Take in what other processes have written."""
        with self._lock:
            news = self.decisions.since(self._last)
            if not news:
                return
            self._last = news[-1][0]
            places = self.queue.places(np.array([decision.key for _, decision in news], np.int64))
            step = 1 + len(news) // MOST_MARKS
            for turn, (at, (_, decision)) in enumerate(zip(places.tolist(), news, strict=True)):
                self._take(at, decision)
                if turn % step == 0 or turn == len(news) - 1:
                    self.estimate.mark()

    def _take(self, at: int, decision: Decision) -> None:
        if decision.verdict == "undo":
            for place, who in self._batches.pop(decision.batch, ()):
                self._said(place, who, lambda words: [word for word in words if word[0] != decision.batch])
            if decision.batch in self._done[decision.who]:
                self._done[decision.who].remove(decision.batch)
            return
        if at < 0:
            return
        if not self._done[decision.who] or self._done[decision.who][-1] != decision.batch:
            self._done[decision.who].append(decision.batch)
        self._batches[decision.batch].append((at, decision.who))
        self._said(at, decision.who, lambda words: [*words, (decision.batch, decision.verdict, decision.answer)])

    def _said(self, at: int, who: str, change: Callable[[list[Word]], list[Word]]) -> None:
        """Somebody's words about a case change, and with them all that is counted."""
        before = self._outcome(at)
        by_person = self._words.setdefault(at, {})
        by_person[who] = change(by_person.get(who, []))
        if not by_person[who]:
            del by_person[who]
        answers = self.answers(at)
        self.voices[at] = len(answers)
        (self.split.add if len(set(answers.values())) > 1 else self.split.discard)(at)
        self._own(who)[at] = who in by_person
        after = self._outcome(at)
        if self._judged[at] and before != after:
            sure = float(self.queue.narrow("confidence")[at])
            self.estimate.move(int(self._check[at]), sure, was=before, now=after)

    def _own(self, who: str) -> np.ndarray:
        if who not in self._mine:
            self._mine[who] = np.zeros(self.queue.size, bool)
        return self._mine[who]

    def answers(self, at: int) -> dict[str, str | None]:
        """What people said of a case, by person; skips are no answers."""
        return {who: said[-1][2] for who, said in self._words.get(at, {}).items() if said and said[-1][1] != "skip"}

    def verdicts(self, at: int) -> dict[str, str]:
        """How people decided a case, by person."""
        return {who: said[-1][1] for who, said in self._words.get(at, {}).items() if said}

    def _outcome(self, at: int) -> bool | None:
        """Was what stood wrong? By the last word; None when nobody has spoken."""
        said = [word[-1][1] for word in self._words.get(at, {}).values() if word and word[-1][1] != "skip"]
        return said[-1] != "reject" if said else None

    def mask(self, only: Filter) -> np.ndarray:
        """(n,) bool: the cases of a filter. Unknown names match nothing."""
        from karat.flow.decisions import KINDS

        out = np.ones(self.queue.size, bool)
        if only.kind:
            out &= self.kinds == (KINDS.index(only.kind) if only.kind in KINDS else -1)
        for name, wanted in (("check", only.check), ("column", only.column)):
            if wanted:
                codes, names = self.queue.coded(name)
                out &= codes == (names.index(wanted) if wanted in names else -2)
        return out

    def left(self, mask: np.ndarray) -> tuple[float, float, float] | None:
        """Errors expected among the open cases of a mask, with a 95 % interval; None where nothing there is judged."""
        if not (mask & self._judged).any():
            return None
        open_ = mask & self._judged & (self.voices == 0)
        return self.estimate.left(np.bincount(self._check[open_], minlength=len(self.checks) + 1))

    def next(self, who: str, only: Filter) -> int | None:
        """The next case for somebody, kept for him from now on; None when nothing waits. Inside a turn."""
        self.sync()
        now = self.clock()
        at = self._first(who, only, now)
        if at is None:
            self.decisions.release(who)
        else:
            self.decisions.lease(int(self.queue.narrow("key")[at]), who, now, now + LEASE_SECONDS)
        return at

    def _first(self, who: str, only: Filter, now: float) -> int | None:
        open_ = (self.voices < self.needed) & self.mask(only) & ~self._own(who)
        for at in self.split:
            open_[at] |= not self._own(who)[at] and bool(self.mask(only)[at]) and self.voices[at] < 3  # a third decides
        keys = np.array([lease.key for lease in self.decisions.leases(now) if lease.who != who], np.int64)
        taken = self.queue.places(keys)
        open_[taken[taken >= 0]] = False
        at = int(np.argmax(open_)) if len(open_) else 0
        return at if len(open_) and open_[at] else None

    def hand_out(self, who: str, only: Filter) -> int | None:
        """``next`` in a turn of its own."""
        with self._turn():
            return self.next(who, only)

    def decide(
        self, who: str, at: int, verdict: str, answer: str | None, *, all_alike: bool, only: Filter
    ) -> int | None:
        """Write somebody's word on a case, or on all that are alike, and hand out the next; on the disk on return."""
        with self._turn(saving=True):
            self.sync()
            places: Sequence[int] = self._open_alike(who, at) if all_alike else [at]
            batch, stamp, now = token_hex(8), now_text(), self.clock()
            began = {lease.key: lease.since for lease in self.decisions.leases(now) if lease.who == who}
            seconds = round(min(now - began.get(int(self.queue.narrow("key")[at]), now), MOST_SECONDS), 1)
            case = self.queue.case(at)
            own = {name: self.queue.narrow(name) for name in ("key", "row", "confidence")}
            decisions = []
            for place in places:
                same = {name: case[name] for name in COPIED}
                if place != at and case["kind"] == "pair":
                    same = {name: self.queue.case(place)[name] for name in COPIED}
                elif place != at:
                    same |= {name: cells[place].item() for name, cells in own.items()}
                took = seconds if place == at else None
                same |= {"verdict": verdict, "answer": answer, "who": who, "at": stamp, "seconds": took}
                decisions.append(Decision(**same, batch=batch))
            self.decisions.add(decisions)
            return self.next(who, only)

    def _open_alike(self, who: str, at: int) -> list[int]:
        alike = self.queue.alike(at)
        open_ = (self.voices[alike] == 0) & ~self._own(who)[alike]
        return [at, *(int(place) for place in alike[open_] if place != at)]

    def open_alike(self, who: str, at: int) -> int:
        """How many cases one answer would settle, this one counted."""
        return len(self._open_alike(who, at))

    def undo(self, who: str) -> int | None:
        """Take back somebody's last word; the case it was about, kept for him again. None when there is none."""
        with self._turn(saving=True):
            self.sync()
            if not self._done[who]:
                return None
            batch = self._done[who][-1]
            at = self._batches[batch][0][0]
            case = self.queue.case(at)
            kept = {name: case[name] for name in COPIED}
            self.decisions.add(
                [Decision(**kept, verdict="undo", answer=None, who=who, at=now_text(), seconds=None, batch=batch)]
            )
            self.sync()
            now = self.clock()
            self.decisions.lease(int(case["key"]), who, now, now + LEASE_SECONDS)
            return at

    def listed(self, only: Filter, state: str, page: int) -> tuple[list[int], int]:
        """One page of cases, and how many there are: ``open``, ``done``, ``split`` or all."""
        self.sync()
        mask = self.mask(only)
        if state == "open":
            mask &= self.voices == 0
        elif state == "done":
            mask &= self.voices > 0
        elif state == "split":
            there = np.zeros(len(mask), bool)
            there[sorted(self.split)] = True
            mask &= there
        places = np.flatnonzero(mask)
        return places[page * PAGE : (page + 1) * PAGE].tolist(), len(places)


COPIED = ("key", "kind", "row", "other", "column", "check", "item", "value", "suggestion", "confidence")
