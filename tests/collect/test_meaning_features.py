"""Features of columns whose values are counted by hand."""

import numpy as np
import pyarrow as pa
import pytest

from karat.collect.meaning_features import LONGEST, MOST, SHAPES, features_of
from karat.collect.shapes import DistinctTexts
from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.schema import Column, Role, Schema


def features(values: list[str], name: str = "x", names: tuple[str, ...] = (), **how: str) -> dict[str, float]:
    table = pa.table({name: pa.array(values, pa.string())})
    block = Block(np.arange(len(values)), table, Schema((Column(name, Role.TEXT),)))
    texts = DistinctTexts(ValueCounts.of(block).columns[name])
    return features_of(name, texts, Column(name, Role.NUMBER, "float64", **how), frozenset((name, *names)))


def test_shares_weigh_each_value_by_its_cells() -> None:
    out = features(["a@b.org"] * 3 + ["no"])
    assert out["mail"] == pytest.approx(0.75)
    assert out["number"] == 0
    assert out["distinct share"] == pytest.approx(0.5)
    assert out["distinct two"] == 1
    assert (out["all distinct"], out["nearly all distinct"]) == (0, 0)


@pytest.mark.parametrize(
    ("distinct", "band"),
    [
        *((1, "one"), (2, "two"), (5, "to five"), (6, "to twelve"), (12, "to twelve"), (30, "to thirty")),
        *((100, "to hundred"), (101, "many")),
    ],
)
def test_bands_of_distinct_values(distinct: int, band: str) -> None:
    out = features([f"v{k}" for k in range(distinct)])
    assert [key for key in out if key.startswith("distinct ") and key != "distinct share"] == [f"distinct {band}"]


@pytest.mark.parametrize(
    ("shape", "inside", "outside"),
    [
        ("leading zero", "a 012", ""),
        ("percent", "5 %a", "5 a"),
        ("guid", "123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456"),
        ("clock", "8:15 AM", "8 AM"),
        ("web", "https://x.org", "xhttps://"),
        ("telephone", "+1 555-123-4567", "call me"),
        ("pair", "(1.5, -2.5)", "1.5 and 2.5"),
        ("date", "12 March 2020", "March"),
        ("two letters", "CA", "CAL"),
        ("last, first", "Miller, Anna", "miller, anna"),
        ("first last", "Anna B. Miller", "anna miller"),
        ("house number", "12 Oak", "Oak 12"),
        ("long code", "AB-1234", "AB-12"),
        ("boolean word", "是", "是的"),
    ],
)
def test_shapes_match_what_they_say(shape: str, inside: str, outside: str) -> None:
    if shape == "leading zero":
        assert features(["012", "12", "0x"])[shape] == pytest.approx(1 / 3)
        return
    assert features([inside, "zz"])[shape] == pytest.approx(0.5)
    assert features([outside, "zz"])[shape] == 0


def test_a_column_of_plain_numbers_has_the_shapes_of_numbers_alone_and_no_words() -> None:
    out = features(["2001", "1", "0"])
    assert out["number"] == pytest.approx(1)
    assert set(SHAPES) & set(out) == {"year", "bit", "date", "leading zero", "telephone"}
    assert (out["year"], out["bit"]) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert "given name first" not in out


def test_a_few_slips_say_nothing_about_the_rest() -> None:
    numbers = [str(k) for k in range(199)]
    assert features([*numbers, "?!"])["number"] == pytest.approx(1)
    assert features([*numbers, "c1", "c2"])["number"] == pytest.approx(1)  # 2 of 201 are codes
    assert features([*numbers, "c1", "c2", "c3"])["number"] < 0.999
    assert features([*numbers[:19], "?!"])["number"] == pytest.approx(1)
    assert features([*numbers[:18], "?!"])["number"] < 0.999  # 18 of 19


