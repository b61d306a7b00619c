"""The proof for text finds rubbish that is planted, sees nothing in a removal at random, and never trains on its test."""

import json

import jsonschema
import numpy as np
import pyarrow as pa
import pytest

from karat.core.errors import InputError
from karat.lift.certificate import Certificate, schema
from karat.lift.text_arms import GOOD, IN_DOMAIN, Corpora, Documents, Draw
from karat.lift.text_proof import TextTrial, ngram_trial, prove_text
from karat.train.ngram_language_model import NgramLanguageModel

WORDS = ["the", "of", "and", "to", "in", "that", "is", "was", "he", "for", "it", "with", "as", "his", "on", "be"]


def sentence(chance):
    return " ".join(chance.choice(WORDS, 60))


def rubbish(chance):
    return "".join(chance.choice(list("qwxzjkv0123456789"), 300))


@pytest.fixture(scope="module")
def texts():
    chance = np.random.default_rng(5)
    return [rubbish(chance) if at % 3 == 0 else sentence(chance) for at in range(240)]


def version(texts, rows):
    rows = np.asarray(rows)
    return Documents(pa.array([texts[at] for at in rows], pa.large_string()), rows)


def short(draws=4):
    return TextTrial(lambda held, _: NgramLanguageModel("bytes", 3).fit(held), {"learner": "n"}, draws, 1, 8_000)


def test_planted_rubbish_is_worth_removing(texts):
    good = [at for at in range(240) if at % 3]
    found = prove_text(Corpora(version(texts, range(240)), version(texts, good)), trial=short(6), workers=2)
    assert found.verdict == "worth it"
    assert found.raw.value > found.refined.value
    assert found.lift == pytest.approx(found.raw.value - found.refined.value)
    assert found.raw.low < found.raw.value < found.raw.high
    assert [one["slice"] for one in found.slices] == [GOOD, IN_DOMAIN]
    assert found.slices[1]["lift"] < found.slices[0]["lift"]
    held = json.loads(json.dumps(found.to_json()))
    jsonschema.validate(held, schema())
    assert Certificate.from_json(held) == found


def test_a_random_removal_is_worth_nothing(texts):
    kept = np.sort(np.random.default_rng(1).permutation(240)[:160])
    found = prove_text(Corpora(version(texts, range(240)), version(texts, kept)), trial=short(6))
    assert found.verdict == "no effect seen"


def test_removing_the_good_is_harm(texts):
    kept = [at for at in range(240) if at % 3 == 0]
    chance = np.random.default_rng(9)
    given = version([sentence(chance) for _ in range(30)], range(30))
    assert (
        prove_text(Corpora(version(texts, range(240)), version(texts, kept), given), trial=short(6)).verdict == "harm"
    )


def test_workers_do_not_change_the_answer(texts):
    both = Corpora(version(texts, range(240)), version(texts, range(1, 240)))
    one, two = (prove_text(both, trial=short(2), workers=n).to_json() for n in (1, 2))
    assert {k: v for k, v in one.items() if k != "cost"} == {k: v for k, v in two.items() if k != "cost"}


def test_nothing_judged_is_trained_on():
    chance = np.random.default_rng(2)
    texts = [sentence(chance) for _ in range(100)]
    texts += texts[:50]  # copies
    alike = np.array([[at, at + 1] for at in range(60, 90, 2)])
    corpora = Corpora(version(texts, range(150)), version(texts, range(100)), alike=alike)
    for number in range(5):
        draw = Draw(corpora, (0, number))
        judged = set(draw.judged.texts)
        near = {texts[b] for a, b in alike.tolist() if texts[a] in judged}
        near |= {texts[a] for a, b in alike.tolist() if texts[b] in judged}
        for held, at in draw.positions(1).values():
            assert not (judged | near) & set(held.texts.take(pa.array(at)).to_pylist())


def test_given_texts_make_the_headline(texts):
    chance = np.random.default_rng(8)
    given = version([sentence(chance) for _ in range(30)], range(30))
    good = [at for at in range(240) if at % 3]
    found = prove_text(Corpora(version(texts, range(240)), version(texts, good), given), trial=short())
    assert found.slices[0]["slice"] == "given text"
    assert found.notes[1] == "judged on given text"
    assert found.lift > 0


def test_too_little_text_is_told():
    with pytest.raises(InputError, match="at least 20 are needed"):
        Corpora(version(["a"], range(1)), version(["a"], range(1)))
    assert ngram_trial(full=True).budget_bytes > ngram_trial().budget_bytes
