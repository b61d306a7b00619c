"""Who decides what: cases are handed out, kept for a while, decided, taken back; nobody's word is lost."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from secrets import token_hex
from typing import Any

import numpy as np

from karat.flow.decisions import KINDS, OF_CHECK, Decision, Decisions, now_text
from karat.show.review.estimate import ErrorEstimate
from karat.show.review.queue import CELL, CONFLICT, LABEL, NEXT, RECORD, Queue

LEASE_SECONDS = 300.0  # cost: so long a case waits for whoever opened it
MOST_SECONDS = 600.0  # longer over one case, and somebody was away
# cost: of so many cases one is shown to a second person, to see how far people agree; more costs more work
SECOND_EVERY = 10
MOST_MARKS = 1_000  # cost: points of the curve that one reading adds
Word = tuple[str, str, str | None]  # batch, verdict, answer
Said = tuple[int, str, str | None]  # case, verdict, answer


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
class ReviewDesk:
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
        # by batch: records removed with all of their cases, checks switched off
        self._wide: dict[str, list[Decision]] = defaultdict(list)
        self._closed: np.ndarray | None = None
        self.seconds: dict[str, list[float]] = defaultdict(list)  # by kind of case: time taken over each
        self.split.clear()
        size = self.queue.size
        self.voices = np.zeros(size, np.uint8)
        self.needed = np.where(np.arange(size) % SECOND_EVERY == 0, 2, 1).astype(np.uint8)
        self.kinds = self.queue.narrow("kind")
        checks, self.checks = self.queue.coded("check")
        self.check_codes = np.where(checks < 0, len(self.checks), checks)
        sure = self.queue.narrow("confidence")
        judged = (self.kinds != CONFLICT) & (self.kinds != NEXT)
        self.estimate = ErrorEstimate.of(self.check_codes[judged], sure[judged], len(self.checks) + 1)
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
            if self._wide.pop(decision.batch, None) is not None:
                self._closed = None
            for place, who in self._batches.pop(decision.batch, ()):
                self._said(place, who, lambda words: [word for word in words if word[0] != decision.batch])
            if decision.batch in self._done[decision.who]:
                self._done[decision.who].remove(decision.batch)
            return
        if decision.kind == OF_CHECK or (decision.kind == "record" and decision.answer == "drop"):
            self._wide[decision.batch].append(decision)
            self._closed = None
        if at < 0:
            return
        if decision.seconds is not None:
            self.seconds[decision.kind].append(decision.seconds)
        if not self._done[decision.who] or self._done[decision.who][-1] != decision.batch:
            self._done[decision.who].append(decision.batch)
        self._batches[decision.batch].append((at, decision.who))
        self._said(at, decision.who, lambda words: [*words, (decision.batch, decision.verdict, decision.answer)])

    @property
    def closed(self) -> np.ndarray:
        """(n,) bool: the cases that nobody is asked any more: of records that go, and of checks switched off."""
        if self._closed is None:
            words = [word for batch in self._wide.values() for word in batch if word.kind == "record"]
            gone = np.array([word.row for word in words if word.row is not None], np.int64)
            about = np.isin(self.kinds, (LABEL, CELL, RECORD))
            codes = [self.checks.index(check) for check in self.switched_off if check in self.checks]
            off = np.isin(self.check_codes, np.array(codes, np.int64))
            self._closed = (about & np.isin(self.queue.narrow("row"), gone)) | off
        return self._closed

    @property
    def switched_off(self) -> list[str]:
        """Codes of the checks that people have switched off."""
        words = (word for batch in self._wide.values() for word in batch)
        return sorted({str(word.check) for word in words if word.kind == OF_CHECK})

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
            self.estimate.move(int(self.check_codes[at]), sure, was=before, now=after)

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
        """(n,) bool: the cases of a filter, but those closed with a record or check. Unknown names match nothing."""
        out = ~self.closed | (self.voices > 0)
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
        return self.estimate.left(np.bincount(self.check_codes[open_], minlength=len(self.checks) + 1))

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
        return self.decide_all(who, [(at, verdict, answer)], all_alike=all_alike, only=only)

    def decide_all(
        self, who: str, words: Sequence[Said], *, all_alike: bool, only: Filter, wide: Sequence[Decision] = ()
    ) -> int | None:
        """Write somebody's words on several cases as one batch, and hand out the next.

        Parameters
        ----------
        words : sequence of (int, str, str or None)
            Case, verdict and answer; the case in front of the person first.
        all_alike : bool
            Each stands for all cases that are alike.
        wide : sequence of Decision
            More than a case: a record that goes, a check that is switched off; who, when and batch are filled in.
        """
        with self._turn(saving=True):
            self.sync()
            batch, stamp, now = token_hex(8), now_text(), self.clock()
            began = {lease.key: lease.since for lease in self.decisions.leases(now) if lease.who == who}
            own = {name: self.queue.narrow(name) for name in ("key", "row", "confidence")}
            decisions: dict[int, Decision] = {}
            for at, verdict, answer in words:
                case = self.queue.case(at)
                since = began.get(int(case["key"]))
                seconds = None if since is None else round(min(now - since, MOST_SECONDS), 1)
                said: dict[str, Any] = {"verdict": verdict, "answer": answer, "who": who, "at": stamp, "batch": batch}
                for place in self._open_alike(who, at) if all_alike else [at]:
                    same = {name: case[name] for name in COPIED}
                    if place != at and case["kind"] == "pair":
                        same = {name: self.queue.case(place)[name] for name in COPIED}
                    elif place != at:
                        same |= {name: cells[place].item() for name, cells in own.items()}
                    took: dict[str, Any] = {"seconds": seconds if place == at else None}
                    decisions.setdefault(place, Decision(**same, **said, **took))
            more = [replace(word, who=who, at=stamp, batch=batch) for word in wide]
            self.decisions.add([*decisions.values(), *more])
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

    def ask_again(self, who: str, check: str) -> None:
        """Take back that a check was switched off, with what was decided by the same press."""
        with self._turn(saving=True):
            self.sync()
            words = [
                word for batch in self._wide.values() for word in batch if (word.kind, word.check) == (OF_CHECK, check)
            ]
            self.decisions.add([replace(w, verdict="undo", answer=None, who=who, at=now_text()) for w in words])
            self.sync()

    @property
    def history(self) -> dict[str, list[int]]:
        """By person the case in front of each press of a key that was not taken back, the older first."""
        return {who: [self._batches[batch][0][0] for batch in done] for who, done in self._done.items()}


COPIED = ("key", "kind", "row", "other", "column", "check", "item", "value", "suggestion", "confidence")
