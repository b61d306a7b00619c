"""Gates end a command in status 1 and say what to do."""

import pytest

from karat.cli.gates import unstopped
from karat.core.errors import GateError


def test_what_the_guard_stopped_names_the_option_that_lets_it_pass():
    stop = {"step": "UnitsInNumbers:abv", "reason": "would change 693 of 2,410 cells of abv (29%)"}
    with pytest.raises(
        GateError, match=r"stopped 1 step, first UnitsInNumbers:abv: would change 693.*--allow UnitsInNumbers:abv"
    ) as error:
        unstopped({"stopped": [stop]})
    assert error.value.exit_status == 1
    assert "found" not in str(error.value)


def test_where_rules_for_documents_were_stopped_a_profile_is_another_way_out():
    rules = {"step": "WorthlessTexts", "check": "WorthlessTexts", "reason": "would remove 9 of 20 records (45%)"}
    other = {"step": "Misspellings:city", "check": "Misspellings", "reason": "would change 9 of 20 cells of city (45%)"}
    with pytest.raises(GateError, match=r"--allow WorthlessTexts, or choose other rules with --profile\.?$"):
        unstopped({"stopped": [rules]})
    with pytest.raises(GateError, match=r"--allow Misspellings:city\.?$"):
        unstopped({"stopped": [other]})


def test_where_nothing_was_stopped_nothing_is_said():
    assert unstopped({}) is None
    assert unstopped({"stopped": []}) is None
