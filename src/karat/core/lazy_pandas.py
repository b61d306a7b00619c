"""PyArrow without pandas until it is needed.

PyArrow imports pandas, where it is installed, to look at the first list it is given. That takes about a tenth of the
time in which a table of 1,000 records is cleaned, and Karat's own code gives PyArrow no pandas objects.
"""

import sys
from contextlib import suppress

import pyarrow as pa


class _Absent:
    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name, name=name)


def leave_pandas_out() -> None:
    """Let PyArrow take pandas for absent; ``to_pandas`` imports it nevertheless. For a process that is all ours."""
    if "pandas" not in sys.modules:
        absent = _Absent()
        sys.meta_path.insert(0, absent)
        try:
            pa.array([])
        finally:
            sys.meta_path.remove(absent)


def let_pandas_in() -> None:
    """Let PyArrow know pandas objects again, where pandas is installed: other people's units may give it some."""
    with suppress(ImportError):
        pa.nulls(0).to_pandas()
