"""A whole data set in memory, with its roles: for what compares data sets rather than walking one down the corridor."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from karat.collect.assumed import ReadingOptions
from karat.core.block import Block
from karat.core.schema import Schema
from karat.flow import collecting
from karat.flow.data_reference import resolved
from karat.flow.dataset import ROW_AT
from karat.flow.folder import read_json
from karat.flow.job import Job
from karat.flow.settings import Settings, made_settings


def load(data: Any, settings: Settings) -> Block:
    """All records of a data set as one block, with roles inferred as ``karat run`` infers them.

    Parameters
    ----------
    data : path, URL, ``RUN@N``, or anything with ``__arrow_c_stream__``
    settings : Settings
        ``[collect]`` names the target and overrules roles.
    """
    with tempfile.TemporaryDirectory(prefix="karat-") as scratch:
        place = Path(scratch)
        collecting.collect(Job(data, place, "assess", settings), place, numbered=True)
        with pa.OSFile(str(place / "raw.arrow")) as file:
            table = pa.ipc.open_file(file).read_all()
        schema = Schema.from_json(read_json(place / "schema.json"))
    rows = table.column(ROW_AT).to_numpy()
    return Block(np.array(rows), table.remove_column(ROW_AT).combine_chunks(), schema)


def load_alike(data: Any, like: Block, how: Mapping[str, str] | None = None) -> Block:
    """Another version of a data set, its text read with the roles of the first; its columns as they stand."""
    from karat.collect.read import open_data

    reading = open_data(resolved(data), options=ReadingOptions.of(plain_settings("", how).collect))
    table = pa.Table.from_batches(list(reading.batches()))
    return Block(np.arange(table.num_rows), table.combine_chunks(), like.schema)


def plain_settings(target: str, how: Mapping[str, str] | None = None, **options: Any) -> Settings:
    """Settings for a target, a seed, and how a file is read, alone."""
    return made_settings({"collect": {"target": target, **(how or {})}, **options}, "the options")
