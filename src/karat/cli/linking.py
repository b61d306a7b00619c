"""``karat link``: pairs of records that may be the same thing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from karat.cli.by_kind import require
from karat.core.addresses import without_secrets
from karat.core.finding import SURE
from karat.core.words import many
from karat.flow.decisions_applied import decided_pairs
from karat.flow.folder import RunFolder, digest, write_json, write_table
from karat.flow.job import data_name, input_hash
from karat.flow.loading import load, plain_settings

SHOWN = 5  # display: pairs


@dataclass(frozen=True)
class Linked:
    """Pairs, and where they were written."""

    pairs: pa.Table
    place: Path

    def in_words(self) -> str:
        """For a person: how many, and the surest with their evidence."""
        sure = self.pairs.filter(pc.greater_equal(self.pairs["probability"], SURE)).sort_by(
            [("probability", "descending")]
        )
        rest = self.pairs.num_rows - sure.num_rows
        lines = [f"{many(sure.num_rows, 'likely match', 'likely matches')}, {rest:,} less likely"]
        for pair in sure.slice(0, SHOWN).to_pylist():
            lines.append(f"  {pair['left']} ~ {pair['right']}  {pair['probability']:.3f}  {pair['evidence']}")
        return "\n".join([*lines, f"pairs      {self.place}"])

    def as_json(self) -> str:
        """For a program."""
        sure = pc.sum(pc.greater_equal(self.pairs["probability"], SURE)).as_py() or 0
        return json.dumps({"pairs": self.pairs.num_rows, "sure": sure, "path": str(self.place)})


def linked(
    left: str, right: str | None, *, one_to_one: bool, out: Path | None, how: Mapping[str, str] | None = None
) -> Linked:
    """Link a table with itself or with another, and write ``pairs.parquet`` into a run folder."""
    from karat.clean.link.records import link

    a = load(left, plain_settings("", how))
    require("link", a.schema.kind)
    b = load(right, plain_settings("", how)) if right else None
    pairs = link(a, b, one_to_one=one_to_one)
    name = f"{data_name(left)}-{data_name(right)}" if right else data_name(left)
    hashes = [input_hash(path) for path in (left, right) if path]
    folder = RunFolder.open(
        out or Path("runs") / f"{name}-link",
        digest("link", hashes, one_to_one, *([how] if how and any(how.values()) else [])),
    )
    pairs = decided_pairs(folder.path, pairs)
    place = folder.path / "pairs.parquet"
    write_table(place, pairs)
    sources = [without_secrets(path) if "://" in path else str(Path(path).resolve()) for path in (left, right) if path]
    record = {"name": name, "upto": "link", "inputs": hashes, "sources": sources, "one_to_one": one_to_one}
    write_json(folder.path / "run.json", record)
    return Linked(pairs, place)
