"""Rules in a user's file."""

import numpy as np
import pyarrow as pa
import pytest

import karat
from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.schema import Column, Role, Schema
from karat.label.rules import Rules, load_rules

FILE = """
import karat

@karat.rule
def money(record):
    return "垃圾" if "转账" in (record["text"] or "") else None

@karat.rule(name="短")
def short(record):
    return 0 if record["text"] is not None and len(record["text"]) < 4 else None

def no_rule(record):
    return "x"
"""


def block(texts):
    table = pa.table({"id": [f"t{i}" for i in range(len(texts))], "text": pa.array(texts, pa.string())})
    return Block(np.arange(len(texts)), table, Schema((Column("id", Role.ID), Column("text", Role.TEXT))))


def written(tmp_path, text=FILE):
    place = tmp_path / "rules.py"
    place.write_text(text, encoding="utf-8")
    return place


def test_rules_vote_and_abstain(tmp_path):
    votes = Rules(str(written(tmp_path))).vote(block(["请转账", "hello there", None]))
    assert votes.to_pylist() == [
        {"item": "t0", "voter": "money", "label": "垃圾"},
        {"item": "t0", "voter": "短", "label": "0"},
    ]
    assert [one.name for one in load_rules(written(tmp_path))] == ["money", "短"]


def test_a_rule_stays_a_function():
    @karat.rule
    def loud(record):
        return "shout" if record["text"].isupper() else None

    assert loud({"text": "HELLO"}) == "shout"
    assert loud.name == "loud"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", "no functions under @karat.rule"),
        ("def (", "failed while it was read: SyntaxError"),
        (
            "import karat\n@karat.rule\ndef a(r): return r['title']",
            "failed on item 't0': KeyError: 'title'",
        ),
        ("import karat\n@karat.rule\ndef a(r): return 1.5", "rule a of .* gave 1.5"),
        ("import karat\na = karat.rule(lambda r: 1)\nb = karat.rule(lambda r: 2)", "two rules of one name: <lambda>"),
    ],
)
def test_a_bad_file_is_refused_with_the_place(tmp_path, text, said):
    with pytest.raises(InputError, match=said):
        Rules(str(written(tmp_path, text))).vote(block(["abc"]))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="not found"):
        load_rules(tmp_path / "none.py")
