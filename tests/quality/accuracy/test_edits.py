"""One typing error between two texts."""

import pytest

from karat.quality.accuracy._edits import Edit, Neighbours, one_edit


@pytest.mark.parametrize(
    ("wrong", "right", "edit"),
    [
        ("yeahrs", "years", Edit("insert", 3, "", "h")),
        ("Femle", "Female", Edit("delete", 3, "a", "")),
        ("birminghxm", "birmingham", Edit("replace", 8, "a", "x")),
        ("25-46", "25-64", Edit("swap", 3, "64", "46")),
        ("ORM00***", "ORM00", Edit("insert", 5, "", "***")),
        ("prednisolone", "prednisone", None),
        ("same", "same", None),
    ],
)
def test_the_one_error_between_two_texts(wrong: str, right: str, edit: Edit | None) -> None:
    assert one_edit(wrong, right) == edit


def test_neighbours_are_those_one_error_away() -> None:
    near = Neighbours(["Male", "Female", "Mole", "All"])
    assert {other for other, _ in near.of("aMle")} == {"Male"}
    assert {other for other, _ in near.of("Mae")} == {"Male"}
    assert {other for other, _ in near.of("Mle")} == {"Male", "Mole"}
    assert list(near.of("Other")) == []
