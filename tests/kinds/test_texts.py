"""Documents are recognised by one column of long texts and nothing to predict."""

import pytest

from karat import kinds
from tests.kinds._samples import beginning_of, facts_of, kind_of, sample_of

LONG = "A sentence of a document that goes on for quite some time and says this and that. " * 5
LONGER = [f"{at} {LONG}" for at in range(40)]


@pytest.mark.parametrize(
    "columns",
    [
        {"anything": LONGER},
        {"id": range(40), "text": LONGER},
        {"Content": [text if at % 9 else None for at, text in enumerate(LONGER)], "url": [""] * 40},
        {"text": LONGER, "meta": ['{"source": "' + LONG + '"}'] * 40},
        {"正文": ["他在那里住了很多年。" * 30] * 40},
    ],
)
def test_documents(columns):
    assert kind_of(beginning_of(columns)) == "text"


@pytest.mark.parametrize(
    "columns",
    [
        {"note": LONGER, "owner": ["amy", "ben"] * 20},  # a long note beside other columns
        {"text": ["short"] * 40},
        {"text": LONGER, "body": LONGER},
        {"text": [LONG] * 20 + [None] * 20, "id": range(40)},
        {"chosen": LONGER, "rejected": ["no"] * 40},
        {"text": ["[" + LONG + "]"] * 40},
    ],
)
def test_other_shapes(columns):
    assert kind_of(beginning_of(columns)) == "table"


def test_a_target_makes_it_a_table():
    assert kind_of(beginning_of({"text": LONGER, "label": ["a", "b"] * 20}, target="label")) == "table"


def test_once_all_records_are_read_it_is_too_late_for_documents():
    assert kind_of(sample_of({"text": LONGER})) == "table"


def test_a_list_of_strings_holds_documents_and_elsewhere_paths():
    assert kinds.of("text").of_strings(["a", None])["text"].to_pylist() == ["a", None]
    assert kinds.of("table").of_strings(["a.csv"]) == ["a.csv"]


def test_it_says_how_long_the_documents_are():
    facts = facts_of({"text": ["x" * size for size in (100, 200, 900)]}, "text", overrides={"text": {"role": "text"}})
    assert facts == {"documents": "column 'text'", "length": "200 characters (median), from 100 to 900"}
