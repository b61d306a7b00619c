"""Pictures are recognised by their bytes; the folder of one is its class."""

import pyarrow as pa

from karat import kinds
from karat.core.schema import Role
from tests.kinds._samples import kind_of, sample_of


def test_a_column_of_pictures_is_a_kind_of_its_own():
    sample = sample_of(
        {"path": ["a/1.png", "a/2.png", "b/1.png", "b/2.png"], "label": ["a", "a", "b", "b"], "bytes": [1, 2, 3, 4]},
        types={"bytes": "binary"},
    )
    assert kind_of(sample) == "image"
    schema = kinds.of("image").roles(sample)
    assert (schema.kind, schema.target.name, schema["path"].role) == ("image", "label", Role.IGNORE)


def test_files_of_pictures_are_recognised_before_they_are_read():
    assert kind_of(kinds.Sample(pa.table({}), files="pictures")) == "image"
