"""A code beside its label: which value goes with which, though some groups have far more errors than others."""

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.kernels.group_counts import BLANK, GroupCounts
from karat.quality.consistency._pairings import _assigned, _most, partners
from karat.quality.consistency.broken_dependencies import BrokenDependencies, blame_of

LEVELS = 12


def levels(records: int = 6_000) -> tuple[np.ndarray, np.ndarray]:
    """Codes that go with labels of the same number, and a label that usually stands beside another one's code."""
    rng = np.random.default_rng(11)
    labels = rng.choice(LEVELS, records, p=rng.dirichlet(np.full(LEVELS, 3.0)))
    codes = labels.copy()
    third = np.flatnonzero(labels == 3)
    codes[third[: 2 * len(third) // 3]] = 5
    codes[rng.choice(records, records // 50, replace=False)] = 7
    return labels, codes


def votes(left: np.ndarray, right: np.ndarray) -> GroupCounts:
    return GroupCounts.of(left.astype(np.int64), right.astype(np.int64), int(right.max()) + 3)


def test_every_label_keeps_its_own_code_against_a_mistake_made_more_often():
    labels, codes = levels()
    partner = partners(votes(labels, codes))
    assert partner is not None
    assert partner.tolist() == list(range(LEVELS))


def test_many_towns_of_few_regions_are_no_pairing():
    towns = np.arange(3_000) % 30
    assert partners(votes(towns, towns % 6)) is None


def test_columns_that_only_go_together_are_no_pairing():
    rng = np.random.default_rng(2)
    first = rng.integers(0, 8, 2_000)
    second = np.where(rng.random(2_000) < 0.7, first, rng.integers(0, 8, 2_000))
    assert partners(votes(first, second)) is None


def test_a_typing_error_has_no_partner():
    labels, codes = levels()
    labels[:3] = LEVELS
    partner = partners(votes(labels, codes))
    assert partner is not None
    assert partner[LEVELS] == BLANK


def test_a_pairing_is_found_where_some_groups_have_far_more_errors_and_is_only_asked_about():
    rng = np.random.default_rng(4)
    labels = rng.choice(LEVELS, 12_000, p=np.array([30, 20, 12, 10, 8, 6, 5, 3, 2, 2, 1, 1]) / 100)
    codes, rates = labels.copy(), np.array([0.06, 0, 0, 0.1, 0, 0.4, 0, 0.6, 0.7, 0, 0.7, 0.3])
    strays = np.flatnonzero(rng.random(len(labels)) < rates[labels])
    codes[strays] = (codes[strays] + 5) % LEVELS
    columns = {"label": [f"level {chr(97 + n)}" for n in labels], "code": [f"{n + 40}" for n in codes]}
    schema = Schema(tuple(Column(name, Role.CATEGORY) for name in columns))
    block = Block(np.arange(len(labels)), pa.table(columns), schema)
    check = BrokenDependencies()
    assert all(edge.dependency.paired for edge in blame_of(check.learn(block)).edges)
    cells = check.judge(check.learn(block), block)
    assert isinstance(cells, pa.Table)
    likely = {f["row"] for f in cells.to_pylist() if f["confidence"] >= 0.24}
    assert likely <= set(strays.tolist())
    assert len(likely) >= 0.7 * len(strays)
    assert all(f["confidence"] < 0.9 for f in cells.to_pylist())  # two columns alone do not say which cell is wrong


def test_the_bound_is_never_below_what_the_assignment_keeps_and_near_it_for_a_pairing():
    rng = np.random.default_rng(3)
    for _ in range(60):
        together = rng.poisson(rng.choice([0.2, 3.0]), (rng.integers(5, 12), rng.integers(5, 12))).astype(float)
        kept = together[_assigned(together)].sum()
        assert min(_most(together), _most(together.T)) >= kept
    pairing = np.eye(8) * 20 + rng.poisson(0.2, (8, 8))
    assert _most(pairing) == pairing[_assigned(pairing)].sum()
