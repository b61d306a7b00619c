"""The items behind votes: their texts and who voted what, where the run folder holds them."""

from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

MAX_LABELS = 60  # display: to choose from
MAX_VOTES = 60  # display: shown of one item


class Items:
    """What ``karat label`` left behind about its items.

    Parameters
    ----------
    run : Path
        Its folder; ``items.parquet`` (item and its text) and ``votes.parquet`` (item, voter, label) are optional.
    """

    def __init__(self, run: Path) -> None:
        self.run = run

    @cached_property
    def labels(self) -> list[str]:
        """All labels given, the frequent first."""
        path = self.run / "labels.parquet"
        if not path.exists():
            return []
        counts = pc.value_counts(pq.read_table(path, columns=["label"])["label"].cast(pa.string()).drop_null())
        pairs = zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True)
        return [label for label, _ in sorted(pairs, key=lambda pair: (-pair[1], pair[0]))][:MAX_LABELS]

    @cached_property
    def _texts(self) -> tuple[pa.Array, pa.Array] | None:
        path = self.run / "items.parquet"
        if not path.exists():
            return None
        items = pq.read_table(path)
        names = [name for name in items.column_names if name not in ("item", "id")]
        key = "item" if "item" in items.column_names else "id" if "id" in items.column_names else ""
        if not key or not names:
            return None
        column = "text" if "text" in names else names[0]
        return items[key].cast(pa.string()).combine_chunks(), items[column].cast(pa.string()).combine_chunks()

    def text(self, item: str) -> str | None:
        """An item's text, where it is known."""
        if self._texts is None:
            return None
        at = pc.index(self._texts[0], pa.scalar(item, pa.string())).as_py()
        text: str | None = self._texts[1][at].as_py() if at >= 0 else None
        return text

    @cached_property
    def _votes(self) -> tuple[pa.Array, np.ndarray, pa.Table] | None:
        """The items, where the votes of each begin, and all votes in the items' order."""
        path = self.run / "votes.parquet"
        if not path.exists():
            return None
        votes = pq.read_table(path)
        if not {"item", "voter", "label"} <= set(votes.column_names):
            return None
        coded = votes["item"].cast(pa.string()).combine_chunks().dictionary_encode()
        codes = pc.fill_null(coded.indices, len(coded.dictionary)).to_numpy()
        order = np.argsort(codes, kind="stable")
        starts = np.searchsorted(codes[order], np.arange(len(coded.dictionary) + 1))
        return coded.dictionary, starts, votes.select(["voter", "label"]).take(pa.array(order))

    def votes(self, item: str) -> list[tuple[str, str]]:
        """Who voted what about an item, where it is known."""
        at = -1 if self._votes is None else pc.index(self._votes[0], pa.scalar(item, pa.string())).as_py()
        if self._votes is None or at < 0:
            return []
        _, starts, table = self._votes
        here = table.slice(starts[at], min(int(starts[at + 1] - starts[at]), MAX_VOTES))
        voters, labels = (here[name].cast(pa.string()).to_pylist() for name in ("voter", "label"))
        return [(voter or "", label or "") for voter, label in zip(voters, labels, strict=True)]
