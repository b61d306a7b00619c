"""An index of the texts kept so far: today's crawl is compared with yesterday's, and yesterday's texts stay.

The index is a folder of Parquet parts, one a batch: signatures of the texts that were kept, the texts themselves, and
which texts of the batch went. Which texts share a band is asked of DuckDB, which spills; only those are loaded.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.clean.duplicate_pairs import bands_for
from karat.clean.duplicates_in_text import duplicates
from karat.clean.signatures import Signatures, as_arrow, sign
from karat.core.errors import InputError

MEMORY = "512MB"
TEXT, ROW = "text", "row"
FOUND = pa.schema({"row": pa.int64(), "keeper": pa.int64(), "jaccard": pa.float64(), "kind": pa.string()})


@dataclass(frozen=True)
class NearIndex:
    """Texts that were kept, batch after batch.

    A crawl repeats what earlier crawls held. A batch is compared with itself and with every text kept before; what was
    kept once is never dropped later, so a shard that has been trained on stays as it is.

    Parameters
    ----------
    folder : Path
        Holds the index; made when it is not there.
    threshold : float
        Least Jaccard of a text with the keeper beside which it goes, in (0, 1]; the same for all batches.
    workers : int
        Threads.

    Raises
    ------
    InputError
        The folder was made with another threshold, or these are not texts.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> index = NearIndex(Path(mkdtemp()) / "crawls")
    >>> index.add(["one text about rain", "another text about snow"], "monday").num_rows
    0
    >>> index.add(["A text of its own", "One text, about rain"], "tuesday").to_pylist()
    [{'row': 3, 'keeper': 0, 'jaccard': 1.0, 'kind': 'near'}]
    """

    folder: Path
    threshold: float = 0.8
    workers: int = 2

    def add(self, texts: Any, name: str) -> pa.Table:
        """Compare a batch with itself and with all that was kept, and keep the rest.

        Parameters
        ----------
        texts : list of str, or Arrow string array, shape (n,)
        name : str
            Name of the batch, sorting after those before it. A batch that is there already is not added again: its
            answer is given once more, so that a run that was cut off can be run again.

        Returns
        -------
        pyarrow.Table
            ``row``, ``keeper`` int64 (texts counted over all batches), ``jaccard``, ``kind``, of the texts that go.
        """
        known = self._batches()
        for path in known:
            if path.stem == name:
                return pq.read_table(path.with_suffix(".gone.parquet"))
        if known and name <= known[-1].stem:
            wrong_order = f"{name!r} after {known[-1].stem!r}"
            raise InputError(
                f"batches must be added in the order of their names, but {wrong_order} was added to {self.folder}",
                "Choose a later name",
            )
        first = self._count(known)
        batch = as_arrow(texts)
        fresh = sign(batch, *bands_for(self.threshold), self.workers)
        sharing = self._sharing(fresh, known)
        gone = self._gone(fresh, batch, sharing, first)
        self._write(fresh, batch, gone, first + np.arange(len(fresh)), name)
        return gone

    def names(self) -> list[str]:
        """Names of the batches, oldest first."""
        return [path.stem for path in self._batches()]

    def known(self, fresh: Signatures, texts: Any, before: str) -> pa.Table:
        """Which texts of a batch are like one kept in a batch with a name below ``before``; nothing is added.

        Parameters
        ----------
        fresh : Signatures
            Of the texts, from ``sign`` with ``bands_for(threshold)``; no two of them are alike.
        texts : list of str, or Arrow string array, shape (n,)

        Returns
        -------
        pyarrow.Table
            As of ``add``, with ``row`` counted from 0 in the batch.
        """
        sharing = self._sharing(fresh, [path for path in self._batches() if path.stem < before])
        if not sharing.num_rows:
            return FOUND.empty_table()
        gone = self._gone(fresh, as_arrow(texts), sharing, -len(fresh))
        gone = gone.set_column(0, "row", pc.add(gone["row"], len(fresh)))
        return gone.filter(pc.greater_equal(gone["keeper"], 0))

    def keep(self, fresh: Signatures, texts: Any, name: str, numbers: np.ndarray | None = None) -> None:
        """Add texts that were compared already as a batch; one that is there already stays as it is.

        They have the numbers (n,) that are given, else those after the texts of earlier batches.
        """
        known = self._batches()
        if name not in [path.stem for path in known]:
            rows = self._count(known) + np.arange(len(fresh)) if numbers is None else numbers
            self._write(fresh, as_arrow(texts), FOUND.empty_table(), rows, name)

    def _count(self, known: list[Path]) -> int:
        return sum(int(self._facts(path)["texts"]) for path in known)

    def _gone(self, fresh: Signatures, batch: pa.ChunkedArray, sharing: pa.Table, first: int) -> pa.Table:
        """Which texts of the batch go: those before it are never asked to."""
        old = Signatures.from_table(sharing.drop_columns([TEXT])) if sharing.num_rows else fresh.take(np.arange(0))
        both = Signatures(*(np.concatenate(parts) for parts in zip(old.parts(), fresh.parts(), strict=True)))
        number = np.concatenate((sharing[ROW].to_numpy(), first + np.arange(len(fresh))))
        store = pa.chunked_array([*sharing[TEXT].chunks, *batch.chunks], pa.large_string())
        pairs = duplicates(both, lambda at: store.take(pa.array(at)), self.threshold, None, self.workers, len(old))
        columns = {name: number[pairs[name].to_numpy()] for name in ("row", "keeper")}
        return pa.table({**columns, "jaccard": pairs["jaccard"], "kind": pairs["kind"]}).cast(FOUND)

    def _sharing(self, fresh: Signatures, known: list[Path]) -> pa.Table:
        """Signatures and texts of those kept before that share a band, or the words, with a text of the batch."""
        columns = fresh.take(np.arange(0)).to_table().append_column(TEXT, pa.array([], pa.large_string()))
        if not known:
            return columns
        keys = ["folded_0", *(f"band_{k}" for k in range(fresh.bands.shape[1]))]
        batch = fresh.to_table().select(keys)
        places = [str(path) for path in known]
        with _spilling(self.folder) as link:
            link.register("batch", batch)
            link.execute("CREATE TEMP TABLE near (row BIGINT)")
            for key in keys:
                link.execute(
                    f"INSERT INTO near SELECT row FROM read_parquet($1) WHERE {key} IN (SELECT {key} FROM batch)",
                    [places],
                )
            query = "SELECT * FROM read_parquet($1) WHERE row IN (SELECT row FROM near) ORDER BY row"
            sharing = link.sql(query, params=[places]).to_arrow_table()
        at = sharing.schema.get_field_index("sketch")
        sketch = sharing["sketch"].combine_chunks().cast(columns.schema.field("sketch").type)
        table = sharing.set_column(at, "sketch", sketch)
        return table.set_column(table.schema.get_field_index(TEXT), TEXT, table[TEXT].cast(pa.large_string()))

    def _write(self, fresh: Signatures, batch: pa.ChunkedArray, gone: pa.Table, rows: np.ndarray, name: str) -> None:
        """Write the batch so that it is there whole or not at all."""
        stays = np.asarray(batch.is_valid()) & ~np.isin(rows, gone["row"].to_numpy())
        places = np.flatnonzero(stays)
        table = fresh.take(places).to_table(rows[places]).append_column(TEXT, batch.take(pa.array(places)))
        facts = {"texts": str(len(fresh)), "threshold": repr(self.threshold)}
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / f"{name}.parquet"
        for path, part in ((target.with_suffix(".gone.parquet"), gone), (target, table.replace_schema_metadata(facts))):
            draft = path.with_suffix(".part")
            pq.write_table(part, draft, compression="zstd")
            draft.chmod(0o600)
            draft.replace(path)

    def _batches(self) -> list[Path]:
        """Parts of the batches, oldest first."""
        paths = sorted(path for path in self.folder.glob("*.parquet") if not path.name.endswith(".gone.parquet"))
        for path in paths:
            threshold = self._facts(path).get("threshold")
            if threshold != repr(self.threshold):
                stored = f"threshold {threshold}"
                raise InputError(
                    f"{path} was made with {stored}, not {self.threshold}", "Use another folder for the index"
                )
        return paths

    def _facts(self, path: Path) -> dict[str, str]:
        metadata = pq.read_schema(path).metadata or {}
        return {key.decode(): value.decode() for key, value in metadata.items()}


@contextmanager
def _spilling(folder: Path) -> Iterator[Any]:
    """A DuckDB that writes to disk what does not fit in its memory."""
    import duckdb

    with (
        TemporaryDirectory(dir=folder) as spill,
        duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": spill, "threads": 2}) as link,
    ):
        yield link
