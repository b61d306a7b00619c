"""How a column writes its numbers, by its own evidence and that of the whole source."""

import numpy as np
import pytest

from karat.core.schema import Role
from tests.collect.test_roles import inferred

DICE = np.random.default_rng(5)
OPEN = [f"{a}.{b:03d}" for a, b in zip(DICE.integers(1, 99, 200), DICE.integers(0, 1000, 200), strict=True)]


def test_the_whole_source_decides_what_a_dot_before_three_digits_is() -> None:
    comma = [f"{value:.2f}".replace(".", ",") for value in DICE.uniform(0, 9, 200)]
    point = [f"{value:.2f}" for value in DICE.uniform(0, 9, 200)]
    german = [f"{day:02d}.05.2024" for day in DICE.integers(1, 29, 200)]
    assert inferred(a=OPEN, b=comma)["a"].type == "int64"
    assert inferred(a=OPEN, b=german)["a"].thousands == "."
    assert inferred(a=OPEN, b=point)["a"].type == "float64"
    assert inferred(a=OPEN)["a"].thousands == ""
    swapped = [cell.replace(".", ",") for cell in OPEN]
    assert inferred(a=swapped)["a"].thousands == ","
    assert inferred(a=swapped, b=comma)["a"].decimal == ","


def test_small_whole_numbers_beside_it_show_that_a_dot_parts_thousands() -> None:
    mixed = [str(value) for value in DICE.integers(1, 999, 50)] + OPEN
    assert inferred(a=mixed)["a"].thousands == "."


@pytest.mark.parametrize(
    ("cells", "thousands"),
    [
        (["1'234.56", "950.00", "12'345'678.90"], "'"),
        (["1,23,456", "12,34,567.50", "999"], ","),
        (["1.234.567", "12.345", "950"], "."),
        (["1 234,5", "12 345,25", "7,5"], " "),
    ],
)
def test_thousands_marks(cells: list[str], thousands: str) -> None:
    assert inferred(a=cells * 20)["a"].thousands == thousands


@pytest.mark.parametrize(
    ("cells", "role", "kind"),
    [
        (DICE.integers(10**8, 10**9, 300), Role.NUMBER, "int64"),
        ([f"{a}E{b}" for a, b in DICE.integers(1, 9, (300, 2))], Role.CATEGORY, "string"),
        ([f"{value:05d}" for value in DICE.integers(1, 99999, 300)], Role.CATEGORY, "string"),
        ([str(12147540573263754069 + 7 * int(at)) for at in DICE.permutation(300)], Role.ID, "string"),
    ],
)
def test_a_code_is_known_by_its_values_not_by_its_length(cells: list[object], role: Role, kind: str) -> None:
    column = inferred(a=cells)["a"]
    assert column.type == kind
    assert column.role in (role, Role.ID)


def test_check_digits_make_a_code() -> None:
    def checked(body: int) -> str:
        digits = [int(digit) for digit in f"{body:012d}"]
        total = sum(digit * (3 if at % 2 else 1) for at, digit in enumerate(digits))
        return f"{body:012d}{-total % 10}"

    articles = [checked(400_000_000_000 + int(at)) for at in DICE.integers(0, 10**9, 200)]
    assert inferred(a=articles)["a"].type == "string"
    assert inferred(a=[str(int(one) + 1) for one in articles])["a"].type == "int64"