def test_words_that_are_known_names() -> None:
    out = features(["Anna Miller", "Paris", "Springfield, France", "CA"])
    assert out["given name first"] == pytest.approx(0.25)
    assert out["known place"] == pytest.approx(0.25)
    assert out["in place"] == pytest.approx(0.5)
    assert out["place code"] == pytest.approx(0.25)
    assert features(["王伟", "李娜", "abc"])["surname"] == pytest.approx(2 / 3)
    assert features(["Miller, Anna", "qq"])["given name last"] == pytest.approx(0.5)
    assert features(["5 kg", "6 kg", "7 zz", "no"])["unit"] == pytest.approx(0.5)


def test_the_length_of_values() -> None:
    out = features(["abcd", "efgh"])
    assert out["one length"] == 1
    assert out["words"] == pytest.approx(0.1)
    assert features(["abcd", "efghi"])["one length"] == 0
    assert features(["a b", "c d"])["few words"] == 1
    assert features(["a b c d", "e f g h"])["many words"] == 1
    assert features(["a" * 30, "b" * 30])["very long"] == 0
    assert features(["a" * 31, "b" * 31])["very long"] == 1


def test_only_some_of_many_values_and_the_beginning_of_long_ones_are_looked_at() -> None:
    values = [f"{'a@b.org' if k % 2 == 0 else 'none'}{k}" for k in range(2 * MOST)]
    assert features(values)["mail"] == pytest.approx(1)
    assert features(["a" * LONGEST + "%", "b"])["percent"] == 0
    assert features(["a" * (LONGEST - 1) + "%", "b"])["percent"] == pytest.approx(0.5)


def test_range_and_lattice_of_integers() -> None:
    out = features([str(k) for k in range(1, 13)])
    assert {key: out[key] for key in ("integer", "from one on", "every integer", "counts up", "integer and few")} == {
        "integer": 1,
        "from one on": 1,
        "every integer": 1,
        "counts up": 1,
        "integer and few": 1,
    }
    assert out["within ten"] == 0
    assert out["within hundred"] == 1
    assert out["reaches hundred"] == 0
    assert out["size 3"] == 1  # the middle is six or seven: ten to the power of 0 … 1
    assert out["whole fives"] == pytest.approx(2 / 12)
    few = features([str(k) for k in range(1, 11)])
    assert (few["counts up"], few["within ten"]) == (0, 1)  # ten may rise by chance
    assert features([str(k) for k in range(12)])["from zero on"] == 1


def test_fractions_signs_and_tails() -> None:
    out = features(["-1.5", "0", "0.25", "2", "1000"])
    assert out["integer"] == 0
    assert out["fraction"] == pytest.approx(0.4)
    assert out["negative"] == pytest.approx(0.2)
    assert out["some negative"] == 1
    assert out["zero"] == pytest.approx(0.2)
    assert out["whole hundreds"] == pytest.approx(0.2)
    assert out["two places"] == 1
    assert out["tail"] == 1  # 1000 against a middle of 0.25
    assert features(["1", "10"])["tail"] == pytest.approx(1 / 3)
    assert features(["0.125", "0.5"])["two places"] == pytest.approx(0.5)
    assert features(["0.125", "1"])["within one"] == 1
    assert features(["0.125", "1.5"])["within one"] == 0
    assert features(["100", "119"])["narrow"] == 1
    assert features(["100", "126"])["narrow"] == 0


def test_a_latitude_is_known_by_its_partner() -> None:
    values = ["47.1", "48.2"]
    assert features(values, "lat", ("lon",))["partner"] == 1
    assert features(values, "Latitude", ("longitude_deg",))["partner"] == 1
    assert features(values, "lat", ("y",))["partner"] == 0
    assert features(values, "height", ("lon",))["partner"] == 0


def test_years_of_two_digits() -> None:
    assert features(["40", "80"])["two-digit year"] == 1
    assert features(["39", "79"])["two-digit year"] == 0
    assert features(["59", "99"])["two-digit year"] == 1
    assert features(["40", "81"])["two-digit year"] == 0


def test_numbers_are_read_with_the_marks_of_the_column() -> None:
    assert features(["1,5", "2,5"], decimal=",")["number"] == pytest.approx(1)
    assert features(["1,5", "2,5"])["number"] == 0
