"""A case as a person sees it: the question, what stands there, what is proposed, and the evidence."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from karat.core.schema import Role
from karat.show.language import evidence
from karat.show.masking import masked
from karat.show.review.assignment import ReviewDesk
from karat.show.review.items import Items
from karat.show.review.records import Record, Records
from karat.show.words import compared, short, title, value

LONG_TEXT = 120  # display: characters; from here on a cell is read, not looked at
MAX_CELLS = 60  # display: of a record
MAX_CHARACTERS = 400  # display: of a cell
MAX_WHOLE = 100_000  # cost: of a text shown whole
MAX_MASKED = 4_000  # cost: characters searched for personal data
TWO = 2  # definition: two tables are linked
FEW_COLUMNS = 4  # display: so few, and the text is the record
Say = Callable[..., str]


@dataclass(frozen=True)
class Shown:
    """Everything a page needs to tell a case."""

    case: dict[str, Any]
    question: str
    evidence: list[str]
    before: Any
    after: Any
    text: str | None
    cells: list[dict[str, Any]]
    sides: list[dict[str, Any]]
    one_table: bool
    pictures: list[tuple[int, int, str]]
    choices: list[str]
    accept: str
    reject: str
    answer_if_accepted: str | None
    answer_if_rejected: str | None
    edit: str
    alike: int
    whole: list[tuple[str, str]]


def shown(at: int, who: str, desk: ReviewDesk, records: Records, items: Items, say: Say, *, plain: bool) -> Shown:
    """A case ready to be drawn.

    Parameters
    ----------
    plain : bool
        Show personal data in the record's other cells; covered otherwise.
    """
    case = desk.queue.case(at)
    kind = case["kind"]
    record = records.get(case["row"])
    twin = records.get(case["other"], 1) if kind == "pair" else None
    label = kind in ("label", "conflict") or (kind == "next" and case["item"] is not None)
    before, after = compared(case["value"], case["suggestion"])
    accept, reject = answers(case, record, twin)
    return Shown(
        case=case,
        question=_question(case, say),
        evidence=_evidence(case),
        before=before,
        after=after if case["suggestion"] is not None else None,
        text=items.text(case["item"]) if case["item"] is not None else _reading(case, record, records),
        cells=_cells(record, case, records, plain=plain),
        sides=_sides(record, twin),
        one_table=records.tables < TWO,
        pictures=_pictures(case, record, twin, records),
        choices=_choices(case, records, items) if label or kind == "next" else [],
        accept=_accept(case, say, accept),
        reject=_reject(case, say),
        answer_if_accepted=accept,
        answer_if_rejected=reject,
        edit=case["suggestion"] if case["suggestion"] is not None else case["value"] or "",
        alike=desk.open_alike(who, at) if kind in ("cell", "pair") else 1,
        whole=_whole(case, record, twin, plain=plain),
    )


def answers(case: dict[str, Any], record: Record | None, twin: Record | None) -> tuple[str | None, str | None]:
    """What holds when a case is accepted, and when it is rejected; None where there is no such answer."""
    kind = case["kind"]
    if kind == "cell" and not case["value"]:
        return case["suggestion"] or None, ""  # a blank without a proposal can be filled in or left
    if kind in ("cell", "label"):
        wrong = case["suggestion"] if case["suggestion"] is not None else ("" if kind == "cell" else None)
        return wrong, None if kind == "label" and not case["value"] else case["value"] or ""
    if kind == "record":
        return "drop", "keep"
    if kind == "pair":
        return "right" if _filled(twin) > _filled(record) else "left", "different"
    if kind == "conflict":
        return case["suggestion"], None
    return ("{}" if case["item"] is None else case["suggestion"]), None


def _filled(record: Record | None) -> int:
    return sum(bool(text) for text in (record or {}).values())


def _question(case: dict[str, Any], say: Say) -> str:
    kind = case["kind"]
    if kind == "next":
        return say("ask.next" if case["item"] is None else "ask.item")
    if kind == "cell" and not case["value"]:
        return say("ask.fill" if case["suggestion"] else "ask.blank", column=case["column"] or "")
    return say(f"ask.{kind}", column=case["column"] or "")


def _accept(case: dict[str, Any], say: Say, answer: str | None) -> str:
    kind = case["kind"]
    if kind == "cell" and not case["value"]:
        return say("accept.fill") if answer else ""
    if kind == "cell":
        return say("accept.blank" if not answer else "accept.cell")
    if kind == "label":
        return say("accept.label") if answer is not None else ""
    if kind == "next" and case["item"] is not None:
        return say("accept.conflict", label=answer) if answer is not None else ""
    return say(f"accept.{kind}", label=answer)


def _reject(case: dict[str, Any], say: Say) -> str:
    if case["kind"] == "cell" and not case["value"]:
        return say("reject.fill")
    return say(f"reject.{case['kind']}" if case["kind"] != "next" or case["item"] is None else "reject.conflict")


def _whole(case: dict[str, Any], record: Record | None, twin: Record | None, *, plain: bool) -> list[tuple[str, str]]:
    """The texts of a case that the page shows cut: column, and the text from its first to its last character."""
    cells = [(name, text or "") for side in (record, twin) for name, text in list((side or {}).items())[:MAX_CELLS]]
    shown_whole = [
        (n, t if plain or n == case["column"] else masked(t[:MAX_WHOLE]) or "") for n, t in cells if len(t) > LONG_TEXT
    ]
    proposed = [(case["column"] or "", case["suggestion"])] if len(case["suggestion"] or "") > LONG_TEXT else []
    return [(name, text[:MAX_WHOLE]) for name, text in [*shown_whole, *proposed]]


def _reading(case: dict[str, Any], record: Record | None, records: Records) -> str | None:
    """The long text of a record whose label is asked about."""
    if record is None or records.schema is None or case["kind"] != "label":
        return None
    texts = [record.get(column.name) or "" for column in records.schema.with_role(Role.TEXT)]
    longest = max(texts, key=len, default="")
    return (
        longest if len(longest) >= LONG_TEXT or (longest and len(record) <= FEW_COLUMNS) else None
    )  # a few columns: the text is the record


def _evidence(case: dict[str, Any]) -> list[str]:
    """The evidence in lines; of linked records, a line for each thing that speaks for or against."""
    lines = (case["message"] or "").split("\n")
    if case["kind"] == "pair" and not case["check"]:
        lines = [part for line in lines for part in line.split("; ")]
    return [evidence(masked(line) or "") for line in lines if line]


def _cells(record: Record | None, case: dict[str, Any], records: Records, *, plain: bool) -> list[dict[str, Any]]:
    """The record's cells, the one in question marked."""
    out = []
    targets = {column.name for column in records.schema.with_role(Role.TARGET)} if records.schema else set()
    for name, text in list((record or {}).items())[:MAX_CELLS]:
        asked = name == case["column"]
        cell = value(
            text if plain or asked or case["kind"] == "next" else masked(short(text or "", MAX_MASKED)), MAX_CHARACTERS
        )
        label = name in targets
        out.append({"name": name, "text": text or "", "cell": cell, "asked": asked, "label": label})
    return out


