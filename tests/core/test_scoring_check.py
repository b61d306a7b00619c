from karat.core.registry import units
from karat.core.scoring_check import ScoringCheck
from karat.flow.refine import refine


def scoring() -> dict[str, type]:
    return {code: check for code, check in units("check").items() if issubclass(check, ScoringCheck)}


def test_a_check_that_scores_has_a_column_of_its_own_and_stays_away_from_the_door():
    names = [check.score_name for check in scoring().values()]
    assert names
    assert len(set(names)) == len(names)
    assert not any(check.at_the_door for check in scoring().values())


def test_what_repeats_in_every_fold_does_without_it(planted_block):
    assert not scoring().keys() & refine(planted_block).learned.checks.keys()
