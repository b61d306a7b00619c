"""What a model takes and gives: ``model/schema.json``, for people, clients and the server alike."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.parsing import EPOCH_FORMAT
from karat.core.schema import Column, Role, Schema

FORMAT = "karat-model-schema/1"
# torch.testing.assert_close has the same for float32: float32 rounds at 6e-8; lower fails good exports, higher hides
# faults
TOLERANCE = 1e-5
NUMERIC = "FP64"
TEXT = "BYTES"
MEANING = {
    Role.NUMBER: ("a number", "NaN (as text: empty)"),
    Role.TIME: ("seconds since 1970-01-01 00:00 UTC (the server also takes the time as text)", "NaN (as text: empty)"),
    Role.CATEGORY: ("the category as written in the training data", "the empty string"),
    Role.TEXT: ("the text as written", "the empty string"),
    Role.IMAGE: (
        "a picture's file, in JSON as base64; model.onnx itself takes red, green and blue of it all, shrunk to 32 x 32",
        "the empty string (as pixels: all 0)",
    ),
}


@dataclass(frozen=True)
class Input:
    """One raw column as the model takes it.

    Parameters
    ----------
    name : str
        The column, and the name of the ONNX input; its shape is (n, 1).
    role : str
        number, time, category, text or image.
    datatype : str
        On the wire: ``FP64`` for numbers and times, ``BYTES`` for categories and text (UTF-8) and pictures.
    meaning, missing : str
        What stands in it, and how to write a gap.
    categories : tuple of str
        Values seen in training, for categories; others are answered as unseen.
    """

    name: str
    role: str
    datatype: str
    meaning: str
    missing: str
    categories: tuple[str, ...] = ()

    @property
    def tensor(self) -> str:
        """What the ONNX input holds: DOUBLE, STRING, or UINT8 for a picture's pixels."""
        return "UINT8" if self.role == Role.IMAGE else "DOUBLE" if self.datatype == NUMERIC else "STRING"

    @property
    def shape(self) -> tuple[int | None, ...]:
        """Of the ONNX input; None stands for the number of records."""
        return (None, 32, 32, 3) if self.role == Role.IMAGE else (None, 1)


@dataclass(frozen=True)
class Output:
    """One tensor of the answer; ``shape`` has -1 for the number of records."""

    name: str
    datatype: str
    shape: tuple[int, ...]
    meaning: str


