import pickle

from karat.core.errors import GateError, InputError, KaratError, MachineError, OptionError


def test_one_line_says_what_was_wanted_found_where_and_what_to_do():
    error = InputError("a column wanted", "none", "x.csv", "add\none")
    assert str(error) == "x.csv: a column wanted, found none; add one"


def test_unknown_name_names_the_nearest():
    assert "did you mean 'income'?" in str(OptionError.unknown("column", "incme", ["income", "age"]))


def test_unknown_name_without_a_near_one_lists_what_is_known():
    assert "known: age, income" in str(OptionError.unknown("column", "zzzz", ["income", "age"]))


def test_exit_statuses():
    assert [kind.exit_status for kind in (InputError, OptionError, GateError, MachineError)] == [2, 2, 1, 3]


def test_errors_survive_pickling():
    error = pickle.loads(pickle.dumps(GateError("a", "b", "c", "d")))
    assert isinstance(error, KaratError)
    assert error.where == "c"
