"""Arrays that lie in memory, or in files that the system writes out and lets go of when memory is short."""

import mmap
import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Scratch:
    """Where large arrays lie.

    Parameters
    ----------
    folder : Path
        Arrays lie in files without a name in this folder, which vanish with the arrays; none: in memory.
    """

    folder: Path | None = None

    def empty(self, shape: tuple[int, ...], kind: Any) -> np.ndarray:
        """An array of the shape and the kind of number, its values anything.

        Raises OSError when the disk has no room for it.
        """
        size = int(np.prod(shape)) * np.dtype(kind).itemsize
        if self.folder is None or size == 0:
            return np.empty(shape, kind)
        with TemporaryFile(dir=self.folder) as file:
            if hasattr(os, "posix_fallocate"):  # a full disk is told now, not by a signal in mid-work
                os.posix_fallocate(file.fileno(), 0, size)
            else:
                file.truncate(size)
            mapped = mmap.mmap(file.fileno(), size)
        return np.frombuffer(mapped, kind).reshape(shape)

    def full(self, shape: tuple[int, ...], value: int, kind: Any) -> np.ndarray:
        """An array of the shape that holds one value everywhere."""
        array = self.empty(shape, kind)
        array[...] = value
        return array


IN_MEMORY = Scratch()
