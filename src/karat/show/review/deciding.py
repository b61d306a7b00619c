"""The pages on which cases are decided: the work, one case after another, and what is sent when a key is pressed."""

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from karat.flow.decisions import KINDS
from karat.show.review.assignment import Filter
from karat.show.review.browsing import PAGE, SORTS, STATES, Asked, Searches, lines_of
from karat.show.review.cases import answers, listed, shown
from karat.show.review.languages import says
from karat.show.review.page import View, good_name, keep, language, person, render
from karat.show.review.session import Board

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

MAX_FORM_BYTES = 4 << 20  # cost: a larger form is refused
MAX_TEXT = 200  # cost: characters searched for
CURVE_POINTS = 120  # display: of the curve


@dataclass(frozen=True)
class Deciding:
    """The endpoints of the work."""

    board: Board
    searches: Searches = field(default_factory=Searches)

    def home(self, request: "Request") -> View | None:
        """What waits, by kind, and how far it is."""
        desk = self.board.desk
        desk.sync()
        kinds = []
        for at, kind in enumerate(KINDS):
            here = (desk.kinds == at) & desk.mask(Filter())
            total, done = int(here.sum()), int((here & (desk.voices > 0)).sum())
            if total:
                kinds.append({"kind": kind, "total": total, "done": done})
        return "home.html", {"kinds": kinds, "split": len(desk.split), "off": desk.switched_off, **self.progress()}

    def work(self, request: "Request") -> View | None:
        """The next case of a filter, or one case by its number."""
        who, desk = person(request), self.board.desk
        if not who:
            return "signin.html", {"bad": False, "to": request.url.path + "?" + request.url.query}
        only = filtered(dict(request.query_params))
        asked = request.path_params.get("at")
        if asked is not None and asked >= desk.queue.size:
            return None
        return self.case(request, desk.hand_out(who, only) if asked is None else asked, only)

    def case(self, request: "Request", at: int | None, only: Filter, warning: str = "") -> View:
        """One case, or that nothing waits."""
        say, desk = says(language(request)), self.board.desk
        values: dict[str, Any] = {"only": only, "warning": warning, **self.progress(only)}
        if at is None:
            return "nothing.html", values
        plain = request.cookies.get("karat_plain") == "1"
        view = shown(at, person(request), desk, self.board.records, self.board.items, say, plain=plain)
        column = view.case["column"]
        values |= {"one": view, "case": view.case, "plain": plain, "has_record": bool(view.cells)}
        values["notes"] = [(who, text) for _, who, _, text in self.board.decisions.notes(int(view.case["key"]))]
        values["mine"] = desk.verdicts(at).get(person(request))
        values["votes"] = self.board.items.votes(view.case["item"]) if view.case["item"] is not None else []
        values["shape"] = self._shape(column) if column else None
        return "case.html", values

    def _shape(self, column: str) -> dict[str, Any] | None:
        from karat.show.review.image_routes import column_shape

        return self.board.once(("shape", column), lambda: column_shape(self.board, column))

    def progress(self, only: Filter | None = None) -> dict[str, Any]:
        """How much is done, and what is expected to be left."""
        desk = self.board.desk
        # on the page of all work, what is only suggested next needs no review
        mask = desk.mask(only or Filter()) & (True if only else desk.kinds != KINDS.index("next"))
        left = desk.left(mask)
        cells = self.board.cells
        return {
            "total": int(mask.sum()),
            "done": int((mask & (desk.voices > 0)).sum()),
            "left": None if left is None else dict(zip(("middle", "low", "high"), left, strict=True)),
            "right_share": 1 - desk.estimate.left()[0] / cells if cells else None,
            "curve": curve(desk.estimate.points),
        }

    def cases(self, request: "Request") -> View | None:
        """A list of cases."""
        query = dict(request.query_params)
        asked, desk = asked_of(query), self.board.desk
        lines = lines_of(desk, asked, self.searches)
        pages = max(1, -(-lines.lines // PAGE))
        optional = desk.kinds == KINDS.index("next")  # what is only suggested needs no review
        suggested = 0 if asked.only.kind or asked.text else int((optional & desk.mask(asked.only)).sum())
        suggested = suggested if asked.state in ("open", "all") else 0
        rows = listed(lines.places, desk)
        return "cases.html", {
            "rows": [row | {"times": n, "gain": g} for row, n, g in zip(rows, lines.sizes, lines.gains, strict=True)],
            "asked": asked,
            "only": asked.only,
            "states": STATES,
            "sorts": SORTS,
            "total": lines.cases - suggested,
            "suggested": suggested,
            "lines": lines.lines,
            "number": min(asked.page + 1, pages),
            "pages": pages,
            "decided": int(query["decided"]) if re.fullmatch("[0-9]{1,9}", query.get("decided", "")) else None,
            "kinds": [kind for at, kind in enumerate(KINDS) if (desk.kinds == at).any()],
            "checks": desk.queue.coded("check")[1],
            "columns": desk.queue.coded("column")[1],
        }

    async def decide(self, request: "Request") -> "Response":
        """A key was pressed: write it down, answer with the next case."""
        from starlette.concurrency import run_in_threadpool

        form = await read_form(request)
        return await run_in_threadpool(self._decided, request, form)

    def _decided(self, request: "Request", form: dict[str, str]) -> "Response":
        self.board.refresh()
        say, desk, who = says(language(request)), self.board.desk, person(request)
        only = filtered(form)
        if not who:
            return render(request, self.board, "signin.html", {"bad": False, "to": "/work"}, 401)
        at = known_case(form.get("key", ""), desk)
        if at is None:
            return self.answered(request, desk.hand_out(who, only), only, say("gone"))
        form = _pressed(form)
        answer = self.meant(form, at)
        if answer is None:
            return self.answered(request, at, only, say("answer.wanted"))
        following = desk.decide(who, at, *answer, all_alike=form.get("alike") == "1", only=only)
        return self.answered(request, following, only)

    def meant(self, form: dict[str, str], at: int) -> tuple[str, str | None] | None:
        """Verdict and answer that a form means; None when it means none."""
        verdict = form.get("verdict", "")
        case = self.board.desk.queue.case(at)
        record = self.board.records.get(case["row"])
        accepted, rejected = answers(case, record, self.board.records.get(case["other"], 1))
        if verdict == "skip":
            return "skip", None
        if verdict == "accept" and case["kind"] == "next" and case["item"] is None:
            changed = _changed(record, form)
            return ("edit" if changed else "accept"), json.dumps(changed, ensure_ascii=False, sort_keys=True)
        if case["kind"] == "pair" and verdict == "accept" and form.get("answer") in ("left", "right"):
            return "accept", form["answer"]
        if verdict == "edit" and "answer" in form and case["kind"] not in ("record", "pair"):
            return _edited(form["answer"], case, accepted, rejected)
        answer = {"accept": accepted, "reject": rejected}.get(verdict)
        return None if answer is None else (verdict, answer)

    async def undo(self, request: "Request") -> "Response":
        """The last word is taken back."""
        from starlette.concurrency import run_in_threadpool
        from starlette.responses import RedirectResponse

        form = await read_form(request)

        def taken_back() -> "Response":
            self.board.refresh()
            who, only = person(request), filtered(form)
            at = self.board.desk.undo(who) if who else None
            if "to" in form:
                return RedirectResponse(within(form["to"]), 303)
            return self.answered(request, at if at is not None else self.board.desk.hand_out(who, only), only)

        return await run_in_threadpool(taken_back)

    def answered(self, request: "Request", at: int | None, only: Filter, warning: str = "") -> "Response":
        """A case as the answer to a form: its part of the page for htmx, else its address."""
        from starlette.responses import RedirectResponse

        if request.headers.get("hx-request") != "true" and not warning:
            to = f"/work/{at}" if at is not None else "/work"
            return RedirectResponse(f"{to}?{only.query()}", 303)
        return render(request, self.board, *self.case(request, at, only, warning))

    async def sign_in(self, request: "Request") -> "Response":
        """A name is given."""
        from starlette.responses import RedirectResponse

        form = await read_form(request)
        name, to = good_name(form.get("name", "")), within(form.get("to", "/"))
        if not name:
            return render(request, self.board, "signin.html", {"bad": "name" in form, "to": to})
        response = RedirectResponse(to, 303)
        keep(response, "karat_who", name)
        return response

    async def choose(self, request: "Request") -> "Response":
        """Language, or whether personal data is covered."""
        from starlette.responses import RedirectResponse

        form = await read_form(request)
        response = RedirectResponse(within(form.get("to", "/")), 303)
        for name in ("karat_language", "karat_plain"):
            if name in form:
                keep(response, name, form[name][:8])
        return response


def filtered(query: dict[str, str]) -> Filter:
    """The filter in an address or a form."""
    return Filter(*(query.get(name, "") for name in ("kind", "check", "column")))


def asked_of(query: dict[str, str]) -> Asked:
    """What an address or a form asks of the list; what it cannot mean counts as not said."""
    state, sort = query.get("state", ""), query.get("sort", "")
    number = int(query["page"]) if re.fullmatch("[0-9]{1,9}", query.get("page", "")) else 1
    return Asked(
        filtered(query),
        state if state in STATES else "open",
        query.get("q", "").strip()[:MAX_TEXT],
        sort if sort in SORTS else "gain",
        query.get("together", "1") != "0",
        max(0, number - 1),
    )


async def read_form(request: "Request") -> dict[str, str]:
    """The fields of a form, the last of each name; too large a form counts as empty."""
    return dict(await read_fields(request))


async def read_fields(request: "Request") -> list[tuple[str, str]]:
    """The fields of a form as they were sent; too large a form counts as empty."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_FORM_BYTES:
            return []
        parts.append(part)
    return parse_qsl(b"".join(parts).decode("utf-8", "replace"), keep_blank_values=True)


def _pressed(form: dict[str, str]) -> dict[str, str]:
    """A form whose button says more than a verdict: a label picked, a side kept, all that are alike."""
    if "pick" in form:
        return form | {"verdict": "edit", "answer": form["pick"]}
    if "side" in form:
        return form | {"verdict": "accept", "answer": form["side"]}
    if "everything" in form:
        return form | {"verdict": form["everything"], "alike": "1"}
    return form


def within(address: str) -> str:
    """An address of this page, never of another."""
    return "/" + address.lstrip("/\\") if not any(c in address for c in "\r\n\\") else "/"


def known_case(key: str, desk: Any) -> int | None:
    """Where the case with a key stands now, since a new run may have moved it; None where it is there no more."""
    import numpy as np

    if not re.fullmatch("-?[0-9]{1,19}", key) or abs(int(key)) >= 1 << 63:
        return None
    at = int(desk.queue.places(np.array([int(key)], np.int64))[0])
    return at if at >= 0 else None


def _changed(record: dict[str, str | None] | None, form: dict[str, str]) -> dict[str, str]:
    """Cells of a whole record that a person changed; a browser's line ends are no change."""
    out = {}
    for at, (name, text) in enumerate((record or {}).items()):
        sent = form.get(f"cell.{at}")
        if sent is not None and sent.replace("\r\n", "\n") != (text or "").replace("\r\n", "\n"):
            out[name] = sent
    return out


def _edited(answer: str, case: dict[str, Any], accepted: str | None, rejected: str | None) -> tuple[str, str] | None:
    """What was written: no edit when it is what stood there or what was proposed."""
    answer = answer.replace("\r\n", "\n") if "\r\n" not in (case["value"] or "") else answer
    if case["kind"] in ("label", "conflict", "next") and not answer:
        return None
    if answer == rejected:
        return "reject", answer
    return ("accept" if answer == accepted else "edit"), answer


def curve(points: list[tuple[int, float]]) -> str:
    """Errors expected over cases decided, as the points of a line in a box of 100 by 30; "" before anything moved."""
    if len(points) < 2 or points[-1][0] <= points[0][0]:
        return ""
    step = max(1, len(points) // CURVE_POINTS)
    kept = [*points[:-1:step], points[-1]]
    high = max(left for _, left in kept) or 1.0
    wide = max(done for done, _ in kept) or 1
    return " ".join(f"{100 * done / wide:.2f},{29 - 27 * left / high:.2f}" for done, left in kept)
