"""A version of a run as a folder that another machine opens, with the column names of the input."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.core.block import ROW, WEIGHT
from karat.core.errors import OptionError
from karat.flow.collecting import INPUT_ROW
from karat.flow.folder import MARK, read_json, write_table
from karat.flow.label_questions import judged_labels
from karat.flow.raw import raw_records
from karat.flow.weighing import LabelWeights
from karat.label.label_weights import label_weights


def exported(store: Any, run: Path, version: int | str, to: Path, *, weigh: bool = False) -> Path:
    """Write one version; a column ``_row`` of the user's own takes its name back from Karat's record numbers.

    Parameters
    ----------
    run, to : Path
        The run folder, and a new folder.
    weigh : bool
        Add a column ``_weight``: how probable each label is, by models that have not seen the record.

    Raises
    ------
    OptionError
        The folder holds files, there is no such version, or no model can weigh its labels.
    """
    weights = _label_weights(run) if weigh else None
    place: Path = store.export(version, to)
    if weights is not None:
        _weighed(place / "data.parquet", *weights)
    record = run / MARK
    if record.is_file() and "row_column" in read_json(record).get("reading", {}):
        table = pq.read_table(place / "data.parquet").drop_columns([ROW])
        names = [ROW if name == INPUT_ROW else name for name in table.column_names]
        write_table(place / "data.parquet", table.rename_columns(names))
    return place


def _label_weights(run: Path) -> tuple[pa.Table, str]:
    """Weights by record and given label, and the target's name: those that shipped, else as labels are judged.

    Raises OptionError where there are none.
    """
    raw, shipped = raw_records(run), LabelWeights.load(run)
    if len(shipped.rows) and raw.schema.target is not None:
        block, name = raw.whole(), raw.schema.target.name
        return pa.table({ROW: block.rows, "given": block.text(name), WEIGHT: shipped.of(block.rows)}), name
    judged = judged_labels(run, raw)
    if judged is None:
        raise OptionError(
            "--weigh-labels needs classes to predict and a model that beats chance on them",
            f"Name the target: karat clean DATA --target COLUMN --out {run}",
        )
    target = judged.block.schema.target
    assert target is not None
    weights = label_weights(judged.expected, judged.labels, judged.judge)
    rows, given = judged.block.rows[judged.at], judged.block.text(target.name).take(pa.array(judged.at))
    return pa.table({ROW: rows, "given": given, WEIGHT: weights}), target.name


def _weighed(path: Path, weights: pa.Table, target: str) -> None:
    """Adds the weights to a version; a label that was changed since counts 1."""
    table = pq.read_table(path)
    at = pc.index_in(table[ROW].combine_chunks(), weights[ROW].combine_chunks())
    found, given = weights[WEIGHT].take(at), weights["given"].take(at)
    label = pc.cast(table[target], pa.string())
    same = pc.fill_null(pc.equal(label, given), False)
    weight = pc.if_else(pc.and_(pc.is_valid(found), same), pc.fill_null(found, 1.0), 1.0)
    write_table(path, table.append_column(WEIGHT, weight))