@dataclass(frozen=True)
class Signature:
    """What a model takes and gives.

    Parameters
    ----------
    model, version : str
        The run's name and the version of its data.
    inputs, outputs : tuple
        In order.
    classes : tuple of str
        In the order of the probabilities; empty for a number.
    schema : Schema
        Of the training data: how the text of the raw columns is read.
    tolerance : float
        Largest difference from the Python model that counts as agreement; labels must be equal.
    """

    model: str
    version: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    classes: tuple[str, ...]
    schema: Schema
    tolerance: float = TOLERANCE

    @classmethod
    def of(
        cls,
        model: str,
        version: str,
        schema: Schema,
        used: Iterable[str],
        classes: Iterable[str],
        categories: Mapping[str, Iterable[str]],
    ) -> "Signature":
        """The signature of a model that uses some columns of a schema."""
        columns = [schema[name] for name in used]
        inputs = tuple(_input(column, tuple(categories.get(column.name, ()))) for column in columns)
        names = tuple(classes)
        outputs = _outputs(names, schema, {column.name for column in columns})
        return cls(model, version, inputs, outputs, names, schema)

    def with_card(self, points: Iterable[str], reasons: int) -> "Signature":
        """The same for a scorecard: also the score, the strongest reasons, and the points behind it."""
        taken = {entry.name for entry in self.inputs} | {entry.name for entry in self.outputs}
        names = tuple(points)
        what = f"points, more is safer: less likely {self.classes[-1]}"
        more = (
            Output(_free("score", taken), NUMERIC, (-1,), what),
            Output(_free("reasons", taken), TEXT, (-1, reasons), "what costs this record most points, the worst first"),
            Output(_free("points", taken), NUMERIC, (-1, len(names)), "points of: " + ", ".join(names)),
        )
        return replace(self, outputs=(*self.outputs, *more))

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.to_json(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    def to_json(self) -> dict[str, Any]:
        """Plain values for ``model/schema.json``."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        plain = {
            "inputs": [asdict(i) for i in self.inputs],
            "outputs": [asdict(o) for o in self.outputs],
            "schema": self.schema.to_json(),
        }
        return {"format": FORMAT, "task": self.schema.task} | values | plain

    @classmethod
    def load(cls, path: Path) -> "Signature":
        """The inverse of ``save``.

        Raises
        ------
        InputError
            When the file is absent or is something else.
        """
        cure = "run `karat run DATA --target COLUMN` to make a model"
        if not path.exists():
            raise InputError(f"{path} not found", cure)
        try:
            saved = json.loads(path.read_text(encoding="utf-8"))
            if saved["format"] != FORMAT:
                raise InputError(f"{path} has format {saved['format']!r}, not {FORMAT!r}", cure)
            inputs = tuple(Input(**(i | {"categories": tuple(i["categories"])})) for i in saved["inputs"])
            outputs = tuple(Output(**(o | {"shape": tuple(o["shape"])})) for o in saved["outputs"])
            return cls(
                saved["model"],
                saved["version"],
                inputs,
                outputs,
                tuple(saved["classes"]),
                Schema.from_json(saved["schema"]),
                saved["tolerance"],
            )
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise InputError(f"{path} is not the schema of a model: {type(error).__name__}: {error}", cure) from error

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The inputs that hold numbers."""
        return tuple(entry.name for entry in self.inputs if entry.role == Role.NUMBER)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The inputs that hold categories or texts."""
        return tuple(entry.name for entry in self.inputs if entry.role in (Role.CATEGORY, Role.TEXT))

    @cached_property
    def others(self) -> tuple[Input, ...]:
        """The inputs that hold times or pictures."""
        plain = {*self.numbers, *self.texts}
        return tuple(entry for entry in self.inputs if entry.name not in plain)

    def feeds(self, block: Block) -> dict[str, np.ndarray]:
        """The model's input tensors for records as text, each (n, 1): float64 with NaN, or object with "".

        Of pictures the pixels, uint8 (n, 32, 32, 3).
        """
        return {entry.name: feed(block, entry) for entry in self.inputs}


def feed(block: Block, entry: Input) -> np.ndarray:
    """One input tensor for records as text."""
    return _values(block, entry).reshape(-1, *entry.shape[1:])


def _values(block: Block, entry: Input) -> np.ndarray:
    if entry.role == Role.NUMBER:
        return block.numbers(entry.name)
    if entry.role == Role.TIME:
        return epoch_seconds(block.times(entry.name))
    if entry.role == Role.IMAGE:
        from karat.kernels.perceptual_hash import looked_at

        return np.array([look.small for look in looked_at(cell.as_py() for cell in block.text(entry.name))], np.uint8)
    return np.array(block.text(entry.name).fill_null("").to_pylist(), dtype=object)


def epoch_seconds(times: np.ndarray) -> np.ndarray:
    """(n,) datetime64 as float64 seconds since 1970, NaN for NaT."""
    micros = times.astype("datetime64[us]").astype(np.int64)
    return np.where(np.isnat(times), np.nan, micros / 1e6)


def as_text(values: np.ndarray, column: Column) -> list[str | None]:
    """Numbers as the text they would have in the column's own file, None where NaN.

    Parameters
    ----------
    values : ndarray (n,) of float or int
        For a time column, seconds since 1970 UTC.
    """
    if column.role is Role.TIME:
        return _times_as_text(values.astype(np.float64), column)
    whole = column.type != "float64" or values.dtype.kind in "iu"
    texts = [_number_as_text(value, whole) for value in values]
    if column.decimal != ".":
        texts = [None if text is None else text.replace(".", column.decimal) for text in texts]
    return texts


def _number_as_text(value: Any, whole: bool) -> str | None:
    if value != value:  # noqa: PLR0124  NaN is the one value that differs from itself
        return None
    return str(int(value)) if whole and np.isfinite(value) and value == int(value) else str(value)


def _times_as_text(seconds: np.ndarray, column: Column) -> list[str | None]:
    from datetime import UTC, datetime, timedelta

    start = datetime(1970, 1, 1, tzinfo=UTC)
    out: list[str | None] = []
    for value in seconds:
        try:
            at = None if np.isnan(value) else start + timedelta(microseconds=round(float(value) * 1e6))
        except OverflowError:
            out.append(str(value))  # no such year: stays unreadable, and is refused with its value
            continue
        if at is None:
            text = None
        elif column.format == EPOCH_FORMAT:
            text = str(int(value))
        else:
            text = at.strftime(column.format) if column.format else at.isoformat()[:-6]
        out.append(text)
    return out


def _input(column: Column, categories: tuple[str, ...]) -> Input:
    if column.role not in MEANING:
        raise InputError(
            f"column {column.name!r} has role {column.role}, which a model cannot take as input",
            "Set another role in karat.toml",
        )
    meaning, missing = MEANING[column.role]
    numeric = column.role in (Role.NUMBER, Role.TIME)
    return Input(column.name, str(column.role), NUMERIC if numeric else TEXT, meaning, missing, categories)


def _outputs(classes: tuple[str, ...], schema: Schema, taken: set[str]) -> tuple[Output, ...]:
    target = schema.target.name if schema.target else "the target"
    if not classes:
        return (Output(_free("value", taken), NUMERIC, (-1,), f"the predicted {target}"),)
    label = Output(_free("label", taken), TEXT, (-1,), f"the predicted {target}")
    shape = (-1, len(classes))
    return label, Output(_free("probabilities", taken), "FP32", shape, "one column per class, in the order of classes")


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name = f"predicted_{name}"
    return name
