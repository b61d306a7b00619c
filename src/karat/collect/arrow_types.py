"""Arrow types as text, and back."""

import base64
import io
import re

import pyarrow as pa

SPELLED = re.compile(
    r"(?:(timestamp)\[(\w+), tz=(.+)\]|(decimal)(128|256)\((\d+), (-?\d+)\)|fixed_size_binary\[(\d+)\])"
)


def type_text(kind: pa.DataType) -> str:
    """An Arrow type as text for ``Column.stored``; "" for one that Parquet cannot hold.

    Types of one word are spelt as Arrow spells them; nested ones are Arrow's own bytes in base 64.
    """
    import pyarrow.parquet as pq

    try:
        pq.write_table(pa.table([pa.array([], kind)], ["a"]), io.BytesIO())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return ""
    if _spelt(str(kind)) == kind:
        return str(kind)
    return "arrow:" + base64.b64encode(pa.schema([("", kind)]).serialize()).decode("ascii")


def type_of(text: str) -> pa.DataType:
    """The inverse of ``type_text``."""
    if text.startswith("arrow:"):
        return pa.ipc.read_schema(pa.py_buffer(base64.b64decode(text[6:]))).field(0).type
    return _spelt(text)


def _spelt(text: str) -> pa.DataType | None:
    if match := SPELLED.fullmatch(text):
        if match[1]:
            return pa.timestamp(match[2], match[3])
        if match[4]:
            make = pa.decimal128 if match[5] == "128" else pa.decimal256
            return make(int(match[6]), int(match[7]))
        return pa.binary(int(match[8]))
    try:
        return pa.type_for_alias(text)
    except ValueError:
        return None
