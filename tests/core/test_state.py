from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest

from karat.core.counts import ColumnCounts
from karat.core.state import Absent, derived, freeze, frozen, thaw


@dataclass(frozen=True)
class Held:
    value: object


@pytest.mark.parametrize(
    "value", [None, True, 3, "中文", b"\x00", 0.1, float("inf"), (1, [2, "x"]), {("a", 1): 2.5}, frozenset({"b", "a"})]
)
def test_plain_values_come_back_as_they_were(value):
    back = thaw(freeze(value))
    assert back == value
    assert type(back) is type(value)


def test_arrays_and_tables_come_back_bit_for_bit():
    array = np.array([[1.5, np.nan], [-0.0, 2]])
    assert thaw(freeze(array)).tobytes() == array.tobytes()
    table = pa.table({"a": ["x", None]})
    assert thaw(freeze(table)).equals(table)


def test_states_come_back():
    state = ColumnCounts(pa.array(["a", "b"], pa.large_string()), np.array([1, 2]), 4, 1)
    assert freeze(thaw(freeze(state))) == freeze(state)


def test_what_cannot_be_written_down_is_refused():
    with pytest.raises(TypeError, match="found function"):
        freeze(lambda: None)


def test_only_dataclasses_are_built():
    with pytest.raises(TypeError, match="a dataclass"):
        thaw('{"$": "o", "c": "karat.core.errors:InputError", "v": {}}')


def test_no_module_is_imported_but_of_karat_and_of_plugins(tmp_path, monkeypatch):
    (tmp_path / "karat_planted.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    monkeypatch.syspath_prepend(tmp_path)
    for place in ("karat_planted:Unit", "subprocess:Popen"):
        assert "no installed package" in thaw(f'{{"$": "o", "c": "{place}", "v": {{}}}}').why
    assert not (tmp_path / "ran").exists()


def test_derived_is_made_once_per_object():
    held, made = Held(1), []
    for _ in range(2):
        derived(held, "k", lambda: made.append(1))
    assert len(made) == 1


def test_what_is_shared_is_written_once_and_shared_again():
    shared = Absent("a", tuple(range(1000)))
    text = freeze({"a": shared, "b": (shared, Absent("b", 2))})
    assert text.count("999") == 1
    back = thaw(text)
    assert back["a"] is back["b"][0]
    assert back["b"][1] == Absent("b", 2)


def test_many_states_are_written_part_by_part_and_what_they_share_once():
    shared = Held("x")
    states = {"a": (1, shared), "b": Held(np.zeros(9)), "c": Held(np.ones(9)), "d": shared}
    parts = list(frozen(states))
    assert max(map(len, parts)) < len(freeze(states)) / 2
    back = thaw("".join(parts))
    assert list(back) == [*"abcd"]
    assert back["a"][1] is back["d"]
