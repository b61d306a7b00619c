"""Machine code for a function, kept on disk between runs, free of the interpreter's lock."""

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """The function as machine code, compiled at its first call and cached beside its file."""
    from numba import njit

    made: F = njit(cache=True, nogil=True, error_model="numpy")(function)
    return made
