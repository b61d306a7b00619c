"""A program is doubted where its score stays although the records are others."""

import pytest

from karat.lift.command_doubts import doubts, with_others_targets
from tests.lift._planted import records

BLOCK, _ = records(40)


def fold(raw, refined, changed=True):
    return {"scores": {"raw": raw, "refined": refined}, "changed": changed}


@pytest.mark.parametrize(
    ("folds", "probed", "words"),
    [
        ([fold(0.7, 0.7), fold(0.5, 0.5)], 0.5, "does it read {data}"),
        ([fold(0.7, 0.7, changed=False), fold(0.5, 0.5, changed=False)], 0.5, "its own training records"),
        ([fold(0.7, 0.8), fold(0.5, 0.5)], 0.5, "its own training records"),
        ([fold(0.7, 0.7), fold(0.5, 0.5)], 0.4, ""),
        ([fold(0.7, 0.8), fold(0.5, 0.6)], 0.4, ""),
    ],
)
def test_a_score_that_stays_is_doubted(folds, probed, words):
    said = list(doubts(folds, BLOCK, BLOCK, lambda *_: probed, takes_test=True))
    assert [words in note for note in said] == [True] * bool(words)


def test_without_test_records_only_the_data_can_be_withheld():
    asked = []

    def probe(name, train, test):
        asked.append((name, len(train), len(test)))
        return 0.5

    assert list(doubts([fold(0.7, 0.8), fold(0.5, 0.5)], BLOCK, BLOCK, probe, takes_test=False)) == []
    assert len(list(doubts([fold(0.5, 0.5)], BLOCK, BLOCK, probe, takes_test=False))) == 1
    assert asked == [("half", 20, 40)]


def test_targets_change_hands_and_stay_the_same_in_all():
    others = with_others_targets(BLOCK)
    given, now = BLOCK.text("y").to_pylist(), others.text("y").to_pylist()
    assert sorted(given) == sorted(now)
    assert sum(a != b for a, b in zip(given, now, strict=True)) > 30
    assert others.text("first").equals(BLOCK.text("first"))
