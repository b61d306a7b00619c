"""Records of requests, read cell by cell: what a model takes of them, without a table where none is needed.

A table of one record costs more than a model. Numbers written plainly are read here; every other cell is read by
``Block``, so that both ways give the same bits.
"""

import base64
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import accumulate

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.parsing import PLAIN_NUMBER, parse_times
from karat.core.schema import Column, Role, Schema
from karat.deploy.protocol import Request, Texts
from karat.deploy.signature import Input, Signature, epoch_seconds, feed

NAN = float("nan")
Bad = tuple[int, str, str]


class RequestRecords:
    """The records of requests, one below the other; a column that was not sent is blank.

    Parameters
    ----------
    schema : Schema
        Of the training data.
    """

    def __init__(self, requests: Sequence[Request], schema: Schema) -> None:
        self.schema = schema
        self.size = sum(request.records for request in requests)
        self.starts = [0, *accumulate(request.records for request in requests[:-1])]
        self.alone = requests[0].numbers if len(requests) == 1 else {}  # numbers of one record, where they are known
        self._requests, self._numbers = requests, dict[str, list[float]]()
        self._texts: dict[str, Texts] = dict(requests[0].columns) if len(requests) == 1 else {}
        self._times = dict[str, np.ndarray]()

    @cached_property
    def sent(self) -> AbstractSet[str]:
        """The columns that were sent with any of the requests."""
        if len(self._requests) == 1:
            return self._requests[0].columns.keys()
        return {name for request in self._requests for name in request.columns}

    def texts(self, name: str) -> Texts:
        """The cells of a column as written, None = blank."""
        texts = self._texts.get(name)
        if texts is None:
            self._texts[name] = texts = [
                text for request in self._requests for text in request.columns.get(name) or [None] * request.records
            ]
        return texts

    def numbers(self, name: str) -> list[float]:
        """A column's numbers, NaN where missing or none."""
        if name not in self._numbers:
            self._numbers[name] = self._plain(name)
        return self._numbers[name]

    def _plain(self, name: str) -> list[float]:
        known = [request.numbers.get(name) for request in self._requests]
        if None not in known:
            return known  # type: ignore[return-value]
        column, out = self.schema[name], list[float]()
        plain = column.decimal == "." and not column.thousands
        for text in self.texts(name):
            if text is None or text in column.nulls:
                out.append(NAN)
            elif plain and PLAIN_NUMBER(text):
                out.append(float(text))
            else:
                numbers: list[float] = self.block.numbers(name).tolist()
                return numbers
        return out

    def part(self, start: int) -> Block:
        """The request whose first record is at ``start``, as a table of its own; rows as in the whole request."""
        if len(self._requests) == 1 and not self._requests[0].first:
            return self.block
        request = self._requests[self.starts.index(start)]
        rows = np.arange(request.first, request.first + request.records, dtype=np.int64)
        return self._block(slice(start, start + request.records), rows)

    @cached_property
    def block(self) -> Block:
        """The records as a block with the training schema."""
        return self._block(slice(None), np.arange(self.size, dtype=np.int64))

    def _block(self, part: slice, rows: np.ndarray) -> Block:
        columns = []
        for column in self.schema:
            texts = self.texts(column.name)[part]
            binary = column.type == "binary"
            columns.append(pa.array(map(_file, texts), pa.binary()) if binary else pa.array(texts, pa.string()))
        table = pa.table(columns, names=list(self.schema.names))
        return Block(rows, table, self.schema)

    def feeds(self, signature: Signature) -> dict[str, np.ndarray]:
        """The model's input tensors, as ``Signature.feeds`` gives them."""
        out = {entry.name: self._feed(entry) for entry in signature.others}
        if names := signature.numbers:
            alone = self._alone(names)
            numbers = [number for name in names for number in self.numbers(name)] if alone is None else alone
            out |= zip(names, np.array(numbers, np.float64).reshape(len(names), -1, 1), strict=True)
        if names := signature.texts:
            texts = [text or "" for name in names for text in self.texts(name)]
            out |= zip(names, np.array(texts, object).reshape(len(names), -1, 1), strict=True)
        return out

    def _alone(self, names: Sequence[str]) -> list[float] | None:
        """The numbers of one record alone; None where a text has to be read."""
        if self.size != 1:
            return None
        known = self._requests[0].numbers
        try:
            return [known[name] for name in names]
        except KeyError:
            return None

    def _feed(self, entry: Input) -> np.ndarray:
        if entry.role == Role.TIME:
            return epoch_seconds(self.times(entry.name)).reshape(-1, 1)
        return feed(self.block, entry)

    def times(self, name: str) -> np.ndarray:
        """A column's times, NaT where missing or none."""
        if name not in self._times:
            self._times[name] = parse_times(pa.array(self.texts(name), pa.string()), self.schema[name])
        return self._times[name]

    def unreadable(self) -> list[Bad]:
        """Cells that stand where a number, time or picture should, and are none and not missing.

        Record, column, text; of a picture the text is what is wrong with it.
        """
        out: list[Bad] = []
        for column in self.schema.parsed:
            if column.name not in self.sent:
                continue
            if column.role is Role.NUMBER:
                if None not in [request.numbers.get(column.name) for request in self._requests]:
                    continue  # read as numbers, and no text
                numbers = self.numbers(column.name)
                bad = [at for at, number in enumerate(numbers) if number != number]  # noqa: PLR0124  NaN
            elif column.role is Role.TIME:
                bad = np.flatnonzero(np.isnat(self.times(column.name))).tolist()
            elif column.type == "binary":
                out += self._no_pictures(column)
                continue
            else:
                continue
            texts = self.texts(column.name)
            for at in bad:
                text = texts[at]
                if text is not None and text not in column.nulls:
                    out.append((at, column.name, text))
        return sorted(out)

    def _no_pictures(self, column: Column) -> list[Bad]:
        from karat.kernels.perceptual_hash import looked_at

        seen = looked_at(cell.as_py() for cell in self.block.text(column.name))
        gaps = self.block.missing(column.name)
        return [(at, column.name, look.fault) for at, look in enumerate(seen) if look.fault and not gaps[at]]


def _file(text: str | None) -> bytes | None:
    """The bytes behind base64; what is none stays as it is, and is no picture."""
    try:
        return None if text is None else base64.b64decode(text, validate=True)
    except ValueError:
        return text.encode() if text else None
