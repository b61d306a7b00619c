"""Turns a plain function over NumPy buffers into machine code that is kept on disk and runs beside other threads.

A module that uses it imports Numba: import such a module inside the function that needs it.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def native(function: F) -> F:
    """The same function as machine code: cached on disk, without the interpreter's lock."""
    return cast(F, njit(cache=True, nogil=True)(function))
