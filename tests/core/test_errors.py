import pickle

from karat.core.errors import GateError, InputError, KaratError, MachineError, MissingExtraError, OptionError


def test_a_line_says_what_is_wrong_and_what_to_do():
    error = InputError("x.csv is an\nempty file", "give a file with records")
    assert str(error) == "x.csv is an empty file. Give a file with records."
    assert (error.problem, error.do) == ("x.csv is an empty file", "give a file with records")


def test_a_line_ends_once():
    assert str(InputError("x.csv not found.")) == "x.csv not found."
    assert str(InputError("x.csv not found", "did you mean 'y.csv'?")) == "x.csv not found. Did you mean 'y.csv'?"


def test_the_nearest_name_is_offered_else_all_of_them():
    known = ["income", "age"]
    assert str(OptionError.unknown("column", "incme", known, "x.csv")) == (
        "column 'incme' not found in x.csv. Did you mean 'income'?"
    )
    assert str(OptionError.unknown("column", "zzz", known, "--target")) == (
        "column 'zzz' not found (--target). Choose from: age, income."
    )
    assert str(OptionError.unknown("check", "zzz", known, "[clean] ignore")) == (
        "check 'zzz' not found ([clean] ignore). Choose from: age, income."
    )
    many = [f"name{at}" for at in range(30)]
    assert str(OptionError.unknown("check", "zzz", many)).endswith(" and 10 more.")
    assert str(OptionError.unknown("check", "zzz", ())) == "check 'zzz' not found."


def test_exit_statuses_and_kinds():
    assert [kind.exit_status for kind in (InputError, OptionError, GateError, MachineError)] == [2, 2, 1, 3]
    assert issubclass(MissingExtraError, InputError)
    assert issubclass(GateError, KaratError)


def test_an_error_survives_the_way_between_processes():
    error = OptionError("a", "b")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
