"""Findings and changes by check: counts, columns, and examples that differ from one another."""

import json
from typing import Any

import pyarrow as pa

from karat.core.finding import Dimension, findings, no_findings
from karat.core.patch import changes, no_changes
from karat.show.grouped_findings import MAX_EXAMPLES, about, changed_by_check, found_by_check


def result(check: str, cells: list[tuple[str | None, str, float]], **more: Any) -> pa.Table:
    columns, values, confidence = (list(part) for part in zip(*cells, strict=True))
    return findings(
        check,
        Dimension.ACCURACY,
        len(cells),
        **({"row": list(range(len(cells))), "message": "m"} | more),
        column=columns,
        value=values,
        confidence=confidence,
    )


def test_nothing_found_is_no_group() -> None:
    assert found_by_check(no_findings()) == []
    assert changed_by_check(no_changes()) == []


def test_sure_and_frequent_checks_stand_first() -> None:
    table = pa.concat_tables(
        [
            result("Doubt", [("a", "x", 0.49)] * 9),
            result("Rare", [("a", "x", 0.5)]),
            result("Often", [("a", "x", 0.9), ("b", "y", 0.9), ("b", "z", 0.1)]),
            result("Even", [("a", "x", 0.9)]),
        ]
    )
    groups = found_by_check(table)
    assert [(group["code"], group["sure"], group["total"]) for group in groups] == [
        ("Often", 2, 3),
        ("Even", 1, 1),
        ("Rare", 1, 1),
        ("Doubt", 0, 9),
    ]
    assert groups[0]["columns"] == [("b", 2), ("a", 1)]
    assert groups[0]["title"] == "Often"
    assert groups[0]["dimension"] == "accuracy"


def test_examples_alike_are_told_once_with_their_number_the_surest_first() -> None:
    (group,) = found_by_check(result("C", [("a", "x", 0.6), ("a", "y", 0.9), ("a", "x", 0.6)]))
    assert [(e["row"], e["times"], e["confidence"]) for e in group["examples"]] == [(1, 1, 0.9), (0, 2, 0.6)]


def test_one_bad_column_does_not_hide_the_others() -> None:
    cells = [("bad", f"v{k}", 0.9) for k in range(20)] + [("good", "w", 0.6)]
    (group,) = found_by_check(result("C", cells))
    assert len(group["examples"]) == MAX_EXAMPLES
    assert [example["column"] for example in group["examples"]] == ["bad", "good"] + ["bad"] * (MAX_EXAMPLES - 2)


def test_an_example_shows_its_cell_masked_and_what_is_proposed() -> None:
    table = result(
        "C", [("a", "wei@b.cn", 0.9), ("a", "ab", 0.8)], suggestion=[None, "ac"], message="call 138-1234-5678"
    )
    first, second = found_by_check(table)[0]["examples"]
    assert first["value"] == '<span class="v">we*@*.**</span>'
    assert first["suggestion"] is None
    assert first["message"] == "call 13*-****-****"
    assert second["value"] == '<span class="v">a<del>b</del></span>'
    assert second["suggestion"] == '<span class="v">a<ins>c</ins></span>'
    blank = findings("C", Dimension.ACCURACY, 1, column="a", confidence=1.0, message="gaps")
    assert found_by_check(blank)[0]["examples"][0]["value"] is None


def test_a_check_is_described_by_its_own_first_sentence() -> None:
    assert about("MissingValues")
    assert "\n" not in about("MissingValues")
    assert about("NoSuchCheck") == ""


def test_changes_by_check_and_action() -> None:
    record = json.dumps({"a": "1", "b": None, "c": "", "d": "城"})
    table = pa.concat_tables(
        [
            changes(2, row=[1, 2], column="a", action="set", before="ab", after="ac", check="S", confidence=0.9),
            changes(1, row=[3], action="drop", before=[record], check="D", confidence=1.0, keeper=[0]),
        ]
    )
    first, second = changed_by_check(table)
    assert (first["code"], first["action"], first["count"], first["columns"]) == ("S", "set", 2, [("a", 2)])
    (example,) = first["examples"]
    assert example["times"] == 2
    assert example["suggestion"] == '<span class="v">a<ins>c</ins></span>'
    assert example["message"] == ""
    (removed,) = second["examples"]
    assert removed["value"] == '<span class="v">1 · 城</span>'
    assert removed["suggestion"] is None
    assert removed["message"] == "Row 0 was kept instead."


def test_removed_records_are_told_apart_by_row_and_odd_ones_as_they_are() -> None:
    table = changes(3, row=[1, 2, 2], action="drop", before=["no json", "[1]", "[1]"], check="D", confidence=1.0)
    examples = changed_by_check(table)[0]["examples"]
    assert [(e["row"], e["times"], str(e["value"])) for e in examples] == [
        (2, 2, '<span class="v">[1]</span>'),
        (1, 1, '<span class="v">no json</span>'),
    ]
