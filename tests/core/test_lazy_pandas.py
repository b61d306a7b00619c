"""PyArrow leaves pandas alone until it is needed."""

import subprocess
import sys

HEAD = "import sys; import pyarrow as pa; from karat.core.lazy_pandas import leave_pandas_out, let_pandas_in; "


def said(code: str) -> str:
    """What a fresh interpreter prints."""
    run = subprocess.run([sys.executable, "-c", HEAD + code], capture_output=True, text=True, check=True)
    return run.stdout.strip()


def test_lists_become_arrays_without_pandas():
    assert said("leave_pandas_out(); pa.array(['a', 1.0][:1]); print('pandas' in sys.modules)") == "False"


def test_a_table_still_becomes_a_frame():
    assert said("leave_pandas_out(); print(pa.table({'a': [1, 2]}).to_pandas()['a'].sum())") == "3"


def test_gaps_of_a_series_are_nulls_once_pandas_is_let_in():
    series = "import pandas as pd; print(pa.array(pd.Series(['a', float('nan')])).null_count)"
    assert said(f"leave_pandas_out(); let_pandas_in(); {series}") == "1"


def test_pandas_that_is_there_already_stays_known():
    series = "print(pa.array(pd.Series(['a', float('nan')])).null_count)"
    assert said(f"import pandas as pd; leave_pandas_out(); {series}") == "1"