def _sides(record: Record | None, twin: Record | None) -> list[dict[str, Any]]:
    """Two records side by side, what differs marked; columns of either one alone too."""
    if record is None or twin is None:
        return []
    out = []
    for name in list(dict.fromkeys([*record, *twin]))[:MAX_CELLS]:
        left, right = record.get(name), twin.get(name)
        differs = name in record and name in twin and (left or "") != (right or "")
        cells = compared(left, right) if differs else (value(left, MAX_CHARACTERS), value(right, MAX_CHARACTERS))
        shown_cells = [cell if name in side else "" for cell, side in zip(cells, (record, twin), strict=True)]
        out.append({"name": name, "left": shown_cells[0], "right": shown_cells[1], "differs": differs})
    return out


def _pictures(
    case: dict[str, Any], record: Record | None, twin: Record | None, records: Records
) -> list[tuple[int, int, str]]:
    """Row, side and column of each picture to show."""
    out = []
    for row, side, there in ((case["row"], 0, record), (case["other"], 1, twin)):
        if there is not None and row is not None:
            out += [(row, side, column) for column in records.pictures]
    return out


def _choices(case: dict[str, Any], records: Records, items: Items) -> list[str]:
    """The labels to choose from: proposed, given, then the frequent ones."""
    known = items.labels if case["item"] is not None else records.classes
    first = [label for label in (case["suggestion"], case["value"]) if label]
    return list(dict.fromkeys([*first, *known]))


def listed(places: list[int], desk: ReviewDesk) -> list[dict[str, Any]]:
    """Cases as lines of a list."""
    rows = []
    for at in places:
        case = desk.queue.case(at)
        before, after = compared(masked(case["value"]), masked(case["suggestion"]))
        rows.append(
            case
            | {
                "before": before
                if (case["value"] is not None and case["kind"] != "pair") or case["kind"] == "cell"
                else None,
                "after": after if case["suggestion"] is not None else None,
                "title": title(case["check"] or ""),
                "said": short(evidence(masked((case["message"] or "").split("\n")[0]) or ""), 140),
                "verdicts": sorted(desk.verdicts(at).items()),
                "split": at in desk.split,
            }
        )
    return rows
