"""Does the exported model answer as the Python model does? Asked of every record, where scikit-learn cannot be had."""

import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.errors import MachineError
from karat.core.hashes import row_hashes
from karat.core.schema import Role, Schema
from karat.deploy.onnx_model import Prepared
from karat.deploy.predictor import Predictor
from karat.deploy.request_checks import as_block

# Texts a model has hardly seen: other scripts, other planes, other widths, nothing but space, letters that fold.
PROBES = (
    "未见过的值",
    "never seen before",
    "😀👍🏽 \U000203f0",
    "ＡＢＣ１２３",
    " \t\n",
    "ÀÉÎ straße İ ǅ",
    "𝐀𝐛𝟏",
    "\x00\x07",
)
NUMBERS = ("0", "-1", "1e300", "-1e300", "1e-40", "16777217", "0.1")
TIMES = ("1969-12-31T23:59:59", "2024-02-29T12:34:56", "2100-12-31T00:00:00")
MAX_PROBED = 64  # cost: records that odd values are put into
MAX_PICTURES = 2_000  # cost: asked: each is decoded twice more
BLOCKER = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("sklearn", "scipy", "joblib"):
            raise ImportError(name + " is kept out")
sys.meta_path.insert(0, Absent())
from karat.deploy.agreement import answer_alone
answer_alone(sys.argv[1], sys.argv[2], sys.argv[3])
"""


@dataclass(frozen=True)
class Agreement:
    """How far two models agree.

    Parameters
    ----------
    n : int
        Records asked, held-out ones and probes.
    agree : int
        Records with the same label, and every probability (or the number, relative to its size) within ``tolerance``.
    worst : float
        Largest difference of a probability or (relative) number.
    probes : int
        How many of ``n`` are held-out records with missing, unseen, Chinese or extreme values put in.
    """

    n: int
    agree: int
    worst: float
    tolerance: float
    probes: int = 0

    @property
    def whole(self) -> bool:
        """Do they agree on every record?"""
        return self.agree == self.n

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def verify(folder: Path, records: pa.Table, expected: np.ndarray, probes: int = 0) -> Agreement:
    """Ask the exported model, in a process without scikit-learn, and compare.

    Parameters
    ----------
    folder : Path
        With ``model.onnx`` and ``schema.json``.
    records : pyarrow.Table
        Text columns, n records; null = blank.
    expected : ndarray
        The Python model's answer: probabilities (n, k), or numbers (n,).
    probes : int
        How many of the records are probes, to be told.

    Raises
    ------
    MachineError
        When the process fails.
    """
    with tempfile.TemporaryDirectory() as scratch:
        asked, answered = Path(scratch, "asked.arrow"), Path(scratch, "answered.npz")
        with pa.ipc.new_file(str(asked), records.schema) as out:
            out.write_table(records)
        done = subprocess.run(  # noqa: S603  our own interpreter and text
            [sys.executable, "-c", BLOCKER, str(folder), str(asked), str(answered)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise MachineError(
                f"the exported model {folder / 'model.onnx'} did not answer: {last}",
                "Run it again with more memory, or report this",
            )
        with np.load(answered) as arrays:
            return _compared(dict(arrays), expected, Predictor.load(folder).signature, probes)


def answer_alone(folder: str, asked: str, answered: str) -> None:
    """The half of ``verify`` that runs in the other process: from an Arrow file to a NumPy one."""
    predictor = Predictor.load(Path(folder))
    with pa.OSFile(asked) as source:
        table = pa.ipc.open_file(source).read_all()
    values = predictor.answer(as_block(table, predictor.signature.schema))
    plain: dict[str, Any] = {
        f"o{at}": value.astype(str) if value.dtype == object else value for at, value in enumerate(values.values())
    }
    np.savez(answered, **plain)


def _compared(values: dict[str, np.ndarray], expected: np.ndarray, signature: Any, probes: int) -> Agreement:
    tolerance = signature.tolerance
    if signature.classes:
        differ = np.abs(values["o1"] - expected).max(axis=1)
        same = values["o0"] == np.array(signature.classes)[expected.argmax(axis=1)]
    else:
        differ = np.abs(values["o0"] - expected) / np.maximum(np.abs(expected), 1)
        same = np.ones(len(expected), bool)
    agree = int((same & (differ <= tolerance)).sum())
    return Agreement(len(expected), agree, float(differ.max(initial=0)), tolerance, probes)


def verify_prepared(prepared: Prepared, folder: Path, held_out: Block) -> Agreement:
    """``verify`` on held-out records and on probes made from them.

    Parameters
    ----------
    prepared : Prepared
        The Python model that was exported into the folder.
    held_out : Block
        Records the model was not fitted on; all are asked, of pictures up to 2,000 drawn by the hash of their number.
    """
    probing = probes_of(held_out.table, prepared.schema)
    if any(column.type == "binary" for column in prepared.schema.features) and len(held_out) > MAX_PICTURES:
        held_out = held_out.take(np.sort(np.argsort(row_hashes(held_out.rows), kind="stable")[:MAX_PICTURES]))
    table = pa.concat_tables([held_out.table.select(probing.column_names).cast(probing.schema), probing])
    expected = prepared.model.predict(prepared.preparation.apply(as_block(table, prepared.schema)))
    return verify(folder, table, np.asarray(expected), probing.num_rows)


def probes_of(table: pa.Table, schema: Schema) -> pa.Table:
    """Records with gaps, unseen, Chinese and extreme values put into each column a model may read, one at a time."""
    names = [column.name for column in schema.features]
    kinds = {name: pa.binary() if schema[name].type == "binary" else pa.string() for name in names}
    base = table.select(names).slice(0, MAX_PROBED).cast(pa.schema(list(kinds.items())))
    out = []
    for name in names:
        column = schema[name]
        values = [None, *column.nulls, *_probes(column.role)]
        for at in range(0, len(values), max(base.num_rows, 1)):
            part = values[at : at + base.num_rows]
            place = base.schema.get_field_index(name)
            out.append(base.slice(0, len(part)).set_column(place, name, pa.array(part, kinds[name])))
    blank = pa.table({name: pa.nulls(1, kinds[name]) for name in names})
    return pa.concat_tables([*out, blank])


def _probes(role: Role) -> tuple[Any, ...]:
    if role is Role.IMAGE:
        return _pictures()
    return {Role.NUMBER: NUMBERS, Role.TIME: TIMES}.get(role, PROBES)


def _pictures() -> tuple[bytes, ...]:
    """No picture, and pictures of one colour, of noise, of one pixel, tall, and grey."""
    from io import BytesIO

    from PIL import Image

    noise = np.random.default_rng(0).integers(0, 256, (48, 48, 3), np.uint8)
    arrays = [np.full((40, 40, 3), level, np.uint8) for level in (0, 1, 255)]
    arrays += [noise, noise[:1, :1], noise[:, :3], noise[:, :, 0], (noise > 127).astype(np.uint8) * 255]
    out = [b"", "并非图片".encode()]
    for pixels in arrays:
        sink = BytesIO()
        Image.fromarray(pixels).save(sink, "PNG")
        out.append(sink.getvalue())
    return tuple(out)
