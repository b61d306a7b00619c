import subprocess
import sys

import pytest

import karat


def test_import_is_light():
    code = "import sys, karat; print(sorted({'numpy', 'pyarrow', 'sklearn', 'duckdb'} & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_rooms_are_callable_and_still_rooms():
    from karat.clean import __name__ as name

    assert name == "karat.clean"
    assert callable(karat.clean)
    assert callable(karat.lift)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'cleen'"):
        karat.cleen  # noqa: B018
