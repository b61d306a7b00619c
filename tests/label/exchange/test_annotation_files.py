from collections import Counter

import pytest

from karat.core.errors import InputError
from karat.label.exchange.annotation_files import (
    Ledger,
    by_item,
    first_entry,
    item_columns,
    labels_in,
    listed,
    most_used,
    vote_columns,
)


def test_the_ledger_says_how_many_and_why_not():
    assert str(Ledger(1200)) == "1,200 answers read, 0 not"
    assert str(Ledger(2, Counter({"skipped": 3, "discarded": 1}))) == "2 answers read, 4 not: 1 discarded, 3 skipped"


def test_the_first_entry_of_lists_lines_and_objects():
    assert first_entry(' [ {"a": 1}, {"b"') == {"a": 1}
    assert first_entry('{"a": 1}\n{"b": 2}') == {"a": 1}
    assert first_entry("token O") is first_entry("[]") is first_entry("") is None


def test_single_labels_stay_texts_and_several_become_lists():
    assert labels_in([["a"], ["b"]]) == ["a", "b"]
    assert labels_in([["a"], ["b", "c"], []]) == ['["a"]', '["b", "c"]', "[]"]
    assert labels_in([["a"], []]) == ["a", "[]"]
    assert (listed("a"), listed('["a"]'), listed("[x"), listed(None), listed('{"a": 1}')) == (
        ["a"],
        ["a"],
        ["[x"],
        [],
        [{"a": 1}],
    )


def test_the_question_answered_most_often_is_meant():
    assert most_used(Counter({"a": 2, "b": 3}), "", "X") == "b"
    assert most_used(Counter({"a": 2, "b": 3}), "a", "X") == "a"
    with pytest.raises(InputError, match="the question 'c' is not in the file of X; questions with answers: a"):
        most_used(Counter({"a": 2}), "c", "X")


def test_votes_and_items_are_tables_even_without_lines():
    assert vote_columns([]).column_names == ["item", "voter", "label", "seconds"]
    items = item_columns([("1", {"text": "x", "n": 3}), ("2", {"id": "k"})])
    assert items.to_pylist() == [{"item": "1", "text": "x"}, {"item": "2", "text": None}]
    assert by_item(items)["1"]["text"] == "x"
