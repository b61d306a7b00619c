import pytest

from karat.core.errors import OptionError
from karat.label.deciding import Question, decided


def test_the_method_asked_for_is_taken_and_others_are_compared_under_auto(ballots):
    votes = ballots(*(f"i{at} {who} {at % 2}" for at in range(20) for who in "xyz"))
    best, chosen = decided(Question(votes, method="majority"))
    assert (best.name, chosen.why, chosen.cost) == ("majority", "asked for", "no other method was tried")
    _, chosen = decided(Question(votes))
    assert "glad" in chosen.methods["method"].to_pylist()
    assert "label_model" not in chosen.methods["method"].to_pylist()
    assert chosen.cost == "all methods give the same labels"


def test_methods_are_tried_on_what_they_are_made_for(ballots):
    votes = ballots(*(f"i{at} {who} {at % 2}" for at in range(20) for who in "xyz"))
    with pytest.raises(OptionError, match="ordinal_scale is made for other answers"):
        decided(Question(votes, method="ordinal_scale"))
    assert decided(Question(votes, method="ordinal_scale", answers="ordinal"))[0].name == "ordinal_scale"
    assert decided(Question(votes, answers="part"))[0].name == "seen_parts"
    with pytest.raises(OptionError, match="needs --gold"):
        decided(Question(votes, method="known_answers"))


def test_of_nobody_in_particular_only_counts_speak(ballots):
    votes = ballots("a x 1", "a y 1", "b x 2")
    assert decided(Question(votes, anonymous=True))[1].method == "majority"
