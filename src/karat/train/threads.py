"""One thread a fit, so that sums are taken in one order and two fits can run side by side."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

_lock = Lock()
_held: dict[str, Any] = {"depth": 0}


@contextmanager
def one_thread() -> Iterator[None]:
    """Holds BLAS and OpenMP to one thread.

    The BLAS limit is one for the process: the first to enter sets it and the last to leave lifts it, so that a fit
    that ends does not free a neighbour's. OpenMP's belongs to the calling thread.
    """
    control = _controller()
    with _lock:
        _held["depth"] += 1
        if _held["depth"] == 1:
            _held["blas"] = control.limit(limits=1, user_api="blas")
            _held["blas"].__enter__()
    try:
        with control.limit(limits=1, user_api="openmp"):
            yield
    finally:
        with _lock:
            _held["depth"] -= 1
            if not _held["depth"]:
                _held.pop("blas").__exit__(None, None, None)


def _controller() -> Any:
    """Libraries are looked for once; scikit-learn brings all that matter with its import."""
    import sklearn.ensemble
    import sklearn.linear_model  # noqa: F401 - its libraries must be loaded to be found
    from threadpoolctl import ThreadpoolController

    with _lock:
        if "control" not in _held:
            _held["control"] = ThreadpoolController()
        return _held["control"]
