"""One thread a fit, so that sums are taken in one order and two fits can run side by side."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

_lock = Lock()
_state: dict[str, Any] = {"depth": 0, "limits": {}}


@contextmanager
def one_thread(*, numpy_alone: bool = False) -> Iterator[None]:
    """Holds BLAS and OpenMP to one thread.

    The BLAS limit is one for the process: the first to enter sets it and the last to leave lifts it, so that a fit
    that ends does not free a neighbour's. OpenMP's belongs to the calling thread.

    Parameters
    ----------
    numpy_alone : bool
        The fit calls nothing but NumPy: scikit-learn, whose import takes seconds, is not brought in.
    """
    control = _controller("numpy" if numpy_alone and "sklearn" not in sys.modules else "all")
    with _lock:
        _state["depth"] += 1
        if id(control) not in _state["limits"]:
            _state["limits"][id(control)] = control.limit(limits=1, user_api="blas")
            _state["limits"][id(control)].__enter__()
    try:
        with control.limit(limits=1, user_api="openmp"):
            yield
    finally:
        with _lock:
            _state["depth"] -= 1
            while not _state["depth"] and _state["limits"]:
                _state["limits"].popitem()[1].__exit__(None, None, None)


def _controller(which: str) -> Any:
    """Libraries are looked for once; scikit-learn brings all that matter with its import."""
    if which == "all":
        import sklearn.ensemble
        import sklearn.linear_model  # noqa: F401 - its libraries must be loaded to be found
    from threadpoolctl import ThreadpoolController

    with _lock:
        if which not in _state:
            _state[which] = ThreadpoolController()
        return _state[which]
