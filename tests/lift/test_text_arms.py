"""What each arm of a proof for text trains on, and what it is judged on."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.errors import InputError
from karat.lift import text_arms
from karat.lift.text_arms import (
    AS_AFTER,
    GOOD,
    IN_DOMAIN,
    JUDGING,
    LONGEST_BYTES,
    Corpora,
    Documents,
    Draw,
    JudgingTexts,
    budgeted,
)


def version(texts, rows=None):
    rows = np.arange(len(texts)) if rows is None else np.asarray(rows)
    return Documents(pa.array(texts, pa.large_string()), rows)


TEXTS = [f"document number {at:03}" for at in range(200)]


def corpora(kept=range(0, 200, 2), texts=None, **more):
    kept = list(kept)
    texts = TEXTS if texts is None else texts
    return Corpora(version(texts), version([texts[at] for at in kept], kept), **more)


def test_documents_are_measured_in_bytes_and_equal_ones_have_equal_codes():
    documents = version(["ab", "猫", "ab", ""])
    assert documents.bytes.tolist() == [2, 3, 2, 0]
    assert documents.codes.tolist() == [0, 1, 0, 2]
    assert len(documents) == 4


@pytest.mark.parametrize(
    ("before", "after", "words"), [(19, 20, "19 documents before"), (20, 19, "19 documents after")]
)
def test_too_little_text_is_told(before, after, words):
    with pytest.raises(InputError, match=words):
        Corpora(version(TEXTS[:before]), version(TEXTS[:after]))
    Corpora(version(TEXTS[:20]), version(TEXTS[:20]))


def test_copies_and_documents_of_which_one_was_dropped_for_the_other_are_one_group():
    texts = [*TEXTS[:20], TEXTS[3]]
    groups = Corpora(version(texts), version(texts), alike=np.array([[5, 6], [6, 7], [8, 99]])).groups
    assert groups[3] == groups[20]
    assert groups[5] == groups[6] == groups[7]
    assert len(set(groups.tolist())) == 18


def arms(draw, placebos=2):
    return {name: documents.rows[at].tolist() for name, (documents, at) in draw.positions(placebos).items()}


def test_what_is_held_out_is_in_no_arm_and_about_a_tenth():
    draw = Draw(corpora(), (0, 1))
    trained = arms(draw)
    gone = set(range(200)) - set(trained["raw"])
    assert 8 <= len(gone) <= 35
    assert set(trained["refined"]) == set(range(0, 200, 2)) - gone
    assert all(not gone & set(rows) for rows in trained.values())


def test_arms_read_what_they_share_in_one_order():
    trained = arms(Draw(corpora(), (0, 1)))
    place = {row: at for at, row in enumerate(trained["raw"])}
    for rows in trained.values():
        assert [place[row] for row in rows] == sorted(place[row] for row in rows)
    assert trained["raw"] != sorted(trained["raw"])


def test_a_placebo_keeps_as_many_at_random():
    trained = arms(Draw(corpora(), (0, 1)))
    assert len(trained["placebo 0"]) == len(trained["placebo 1"]) == len(trained["refined"])
    assert trained["placebo 0"] != trained["placebo 1"]
    assert set(trained["placebo 0"]) <= set(trained["raw"])


def test_plain_cleaning_drops_exact_copies():
    texts = [*TEXTS[:150], *TEXTS[:50]]
    trained = arms(Draw(corpora(range(150), texts), (0, 1)))
    names = [texts[row] for row in trained["plain"]]
    assert len(names) == len(set(names)) == len({texts[row] for row in trained["raw"]})
    assert max(trained["plain"]) < 150


def test_the_seed_draws():
    assert arms(Draw(corpora(), (0, 1))) == arms(Draw(corpora(), (0, 1)))
    assert arms(Draw(corpora(), (0, 1))) != arms(Draw(corpora(), (0, 2)))


def test_judged_are_the_held_out_each_once_and_those_both_hold_apart():
    texts = [*TEXTS[:150], *TEXTS[:50]]
    draw = Draw(corpora(range(0, 150, 2), texts), (0, 3))
    held_back = {texts[row] for row in set(range(200)) - set(arms(draw)["raw"])}
    judged = draw.judged
    assert sorted(judged.texts) == sorted(held_back)
    assert judged.sets[IN_DOMAIN].tolist() == list(range(len(judged.texts)))
    assert {judged.texts[at] for at in judged.sets[GOOD]} == {text for text in held_back if int(text[-3:]) % 2 == 0}
    assert AS_AFTER not in judged.sets
    assert next(iter(judged.sets)) == GOOD


def test_texts_that_were_edited_are_judged_as_they_stand_after_too():
    after = [text.upper() for text in TEXTS]
    order = np.random.default_rng(0).permutation(200)
    both = Corpora(version(TEXTS), version([after[at] for at in order], order))
    judged = Draw(both, (0, 1)).judged
    shown = [judged.texts[at] for at in judged.sets[AS_AFTER]]
    assert shown == [judged.texts[at].upper() for at in judged.sets[GOOD]]


def test_half_of_the_given_texts_make_the_headline():
    given = version([f"given {at}" for at in range(7)])
    judged = Draw(corpora(judging=given), (0, 1)).judged
    assert next(iter(judged.sets)) == JUDGING
    assert len(judged.sets[JUDGING]) == 4
    assert all(judged.texts[at].startswith("given") for at in judged.sets[JUDGING])
    assert (judged.weights[judged.sets[JUDGING]] == 1).all()


def test_a_long_text_is_judged_by_its_beginning():
    texts = ["猫" * 5000 + f"{at}" for at in range(40)]
    judged = Draw(corpora(range(40), texts), (0, 1)).judged
    assert {len(text.encode()) for text in judged.texts} == {LONGEST_BYTES - 2}  # no character is cut in two


def test_each_kind_counts_by_how_much_there_is_of_it(monkeypatch):
    monkeypatch.setattr(text_arms, "TEST_BYTES", 1_000)
    texts = [f"{at:04} {'x' * 95}" for at in range(2_000)]
    judged = Draw(corpora([at for at in range(2_000) if at % 10], texts), (0, 0)).judged
    dropped = np.array([int(text[:4]) % 10 == 0 for text in judged.texts])
    assert 0.4 < dropped.mean() < 0.6
    weights = judged.weights * judged.bytes
    assert weights[dropped].sum() / weights.sum() == pytest.approx(0.1, abs=0.04)


def test_scores_are_bits_per_weighed_byte_turned():
    judged = JudgingTexts(["ab", "猫"], {"x": np.array([0]), "all": np.array([0, 1])}, np.array([1.0, 3.0]))
    assert judged.scores(np.array([4.0, 9.0])) == {"x": -2.0, "all": -(4 + 27) / (2 + 9)}


@pytest.mark.parametrize(
    ("at", "budget", "texts"),
    [
        ([0, 1, 2], 5, ["ab", "猫"]),
        ([0, 1, 2], 6, ["ab", "猫"]),
        ([0, 1, 2], 8, ["ab", "猫狗", ""]),
        ([1, 0], 100, ["猫狗", "ab"]),
        ([0], 1, ["a"]),
        ([0, 2], 2, ["ab", ""]),
    ],
)
def test_budgets_are_met_to_the_character(at, budget, texts):
    assert budgeted(version(["ab", "猫狗", "x"]), np.array(at), budget) == texts
