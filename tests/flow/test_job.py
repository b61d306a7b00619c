"""What stands in for data."""

import pyarrow as pa
import pytest

from karat.core.errors import InputError
from karat.flow.job import input_hash


@pytest.mark.parametrize("odd", [None, 5, object()])
def test_what_is_no_data_is_refused_in_words(odd):
    with pytest.raises(InputError, match="a path, URL or table, found a"):
        input_hash(odd)


def test_equal_tables_have_equal_hashes():
    assert input_hash(pa.table({"x": [1, 2]})) == input_hash(pa.table({"x": [1, 2]}))
    assert input_hash(pa.table({"x": [1, 2]})) != input_hash(pa.table({"x": [2, 1]}))


def test_an_empty_folder_is_told_as_one(tmp_path):
    with pytest.raises(InputError, match="a folder with files, found an empty one"):
        input_hash(tmp_path)
