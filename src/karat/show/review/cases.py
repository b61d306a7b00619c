"""A case as a person sees it: the question, what stands there, what is proposed, and the evidence."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from karat.core.schema import Role
from karat.show.masking import masked
from karat.show.review.desk import Desk
from karat.show.review.items import Items
from karat.show.review.records import Record, Records
from karat.show.words import compared, value

LONG_TEXT = 120  # characters; from here on a cell is read, not looked at
MAX_CELLS = 60
FEW_COLUMNS = 4  # so few, and the text is the record
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
    twin: list[dict[str, Any]]
    pictures: list[tuple[int, int, str]]
    choices: list[str]
    accept: str
    reject: str
    answer_if_accepted: str | None
    answer_if_rejected: str | None
    edit: str
    alike: int


def shown(at: int, who: str, desk: Desk, records: Records, items: Items, say: Say, *, plain: bool) -> Shown:
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
        evidence=[masked(line) or "" for line in (case["message"] or "").split("\n") if line],
        before=before,
        after=after if case["suggestion"] is not None else None,
        text=items.text(case["item"]) if case["item"] is not None else _reading(case, record, records),
        cells=_cells(record, case, twin, plain=plain),
        twin=_cells(twin, case, record, plain=plain),
        pictures=_pictures(case, record, twin, records),
        choices=_choices(case, records, items) if label else [],
        accept=_accept(case, say, accept),
        reject=say(f"reject.{kind}" if kind != "next" or case["item"] is None else "reject.conflict"),
        answer_if_accepted=accept,
        answer_if_rejected=reject,
        edit=case["suggestion"] if case["suggestion"] is not None else case["value"] or "",
        alike=desk.open_alike(who, at) if kind == "cell" else 1,
    )


def answers(case: dict[str, Any], record: Record | None, twin: Record | None) -> tuple[str | None, str | None]:
    """What holds when a case is accepted, and when it is rejected; None where there is no such answer."""
    kind = case["kind"]
    if kind in ("cell", "label"):
        wrong = case["suggestion"] if case["suggestion"] is not None else ("" if kind == "cell" else None)
        return wrong, case["value"] or ""
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
    return say(f"ask.{kind}", column=case["column"] or "")


def _accept(case: dict[str, Any], say: Say, answer: str | None) -> str:
    kind = case["kind"]
    if kind == "cell":
        return say("accept.blank" if not answer else "accept.cell")
    if kind == "label":
        return say("accept.label") if answer is not None else ""
    if kind == "next" and case["item"] is not None:
        return say("accept.conflict", label=answer) if answer is not None else ""
    return say(f"accept.{kind}", label=answer)


def _reading(case: dict[str, Any], record: Record | None, records: Records) -> str | None:
    """The long text of a record whose label or whole is asked about."""
    if record is None or records.schema is None or case["kind"] not in ("label", "next"):
        return None
    texts = [record.get(column.name) or "" for column in records.schema.with_role(Role.TEXT)]
    longest = max(texts, key=len, default="")
    return (
        longest if len(longest) >= LONG_TEXT or (longest and len(record) <= 4) else None
    )  # a few columns: the text is the record


def _cells(record: Record | None, case: dict[str, Any], twin: Record | None, *, plain: bool) -> list[dict[str, Any]]:
    """The record's cells, the one in question marked; in a pair those that differ."""
    if record is None:
        return []
    out = []
    for name, text in list(record.items())[:MAX_CELLS]:
        asked = name == case["column"]
        cell: Any = value(text if plain or asked or case["kind"] == "next" else masked(text), 400)
        if twin is not None and (text or "") != (twin.get(name) or ""):
            cell = compared(twin.get(name), text)[1]
        differs = twin is not None and (text or "") != (twin.get(name) or "")
        out.append({"name": name, "text": text or "", "cell": cell, "asked": asked, "differs": differs})
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


def listed(places: list[int], desk: Desk) -> list[dict[str, Any]]:
    """Cases as lines of a list."""
    from karat.show.words import short, title

    rows = []
    for at in places:
        case = desk.queue.case(at)
        before, after = compared(masked(case["value"]), masked(case["suggestion"]))
        rows.append(
            case
            | {
                "before": before if case["value"] is not None or case["kind"] == "cell" else None,
                "after": after if case["suggestion"] is not None else None,
                "title": title(case["check"] or ""),
                "said": short(masked((case["message"] or "").split("\n")[0]) or "", 140),
                "verdicts": sorted(desk.verdicts(at).items()),
                "split": at in desk.split,
            }
        )
    return rows
