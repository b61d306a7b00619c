"""Models that ``karat learn`` has made: numbered folders in ``RUN/learned``, and what each has learned."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.schema import Schema
from karat.flow.folder import read_json, write_json, write_table
from karat.train.recalibrated import Correction

FOLDER, RECORDS, IN_USE, TRIAL = "learned", "learned_from.parquet", "in_use.json", "learned.json"


@dataclass(frozen=True, eq=False)
class InUse:
    """A model by what it has learned.

    Parameters
    ----------
    records : Block
        In the order of time.
    correction : Correction
        Of its answers.
    since : str
        When the last of the served records among them was served; "" without any.
    """

    records: Block
    correction: Correction = field(default_factory=Correction)
    since: str = ""


def home_of(run: Path) -> tuple[Path, int]:
    """The run folder of a model, and the model's number; 0 is the run's own."""
    place = run.resolve()
    if place.parent.name == FOLDER and place.name.isdigit():
        return place.parent.parent, int(place.name)
    return place, 0


def model_folder(run: Path) -> Path:
    """The folder of ``RUN@k``, the model that call k of ``karat learn`` made; ``RUN@0`` is the run's own. Else ``run``.

    Raises
    ------
    InputError
        That call has shipped none.
    """
    folder, at, number = str(run).rpartition("@")
    if not at or not number.isdigit() or run.exists() or not Path(folder).is_dir():
        return run
    home = home_of(Path(folder))[0]
    known = [0, *(k for k, place in _numbered(home) if (place / "model").is_dir())]
    if int(number) not in known:
        raise InputError(f"{folder} has no model {number}", f"There are: {', '.join(map(str, known))}")
    return home / FOLDER / number if int(number) else home


def last_shipped(home: Path) -> int:
    """The number of the newest model; 0 where the run's own is."""
    return max((number for number, place in _numbered(home) if (place / IN_USE).is_file()), default=0)


def tried_until(home: Path) -> str:
    """When the last record was served whose outcome was in any trial; "" without any."""
    trials = [place / TRIAL for _, place in _numbered(home)]
    return max((read_json(path).get("until", "") for path in trials if path.is_file()), default="")


def next_folder(home: Path) -> Path:
    """The next one, which is made."""
    (home / FOLDER).mkdir(mode=0o700, exist_ok=True)
    place = home / FOLDER / str(1 + max((number for number, _ in _numbered(home)), default=0))
    place.mkdir(mode=0o700)
    return place


def save_in_use(place: Path, model: InUse) -> None:
    """Write what a model has learned into its folder, for its owner alone."""
    write_table(place / RECORDS, model.records.table)
    write_json(place / IN_USE, {"correction": asdict(model.correction), "since": model.since})


def read_in_use(place: Path, schema: Schema) -> InUse:
    """The inverse of ``save_in_use``. Raises InputError where the folder holds no such model."""
    if not (place / IN_USE).is_file():
        raise InputError(f"{place} does not say what its model has learned", "Run karat learn RUN again")
    table, values = pq.read_table(place / RECORDS), read_json(place / IN_USE)
    correction: dict[str, Any] = values["correction"]
    records = Block(np.arange(table.num_rows), table, schema)
    return InUse(records, Correction(correction["scale"], tuple(correction["shift"])), values["since"])


def _numbered(home: Path) -> Iterator[tuple[int, Path]]:
    if (home / FOLDER).is_dir():
        yield from ((int(path.name), path) for path in (home / FOLDER).iterdir() if path.name.isdigit())
