import numpy as np
from numba import njit

from karat.kernels.text_compiled import compiled, eight_at, four_at, moved, pointer, zeros_below

DATA = np.frombuffer(bytes(range(1, 21)), np.uint8)


def test_a_function_is_compiled_kept_and_free_of_the_lock():
    def halved(number):
        return number / 2

    fast = compiled(halved)
    assert fast(3) == 1.5
    assert fast.py_func is halved
    assert (fast.targetoptions["nogil"], fast.targetoptions["error_model"]) == (True, "numpy")
    assert type(fast._cache).__name__ == "FunctionCache"


def test_bytes_are_read_as_one_number_from_any_place():
    @njit
    def read(array, at):
        place = pointer(array)
        return eight_at(place, at), four_at(place, at), eight_at(moved(place, 3), at), place[at]

    for at in range(9):
        eight, four, further, single = read(DATA, at)
        raw = DATA.tobytes()
        assert int(eight) == int.from_bytes(raw[at : at + 8], "little")
        assert int(four) == int.from_bytes(raw[at : at + 4], "little")
        assert int(further) == int.from_bytes(raw[at + 3 : at + 11], "little")
        assert single == raw[at]


def test_a_pointer_moves_by_elements_and_writes():
    @njit
    def write(array, at, value):
        moved(pointer(array), at)[1] = value

    numbers = np.zeros(5)
    write(numbers, 2, 7.5)
    assert numbers.tolist() == [0, 0, 0, 7.5, 0]


def test_zeros_below_the_lowest_bit_are_counted():
    @njit
    def count(number):
        return zeros_below(number)

    for bit in (0, 1, 31, 32, 63):
        assert count(np.uint64(1 << bit | 1 << 63)) == bit
    assert count(np.uint64(0)) == 64
