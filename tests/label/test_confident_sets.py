"""Where a ranking of suspects is cut, and what is told of the cut."""

import json
import math

import numpy as np
import pyarrow as pa
import pytest

from karat.core.errors import OptionError
from karat.label.confident_sets import flagged, table_of
from karat.quality.accuracy.label_beliefs import LabelBeliefs, Noise


def doubt(*beliefs, weights=None, credence=None):
    stacked = np.array(beliefs, float).reshape(len(beliefs), -1)
    even = np.full(len(beliefs), 1 / len(beliefs))
    weights = even if weights is None else np.array(weights, float)
    credence = even if credence is None else np.array(credence, float)
    return LabelBeliefs(weights @ stacked, stacked, weights, credence, np.zeros(stacked.shape[1], np.int64))


def test_as_many_are_flagged_as_keep_the_precision():
    suspects = doubt([0.25, 1.0, 0.5, 0.0])
    # means of the first 1, 2, 3, 4 of the ranking: 1, 0.75, 0.583, 0.4375
    assert flagged(suspects, precision=1.0).tolist() == [False, True, False, False]
    assert flagged(suspects, precision=0.75).tolist() == [False, True, True, False]
    assert flagged(suspects, precision=0.76).sum() == 1
    assert flagged(suspects, precision=0.4375).sum() == 4
    assert flagged(doubt([0.5, 0.25]), precision=0.6).sum() == 0


def test_precision_is_that_of_the_stated_belief_and_the_ranking_that_of_the_weights():
    suspects = doubt([0.9, 0.1], [0.2, 0.8], weights=[1, 0], credence=[0, 1])
    assert flagged(suspects, precision=0.8).sum() == 0  # the first of the ranking is stated at 0.2, both at 0.5
    assert flagged(suspects, precision=0.5).sum() == 2


def test_a_budget_takes_the_first_of_the_ranking_and_the_earliest_of_equals():
    suspects = doubt([0.25, 0.75, 0.5, 0.75])
    assert np.flatnonzero(flagged(suspects, budget=1)).tolist() == [1]
    assert np.flatnonzero(flagged(suspects, budget=2)).tolist() == [1, 3]
    assert flagged(suspects, budget=0).sum() == 0
    assert flagged(suspects, budget=99).sum() == 4
    assert flagged(suspects, precision=0.6, budget=2).sum() == 2
    assert flagged(suspects, precision=0.75, budget=9).sum() == 2


def test_by_default_the_cut_has_the_best_expected_f1():
    # F1 of the first 1, 2, 3: 2·0.9/(1+1.8)=0.643, 2·1.7/(2+1.8)=0.895, 2·1.8/(3+1.8)=0.75
    assert flagged(doubt([0.9, 0.8, 0.1])).tolist() == [True, True, False]
    # half the weight on a belief that sees the third as wrong, too
    assert flagged(doubt([0.9, 0.8, 0.1], [0.9, 0.8, 0.9], weights=[0.1, 0.9])).sum() == 3


@pytest.mark.parametrize("options", [{"precision": 0.0}, {"precision": 1.01}, {"precision": -0.5}, {"budget": -1}])
def test_options_that_cannot_be_are_refused(options):
    with pytest.raises(OptionError, match=str(next(iter(options.values())))):
        flagged(doubt([0.5]), **options)


def test_no_labels_no_flags():
    assert flagged(doubt([])).tolist() == []


def test_the_estimate_travels_in_the_table():
    table = table_of({"row": pa.array([0])}, Noise(1.5, 0.0, 2.0, 1, 0, math.nan))
    facts = json.loads(table.schema.metadata[b"karat"])
    assert (facts["wrong"], facts["labels"], facts["expected_precision"]) == (1.5, 1, None)
