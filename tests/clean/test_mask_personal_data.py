"""Personal data is masked, hashed or dropped."""

import pytest

from karat.clean.mask_personal_data import SIGNS, mask
from karat.core.errors import OptionError
from karat.quality.confidentiality.entities import NAMES
from karat.quality.confidentiality.names_and_addresses import PEOPLE

TEXTS = ["write to a@b.io or A@B.IO, call 13812345678", None, "nothing here", "你好，联系 c@d.org。"]


def test_signs_stand_in_the_place_of_what_was_there():
    masked = mask(TEXTS)
    assert masked.texts.to_pylist() == [
        "write to <EMAIL> or <EMAIL>, call <PHONE>", None, "nothing here", "你好，联系 <EMAIL>。",
    ]  # fmt: skip
    assert masked.changed.tolist() == [True, False, False, True]
    places = masked.spans.to_pylist()
    assert [TEXTS[span["row"]][span["start"] : span["end"]] for span in places] == [
        "a@b.io", "A@B.IO", "13812345678", "c@d.org",
    ]  # fmt: skip


def test_codes_are_the_same_for_the_same_original_and_differ_by_key():
    one = mask(TEXTS, "hash", key=b"0123456789abcdef").texts.to_pylist()[0]
    again = mask(TEXTS, "hash", key=b"0123456789abcdef").texts.to_pylist()[0]
    other = mask(TEXTS, "hash", key=b"fedcba9876543210").texts.to_pylist()[0]
    assert one == again != other
    first, second = one.split("<EMAIL:")[1:]
    assert first[:12] == second[:12]


def test_dropped_is_gone():
    assert mask(["a@b.io!"], "drop").texts.to_pylist() == ["!"]


def test_masking_what_is_masked_changes_nothing():
    once = mask(TEXTS).texts
    assert mask(once).texts.equals(once)


def test_wrong_ways_are_refused():
    with pytest.raises(OptionError, match="mask"):
        mask(TEXTS, "masked")
    with pytest.raises(OptionError, match="at least 16"):
        mask(TEXTS, "hash", key=b"short")


def test_every_kind_has_a_sign():
    assert set(SIGNS) == {*NAMES, *PEOPLE}
