"""The accuracy of labels, and the line about it."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.patch import changes, no_changes
from karat.core.schema import Column, Role, Schema
from karat.flow.engine import Learned
from karat.flow.label_accuracy import in_words, label_accuracy
from karat.quality.accuracy.suspect_labels import SuspectLabels

SCHEMA = Schema((Column("y", Role.TARGET),), task="classification")


def judged(turned, size=600):
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, size)
    given = truth.copy()
    given[:turned] = 1 - given[:turned]
    doubt = rng.uniform(0.001, 0.1, (size, 1))
    expected = np.where(truth[:, None] == np.arange(2), 1 - doubt, doubt)
    table = pa.table({"y": np.array(["no", "yes"])[given]})
    block = Block(np.arange(size), table, SCHEMA, {"out_of_fold": expected, "classes": ["no", "yes"]})
    check = SuspectLabels()
    state = check.learn(block)
    return Learned({"SuspectLabels": check}, {"SuspectLabels": state}, {}, {}), check.judge(state, block)


def test_labels_have_a_score_of_their_own_that_only_changes_raise():
    learned, findings = judged(60)
    before = label_accuracy(learned, SCHEMA, findings)
    assert before["score"] == pytest.approx(0.9, abs=0.01)
    assert before["low"] <= 0.9 <= before["high"]
    assert (before["flagged"], before["proven"]) == (60, True)
    assert in_words(before, before).endswith("60 labels flagged (estimated, not verified)")
    nothing = label_accuracy(learned, SCHEMA, findings, no_changes())
    assert nothing == before
    ledger = changes(20, row=np.arange(20), column="y", action="set", before="no", after="yes", check="SuspectLabels")
    after = label_accuracy(learned, SCHEMA, findings, ledger)
    assert after["score"] - before["score"] == pytest.approx(20 / 600)
    assert "→" in in_words(before, after)


def test_where_all_labels_may_be_right_the_reason_is_said():
    learned, findings = judged(0)
    labels = label_accuracy(learned, SCHEMA, findings)
    assert labels["score"] == 1
    assert in_words(labels).startswith("no label is suspected: the model contradicts no more")
    assert "or the model is" in in_words(labels | {"reason": "", "flagged": 4})


def test_without_the_check_there_is_no_such_measure():
    learned, findings = judged(0)
    assert label_accuracy(Learned({}, {}, {}, {}), SCHEMA, findings) is None
    assert label_accuracy(learned, SCHEMA, None) is None
