import numpy as np
import pyarrow as pa
import pytest

from karat.clean.link.households import EQUAL, OTHER, SLIP, SUBSTITUTION, TWO_EDITS, classes
from karat.clean.link.profile import Compared
from karat.clean.link.records import link
from karat.core.block import Block
from karat.core.schema import Column, Role, Schema

GIVEN = [
    "anna",
    "bruno",
    "carla",
    "david",
    "elena",
    "felix",
    "greta",
    "henry",
    "irene",
    "jonas",
    "karla",
    "louis",
    "marta",
    "nils",
    "olga",
    "peter",
    "ruth",
    "simon",
    "tessa",
    "ulrich",
    "vera",
    "walter",
]
NAMES = ("given", "surname", "street", "town", "born")


def family(rng):
    rest = [
        f"{rng.choice(list('bcdfgh'))}{rng.choice(['ar', 'el', 'in'])}{rng.choice(['son', 'ton', 'er'])}",
        f"{rng.integers(1, 400)} {rng.choice(GIVEN)} road",
        f"{rng.choice(GIVEN)}ville",
        f"{rng.integers(1930, 2015)}-{rng.integers(1, 13):02}-{rng.integers(1, 29):02}",
    ]
    first, second = rng.choice(GIVEN, 2, replace=False)
    return [str(first), *rest], [str(second), *rest]


def table(records, numbers=None):
    columns = [pa.array(values, pa.string()) for values in zip(*records, strict=True)]
    roles = [Column(name, Role.TEXT) for name in NAMES]
    names = list(NAMES)
    if numbers is not None:
        columns, names, roles = [*columns, pa.array(numbers)], [*names, "number"], [*roles, Column("number", Role.ID)]
    return Block(np.arange(len(records)), pa.table(columns, names=names), Schema(tuple(roles)))


def people(rng, twins):
    records, truth, partners = [], set(), set()
    for _ in range(300):
        one, other = family(rng)
        records.append(one)
        if len(truth) < 40:
            truth.add((len(records) - 1, len(records)))
            records.append([one[0] + "h" if len(truth) % 2 else one[0], one[1], one[2] + "x", *one[3:]])
        elif len(partners) < twins:
            partners.add((len(records) - 1, len(records)))
            records.append(other)
    return records, truth, partners


def sure(pairs):
    return {(p["left"], p["right"]) for p in pairs.to_pylist() if p["probability"] >= 0.5}


def test_twins_are_two_people_and_slips_one():
    records, truth, twins = people(np.random.default_rng(0), 40)
    found = sure(link(table(records)))
    assert len(found & twins) <= 2
    assert len(found & truth) >= 38


def test_two_names_under_one_number_are_one_person():
    records, truth, renamed = people(np.random.default_rng(1), 40)
    numbers = [str(10_000_000 + 7919 * at) for at in range(len(records))]
    for a, b in truth | renamed:
        numbers[b] = numbers[a]
    assert len(sure(link(table(records, numbers))) & renamed) >= 38


@pytest.mark.parametrize(
    ("one", "other", "way"),
    [
        ("amelia", "amelia", EQUAL),
        ("jack", "jackk", SLIP),
        ("jack", "jakc", SLIP),
        ("jack", "hack", SLIP),
        ("theo", "thea", SUBSTITUTION),
        ("ella", "emma", TWO_EDITS),
        ("noah", "mia", OTHER),
    ],
)
def test_names_differ_in_five_ways(one, other, way):
    column = Compared("name", "short", [one], [other])
    assert classes(column, np.array([0]), np.array([0])).tolist() == [way]
