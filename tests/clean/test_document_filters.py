"""Expressions, lists of addresses, hosts and an order of texts that is their own."""

import pyarrow as pa
import pytest

from karat.clean.document_filters import (
    AddressList,
    first_match,
    host_of,
    listed,
    replaced,
    require_expressions,
    text_order,
)
from karat.core.errors import InputError, OptionError


def test_the_first_expression_that_matches_counts():
    texts = pa.array(["spam here", "ham", None, "a spam ham"])
    assert first_match(texts, ["ham", "spam"]).tolist() == [2, 1, 0, 1]


def test_expressions_are_replaced_one_after_the_other():
    assert replaced(pa.array(["a1 b22"]), {r"\d+": "#", "#": "<>"}).to_pylist() == ["a<> b<>"]
    assert replaced(pa.array(["ab"]), {"(a)(b)": r"\2\1"}).to_pylist() == ["ba"]


def test_what_is_no_expression_is_one_line():
    with pytest.raises(OptionError, match=r"\[clean\] keep_matching has '\(\?<=a\)b', which is no expression of RE2"):
        require_expressions("keep_matching", ["ok", "(?<=a)b"])
    with pytest.raises(OptionError, match=r"\[clean\] replace has"):
        replaced(pa.array(["ab"]), {"a": r"\7"})


@pytest.mark.parametrize(
    ("address", "on_it"),
    [
        ("http://bad.com/x", True),
        ("https://WWW.Bad.com", True),
        ("http://deep.bad.com/a?b", True),
        ("http://notbad.com", False),
        ("http://ok.org/spam/page", True),
        ("http://ok.org/spammer", False),
        ("http://ok.org/", False),
        ("bad.com:8080/a", True),
        ("", False),
        (None, False),
    ],
)
def test_a_domain_stands_for_those_below_it_and_an_address_for_what_begins_with_it(tmp_path, address, on_it):
    (tmp_path / "list.txt").write_text("# a remark\nbad.com\nhttps://www.ok.org/spam/  # pages\n\n")
    assert AddressList.read([str(tmp_path / "list.txt")]).holds(address) == on_it
    assert listed(pa.array([address, None], pa.string()), [str(tmp_path / "list.txt")]).tolist() == [on_it, False]


def test_a_list_that_cannot_be_read_is_one_line(tmp_path):
    (tmp_path / "list.txt").write_bytes(b"\xff\xfe")
    for name in ("list.txt", "none.txt"):
        with pytest.raises(InputError, match="is no list of addresses"):
            AddressList.read([str(tmp_path / name)])


def test_hosts():
    known = {"http://www.a.com/x": "a.com", "a.com/x": "a.com", "http://[": None, None: None, "": None}
    assert {address: host_of(address) for address in known} == known


def test_the_order_of_texts_is_their_own():
    one, other = text_order(pa.array(["a", "b", "a"])), text_order(pa.array(["b", "a"]))
    assert one.tolist() == [other[1], other[0], other[1]]
