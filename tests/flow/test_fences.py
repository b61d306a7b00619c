"""Numbers far out are counted on the scale on which fewer of them are."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.flow.fences import Fences, fenced


def column(cells, kind="float64"):
    schema = Schema((Column("size", Role.NUMBER, kind), Column("town", Role.CATEGORY)))
    return Block(np.arange(len(cells)), pa.table({"size": cells, "town": ["Lisbon"] * len(cells)}), schema)


def drawn(size=400):
    return [f"{x:.1f}" for x in np.random.default_rng(0).normal(50, 5, size)]


def test_skewed_numbers_have_fences_on_a_logarithmic_scale():
    numbers = np.random.default_rng(1).lognormal(3, 1.2, 2000)
    fences = Fences.around(numbers)
    assert fences.positive
    assert fences.beyond(numbers).mean() < 0.003
    assert fences.beyond(np.array([-5.0, 0.0, 1e9, np.nan])).tolist() == [True, False, True, False]


@pytest.mark.parametrize("numbers", [np.full(100, 7.0), np.arange(10.0)])
def test_no_spread_and_few_numbers_have_no_fences(numbers):
    assert Fences.around(numbers) is None


def test_a_clean_column_has_nothing_beyond_and_would_show_errors():
    beyond, shown, exposed = fenced(column(drawn()), "size", np.random.default_rng(0))
    assert beyond == 0
    assert 0.4 < shown < 0.9
    assert exposed > 0.8


def test_a_fifth_of_wrong_numbers_does_not_move_the_fences_over_them():
    cells = drawn()
    wrong = [*(f"-{cell}" for cell in cells[:40]), *(cell.replace(".", "") for cell in cells[40:80])]
    beyond, shown, _ = fenced(column([*wrong, *cells[80:]]), "size", np.random.default_rng(0))
    assert beyond >= 75
    assert shown > 0.4


def test_words_count_and_gaps_written_as_words_or_codes_do_not():
    cells = [*drawn(), "Lisbon", "Lisbon", "unknown", "n/a", "-999", "12 kg"]
    beyond, *_ = fenced(column(cells), "size", np.random.default_rng(0))
    assert beyond == 2
