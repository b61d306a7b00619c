"""What reaches beyond one case: many cases at once, whole records, checks switched off; notes, and going back."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from karat.flow.decisions import IGNORE, OF_CHECK, Decision
from karat.show.review.browsing import Asked
from karat.show.review.deciding import Deciding, asked_of, filtered, known_case, read_fields, read_form, within
from karat.show.review.languages import says
from karat.show.review.page import language, person, render
from karat.show.review.queue import CELL, LABEL, check_key, record_key
from karat.show.review.session import Board

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

MAX_NOTE = 4_000  # display: characters of a note
WIDE = ("remove-record", "keep-record", "never")  # buttons


@dataclass(frozen=True)
class WideActions:
    """The endpoints."""

    board: Board
    deciding: Deciding

    async def many(self, request: "Request") -> "Response":
        """The cases ticked in the list are decided alike, as one batch; back to the list."""
        from starlette.concurrency import run_in_threadpool
        from starlette.responses import RedirectResponse

        fields = await read_fields(request)
        form = dict(fields)

        def decided() -> "Response":
            self.board.refresh()
            who, asked = person(request), asked_of(form)
            if not who:
                return render(request, self.board, "signin.html", {"bad": False, "to": "/cases"}, 401)
            places = [
                at for name, key in fields if name == "case" and (at := known_case(key, self.board.desk)) is not None
            ]
            count = self._decide(who, list(dict.fromkeys(places)), form.get("verdict", ""), asked)
            return RedirectResponse(f"/cases?{asked.query(decided=count)}", 303)

        return await run_in_threadpool(decided)

    def _decide(self, who: str, places: list[int], verdict: str, asked: Asked) -> int:
        """Write down one verdict on some cases; how many lines it settled."""
        desk = self.board.desk
        if verdict == "never":
            return self._never(who, places, asked)
        words = []
        for at in places:
            said = self.deciding.meant({"verdict": verdict}, at)
            if said is not None and (verdict == "skip" or desk.queue.case(at)["kind"] != "next"):
                words.append((at, *said))
        if words:
            desk.decide_all(who, words, all_alike=asked.together, only=asked.only)
        return len(words)

    def _never(self, who: str, places: list[int], asked: Asked) -> int:
        """Switch the checks of some cases off: what stands in these cases is right, and the others are not asked."""
        desk = self.board.desk
        words, off = [], {}
        for at in places:
            case = desk.queue.case(at)
            if case["check"]:
                words.append((at, *(self.deciding.meant({"verdict": "reject"}, at) or ("skip", None))))
                off[case["check"]] = _decision(check_key(case["check"]), OF_CHECK, check=case["check"], answer=IGNORE)
        if words:
            desk.decide_all(who, words, all_alike=False, only=asked.only, wide=list(off.values()))
        return len(words)

    async def wide(self, request: "Request") -> "Response":
        """A button of one case that decides more than it: about its whole record, or its check."""
        from starlette.concurrency import run_in_threadpool

        form = await read_form(request)

        def decided() -> "Response":
            self.board.refresh()
            desk, who, only = self.board.desk, person(request), filtered(form)
            at, what = known_case(form.get("key", ""), desk), form.get("wide", "")
            if not who:
                return render(request, self.board, "signin.html", {"bad": False, "to": "/work"}, 401)
            if at is None or what not in WIDE or not self._wide(who, at, what, only):
                say = says(language(request))
                return self.deciding.answered(request, desk.hand_out(who, only), only, say("gone"))
            return self.deciding.answered(request, desk.hand_out(who, only), only)

        return await run_in_threadpool(decided)

    def _wide(self, who: str, at: int, what: str, only: object) -> bool:
        """Do it; False where it makes no sense for the case."""
        desk = self.board.desk
        case = desk.queue.case(at)
        if what == "never":
            return self._never(who, [at], Asked(only)) > 0  # type: ignore[arg-type]
        if case["row"] is None or case["other"] is not None or case["item"] is not None:
            return False
        here = (desk.queue.narrow("row") == case["row"]) & np.isin(desk.kinds, (CELL, LABEL)) & (desk.voices == 0)
        places = list(dict.fromkeys([at, *np.flatnonzero(here).tolist()]))
        if what == "keep-record":
            words = [
                (place, *(self.deciding.meant({"verdict": "reject"}, place) or ("skip", None))) for place in places
            ]
            desk.decide_all(who, words, all_alike=False, only=only)  # type: ignore[arg-type]
            return True
        key = record_key(case["row"])
        place = int(desk.queue.places(np.array([key], np.int64))[0])
        drop = _decision(key, "record", check=case["check"], row=case["row"], answer="drop")
        words = [(at, "skip", None)] if place != at else []
        words += [(place, "accept", "drop")] if place >= 0 else []
        desk.decide_all(who, words, all_alike=False, only=only, wide=[] if place >= 0 else [drop])  # type: ignore[arg-type]
        return True

    async def note(self, request: "Request") -> "Response":
        """A note on a case is kept; the case is shown again."""
        from starlette.concurrency import run_in_threadpool

        form = await read_form(request)

        def noted() -> "Response":
            desk, who, only = self.board.desk, person(request), filtered(form)
            at = known_case(form.get("key", ""), desk)
            text = form.get("note", "").replace("\r\n", "\n").strip()[:MAX_NOTE]
            if who and at is not None and text:
                with self.board.decisions.turn():
                    self.board.decisions.note(int(form["key"]), who, text)
            return self.deciding.answered(request, at, only)

        return await run_in_threadpool(noted)

    async def back(self, request: "Request") -> "Response":
        """The case decided before the one in the address, as it was decided."""
        from starlette.responses import RedirectResponse

        query, desk = dict(request.query_params), self.board.desk
        at = int(query["at"]) if query.get("at", "").isdecimal() and len(query["at"]) < 12 else None
        desk.sync()
        before = _before(desk.history.get(person(request), []), at)
        to = before if before is not None else at
        return RedirectResponse(f"/work/{to}?{filtered(query).query()}" if to is not None else "/work", 303)

    async def ask_again(self, request: "Request") -> "Response":
        """A check that was switched off is asked about again."""
        from starlette.concurrency import run_in_threadpool
        from starlette.responses import RedirectResponse

        form = await read_form(request)
        if person(request):
            await run_in_threadpool(self.board.desk.ask_again, person(request), form.get("check", ""))
        return RedirectResponse(within(form.get("to", "/")), 303)


def _before(seen: list[int], at: int | None) -> int | None:
    """The case decided before another one; before one that was not decided, the last. None without any."""
    if at in seen:
        seen = seen[: len(seen) - 1 - seen[::-1].index(at)]
    return seen[-1] if seen else None


def _decision(key: int, kind: str, *, check: str | None, answer: str, row: int | None = None) -> Decision:
    """A decision about more than a case; the desk fills in who, when and batch."""
    about = {"row": row, "other": None, "column": None, "check": check, "item": None, "value": None}
    said = {"suggestion": None, "confidence": None, "verdict": "accept", "answer": answer}
    return Decision(key=key, kind=kind, **about, **said, who="", at="", seconds=None, batch="")  # type: ignore[arg-type]
