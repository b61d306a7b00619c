import numpy as np
from numba import njit
from numba.extending import register_jitable

from karat.kernels.scan_buffers import Bench, pointers
from karat.kernels.text_statistics import bench_for


def test_every_array_is_found_behind_the_pointer_of_its_name():
    plain = Bench(*(np.array([at, at + 100]) for at in range(len(Bench._fields))))
    lines = ["def firsts(bench):", "    inside = pointers(bench)", "    return ("]
    lines += [*(f"        inside.{name}[0], inside.{name}[1]," for name in Bench._fields), "    )"]
    space = {"pointers": register_jitable(pointers.py_func)}
    exec("\n".join(lines), space)
    values = njit(space["firsts"])(plain)
    assert list(values) == [number for at in range(len(Bench._fields)) for number in (at, at + 100)]


def test_the_bench_has_room_for_its_documents():
    bench = bench_for(100)
    for name in ("hashes", "ends", "keys", "places", "times", "codes", "flags", "spots", "cuts", "line_keys", "edited"):
        assert len(getattr(bench, name)) > 100
    assert len(bench.slots) >= 4 * len(bench.hashes)
    assert len(bench.line_slots) >= 4 * len(bench.line_keys)
    assert len(bench.marks) >= 16 * len(bench.hashes)
    assert bench.slots[0] == bench.line_slots[0] == bench.ends[0] == 0
