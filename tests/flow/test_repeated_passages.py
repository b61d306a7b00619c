"""Cuts of what an earlier document says: in order, none inside another, and the texts without them."""

import pyarrow as pa

from karat.flow.document_verdicts import Verdicts
from karat.flow.repeated_passages import CUTS, Cuts, _apart, cut_out, find


def cut(row: int, start: int, end: int, check: str = "RepeatedLines", keeper: int = 0) -> dict:
    spans = {"row": row, "span_start": start, "span_end": end}
    return spans | {"check": check, "measure": 3.0, "limit": 2.0, "keeper": keeper}


def cuts(*entries: dict) -> pa.Table:
    return pa.Table.from_pylist(list(entries), schema=CUTS)


def spans(table: pa.Table) -> list[tuple[int, int, int]]:
    return [(entry["row"], entry["span_start"], entry["span_end"]) for entry in table.to_pylist()]


def test_a_cut_that_begins_inside_another_is_left_out() -> None:
    table = cuts(cut(1, 5, 9), cut(0, 3, 6), cut(0, 0, 4), cut(0, 0, 2), cut(0, 4, 5), cut(1, 0, 5))
    assert spans(_apart(table)) == [(0, 0, 4), (0, 4, 5), (1, 0, 5), (1, 5, 9)]


def test_texts_lose_their_cuts_and_the_ledger_holds_them() -> None:
    texts = pa.array(["abcdef", "untouched", "xyz"])
    rest, ledger = cut_out(texts, cuts(cut(0, 0, 2), cut(0, 4, 5), cut(2, 1, 3, "RepeatedPassages", 7)), "t")
    assert rest.to_pylist() == ["cdf", "untouched", "x"]
    assert [(entry["row"], entry["before"], entry["after"], entry["keeper"]) for entry in ledger.to_pylist()] == [
        (0, "ab", "", 0),
        (0, "e", "", 0),
        (2, "yz", "", 7),
    ]
    assert cut_out(texts, cuts(), "t")[0] is texts


def test_cuts_of_a_stretch_are_counted_from_its_first_document() -> None:
    table = Cuts(cuts(cut(0, 0, 1), cut(4, 0, 1), cut(4, 2, 3), cut(5, 0, 1), cut(9, 0, 1)))
    assert spans(table.within(4, 9)) == [(0, 0, 1), (0, 2, 3), (1, 0, 1)]
    assert spans(table.within(1, 4)) == []
    assert spans(table.within(9, 10)) == [(0, 0, 1)]


LINE = "This line stands at the foot of every page of this site."


def test_lines_are_found_in_more_than_so_many_kept_documents(parts_of, tmp_path) -> None:
    texts = [f"The story number {k} is told here at some length.\n{LINE}" for k in range(4)]
    _, parts = parts_of(texts[:2], texts[2:], sign=False)
    verdicts = Verdicts.all_kept(4)
    begin = len(texts[0]) - len(LINE)
    table = find(parts, "text", verdicts, tmp_path, lines=3, tokens=0)
    assert [row for row, _, _ in spans(table)] == [1, 2, 3]
    assert all(start <= begin < end for _, start, end in spans(table))
    assert set(table["keeper"].to_pylist()) == {0}
    assert Cuts.read(tmp_path).table.equals(table)
    assert not (tmp_path / "kept.arrow").exists()
    assert find(parts, "text", verdicts, tmp_path, lines=4, tokens=0).num_rows == 0
    assert find(parts, "text", verdicts, tmp_path, lines=0, tokens=0).num_rows == 0
    verdicts.drop(("C", ""), verdicts.rows_of("none").astype("i8"))
    verdicts.step[0] = 0
    assert find(parts, "text", verdicts, tmp_path, lines=3, tokens=0).num_rows == 0
    assert [row for row, _, _ in spans(find(parts, "text", verdicts, tmp_path, lines=2, tokens=0))] == [2, 3]
