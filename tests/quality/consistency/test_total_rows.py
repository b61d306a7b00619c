"""Rows of totals are found by their sums, offered for removal, and never removed unasked."""

import pyarrow as pa

import karat
from karat.clean.drop_total_rows import DropTotalRows
from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency.total_rows import TotalRows

SCHEMA = Schema((Column("who", Role.ID), Column("town", Role.CATEGORY), Column("paid", Role.NUMBER, "float64")))


def judged(*rows):
    names = [column.name for column in SCHEMA]
    table = pa.table(
        {name: pa.array(cells, pa.string()) for name, cells in zip(names, zip(*rows, strict=True), strict=True)}
    )
    block = Block(pa.array(range(len(rows))).to_numpy(), table, SCHEMA)
    check = TotalRows()
    return block, check.judge(check.learn(block), block)


RECORDS = [(f"c{at}", "Rome", f"{at * 1.25:.2f}") for at in range(40)]


def test_a_row_that_holds_the_sum_is_found_and_offered_for_removal():
    block, found = judged(*RECORDS, ("Total", None, "975.00"))
    assert found["row"].to_pylist() == [40]
    assert found["confidence"][0].as_py() > 0.95
    assert found["message"][0].as_py() == (
        "the row says 'Total' and 1 of its 3 cells are blank; 975 in 'paid' is equal to the sum of the other "
        "40 numbers, 975: a row of totals"
    )
    proposed = DropTotalRows().propose(block, found)
    assert (proposed["action"].to_pylist(), proposed["row"].to_pylist()) == (["drop"], [40])
    assert not DropTotalRows().safe


def test_words_and_numbers_that_prove_nothing_stay_below_one_half():
    _, found = judged(*RECORDS, ("合计", None, "12.00"))
    assert found["confidence"].to_pylist() == [0.4]
    _, found = judged(*RECORDS, ("Total Wine", None, "975.00"), ("Sumner", None, "975.00"))
    assert not found.num_rows
    _, found = judged(*RECORDS, ("c41", "Total", "975.00"))
    assert not found.num_rows


def test_a_sum_of_numbers_that_were_damaged_since_is_likely():
    _, found = judged(*RECORDS, ("Summe", None, "1,000.00".replace(",", "")))
    assert found["confidence"].to_pylist() == [0.75]


def test_the_word_may_stand_in_a_column_of_numbers():
    names = ("number", "town", "paid")
    schema = Schema((Column("number", Role.NUMBER, "int64"), *SCHEMA.columns[1:]))
    rows = [(str(1000 + at), town, paid) for at, (_, town, paid) in enumerate(RECORDS)]
    for last, confidence in ((("Summe", None, "975.00"), [0.97]), (("Sum of it", None, "975.00"), [])):
        cells = zip(*rows, last, strict=True)
        table = pa.table({name: pa.array(values, pa.string()) for name, values in zip(names, cells, strict=True)})
        block = Block(pa.array(range(41)).to_numpy(), table, schema)
        check = TotalRows()
        assert check.applies(schema) is None
        assert check.judge(check.learn(block), block)["confidence"].to_pylist() == confidence


def test_it_waits_for_a_person(tmp_path):
    text = "who,town,paid\n" + "".join(",".join(row) + "\n" for row in RECORDS) + "Total,,975.00\n"
    (tmp_path / "t.csv").write_text(text)
    done = karat.clean(tmp_path / "t.csv", out=tmp_path / "run")
    assert done.accounting["kept"] == 41
    assert (40, "TotalRows") in [(case["row"], case["check"]) for case in done.review.to_pylist()]
