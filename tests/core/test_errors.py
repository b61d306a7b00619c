import pickle

from karat.core.errors import GateError, InputError, KaratError, MachineError, OptionError


def test_one_line_says_what_was_wanted_found_where_and_what_to_do():
    error = InputError("a column wanted", "none", "x.csv", "add\none")
    assert str(error) == "x.csv: expected a column, found none. Add one."


def test_a_command_is_not_capitalised_and_a_question_has_no_full_stop():
    assert str(MachineError("Pillow wanted for pictures", "none", do="pip install x")) == (
        "expected Pillow for pictures, found none. Run pip install x."
    )
    assert str(OptionError("rate below zero", do="is it a share?")) == "rate below zero. Is it a share?"


def test_unknown_name_names_the_nearest():
    said = str(OptionError.unknown("column", "incme", ["income", "age"], "x.csv"))
    assert said == "x.csv: column 'incme' not found. Did you mean 'income'?"


def test_unknown_name_without_a_near_one_lists_what_is_known():
    assert "Known: age, income." in str(OptionError.unknown("column", "zzzz", ["income", "age"]))


def test_a_long_list_of_names_says_how_many_more():
    said = str(OptionError.unknown("column", "zzzz", [f"c{at}" for at in range(30)]))
    assert said.endswith("c26 and 10 more.")


def test_exit_statuses():
    assert [kind.exit_status for kind in (InputError, OptionError, GateError, MachineError)] == [2, 2, 1, 3]


def test_errors_survive_pickling():
    error = pickle.loads(pickle.dumps(GateError("a", "b", "c", "d")))
    assert isinstance(error, KaratError)
    assert error.where == "c"
