"""Levels: strict and lenient voters are told apart from careless ones."""

import numpy as np
import pyarrow as pa
import pytest

import karat
from karat.label.ordinal import BIASES, BLIND, SPREADS, OrdinalScale, tables
from karat.label.votes import read_votes


def ratings(seed=0, items=250, bias=(-1.0, 0.0, 0.0, 1.0, 0.0), spread=(0.3, 0.4, 1.5, 0.4, 1.5)):
    chance = np.random.default_rng(seed)
    truth = chance.integers(1, 6, items)
    item, voter = np.repeat(np.arange(items), len(bias)), np.tile(np.arange(len(bias)), items)
    said = truth[item] + np.array(bias)[voter] + np.array(spread)[voter] * chance.normal(size=len(item))
    labels = np.clip(np.round(said), 1, 5).astype(int).astype(str)
    return pa.table({"item": item.astype(str), "voter": voter.astype(str), "label": labels}), truth


def test_every_place_on_the_grid_is_a_distribution_of_answers():
    grid = tables(5)
    assert grid.shape == (len(BIASES) * len(SPREADS) * len(BLIND), 5, 5)
    assert grid.sum(axis=1) == pytest.approx(1)
    assert (grid > 0).all()


def test_levels_are_nearer_than_the_mean_the_majority_and_a_matrix_a_voter():
    votes, truth = ratings()
    found = karat.label.aggregate(votes)
    assert (found.answers.name, found.chosen.method) == ("ordinal", "ordinal_scale")
    error = np.abs(np.array(found.labels["label"].to_pylist(), float) - truth).mean()
    said = np.array(votes["label"].to_pylist(), float).reshape(-1, 5)
    assert error < 0.75 * np.abs(np.round(said.mean(axis=1)) - truth).mean()
    matrix = karat.label.aggregate(votes, method="dawid_skene", answers="class").labels["label"].to_pylist()
    assert error < np.abs(np.array(matrix, float) - truth).mean()
    right = (np.array(found.labels["label"].to_pylist(), float) == truth).mean()
    assert found.labels["confidence"].to_numpy().mean() == pytest.approx(right, abs=0.1)
    assert found.agreement > 0.5


def test_the_middle_of_the_belief_is_the_label():
    found = karat.label.aggregate(ratings()[0], method="ordinal_scale", answers="ordinal")
    belief = np.column_stack([found.soft[name].to_numpy() for name in found.classes])
    middle = (np.cumsum(belief, axis=1) < 0.5).sum(axis=1)
    assert found.labels["label"].to_pylist() == [found.classes[at] for at in middle]


def test_a_lenient_voter_is_known_by_the_table():
    votes, _ = ratings()
    table = np.exp(OrdinalScale().estimate(read_votes(votes)).table)
    says = (np.arange(5)[:, None] * table[:, :, 2]).sum(axis=1)  # of an item in the middle
    assert says[0] < 1.5 < 2.5 < says[3]
