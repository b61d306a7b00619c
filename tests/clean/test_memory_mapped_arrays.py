"""Arrays in files are arrays like others, and nothing of them stays."""

import numpy as np
import pytest

from karat.clean.memory_mapped_arrays import Scratch


@pytest.mark.parametrize("in_files", [False, True])
def test_an_array_is_written_and_read(in_files, tmp_path):
    scratch = Scratch(tmp_path if in_files else None)
    made = scratch.full((1000, 3), -1, np.int32)
    assert made.shape == (1000, 3)
    assert made.dtype == np.int32
    assert made.flags.c_contiguous
    assert made.flags.writeable
    assert (made == -1).all()
    made[5, 2] = 7
    assert made.sum() == 8 - 3000
    assert scratch.empty((0, 4), np.uint8).shape == (0, 4)
    assert not list(tmp_path.iterdir())


def test_a_disk_without_room_is_told_at_once(tmp_path):
    with pytest.raises(OSError, match=r"space|large"):
        Scratch(tmp_path).empty((1 << 58,), np.int64)
