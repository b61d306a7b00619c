"""Every state of the data is a version: kept in Lance, named by its content, never written over."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import BLOCK_RECORDS, ROW
from karat.core.errors import InputError, MachineError, OptionError
from karat.store.content import Chunk, chunked, content_hash
from karat.store.difference import difference
from karat.store.lance_files import Lance

HEAD = "head"


@dataclass(frozen=True)
class Version:
    """One state of the data.

    Parameters
    ----------
    number : int
        From 1.
    label : str
        What it was called when it was written: raw, refined, restored-1 …
    parent : int or None
        The version it was made from.
    content : str
        The hash of its content; equal on every machine for equal content.
    written_at : datetime
        UTC.
    meta : mapping of str to object
        What the writer added: ledger hash, checks, code version …
    """

    number: int
    label: str
    parent: int | None
    content: str
    records: int
    columns: int
    written_at: datetime
    meta: Mapping[str, Any]
    tags: tuple[str, ...] = ()


class Store:
    """The versions of one data set, in one folder.

    Parameters
    ----------
    path : Path
        The folder; made when the first version is written.

    Records whose chunk is already stored are not stored again. A writer that is killed leaves the versions that were
    there. Of two writers at one time one wins; the other is told so.

    Examples
    --------
    >>> import tempfile
    >>> store = Store(Path(tempfile.mkdtemp()) / "store")
    >>> raw = pa.table({"city": ["Rome", None]})
    >>> store.commit(raw, np.arange(2), parent=None, label="raw", meta={})
    1
    >>> store.commit(pa.table({"city": ["Rome", "Oslo"]}), np.arange(2), parent=1, label="refined", meta={})
    2
    >>> store.diff(1, 2).to_pylist()
    [{'row': 1, 'column': 'city', 'before': None, 'after': 'Oslo', 'action': 'set'}]
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self._lance = Lance(self.path)

    def commit(
        self,
        table: pa.Table,
        rows: np.ndarray,
        *,
        parent: int | None,
        label: str,
        meta: Mapping[str, Any],
        point: bool = True,
    ) -> int:
        """Keep a state; the number of its version. Content that is already kept gets no second version.

        Parameters
        ----------
        table : pyarrow.Table
            Text (or binary) columns without ``_row``.
        rows : ndarray of int64, shape (n,)
            Record numbers, rising.
        parent : int or None
            The version it was made from.
        label : str
            A name that finds it again; it moves along when used again.
        meta : mapping of str to object
            Plain JSON values.
        point : bool
            Let its label and the newest state mean this version; without, it waits for ``point``.
        """
        with self._writing():
            if parent is not None:
                self._number(parent)
            number = self._kept(table, chunked(table, rows), parent, label, meta)
            if point:
                self._lance.point(label, number)
                self._lance.point(HEAD, number)
        return number

    def read(self, version: int | str | None = None) -> tuple[pa.Table, np.ndarray]:
        """Table and record numbers of a version, a tag or a label; by default of the newest state."""
        table = self._lance.open(self._number(version))
        rows = np.asarray(table.column(ROW).to_numpy())
        return table.drop_columns([ROW]), rows

    def record(self, version: int | str, row: int) -> dict[str, Any] | None:
        """One record of a version by its number, or None where it is not there."""
        return self._lance.record(self._number(version), row)

    def log(self) -> list[Version]:
        """All versions, oldest first."""
        tags = self._lance.tags()
        return [self._version(number, at, tags) for number, at in self._lance.numbers()]

    def head(self) -> int:
        """The version that ``read`` gives when none is named."""
        return self._number(None)

    def diff(self, before: int | str, after: int | str) -> pa.Table:
        """What changed, by row and cell: ``row, column, before, after, action`` (set, drop, add)."""
        return difference(*self.read(before), *self.read(after))

    def tag(self, version: int | str, name: str) -> None:
        """Give a version a name."""
        with self._writing():
            taken = {HEAD} | {known.label for known in self.log()}
            if name in taken or name.isdecimal():
                raise OptionError(f"version name {name!r} is taken", "Choose another name")
            self._lance.point(name, self._number(version))

    def restore(self, version: int | str, *, point: bool = True) -> int:
        """A new version equal to an old one, value for value; it becomes the newest state, unless it waits for that."""
        with self._writing():
            old = self._number(version)
            same = {key: self._lance.about(old)[key] for key in ("content", "records", "columns", "chunks", "block")}
            about = {"label": f"restored-{old}", "parent": self.head(), **same, "meta": {"restored": old}}
            number = self._lance.again(old, about)
            if point:
                self._lance.point(HEAD, number)
        return number

    def append(
        self,
        table: pa.Table,
        rows: np.ndarray | None = None,
        *,
        meta: Mapping[str, Any] | None = None,
        to: int | str | None = None,
        point: bool = True,
    ) -> int:
        """A new version with records added after the last; whole chunks of the old are shared.

        Parameters
        ----------
        table : pyarrow.Table
            The same columns.
        rows : ndarray of int64, optional
            Their numbers, beyond the last one kept; by default they go on from it.
        to : int, str or None
            The version to add to; the newest by default.
        point : bool
            Let its label and the newest state mean this version; without, it waits for ``point``.
        """
        with self._writing():
            old = self._number(to)
            records, known = self.read(old)
            if table.column_names != records.column_names:
                odd = sorted(set(table.column_names) ^ set(records.column_names))
                raise InputError(
                    f"the new records have other columns than the version: "
                    f"{', '.join(map(repr, odd)) or 'in another order'}",
                    "Rename or add them",
                )
            first = int(known[-1]) + 1 if len(known) else 0
            fresh = np.arange(first, first + table.num_rows) if rows is None else rows
            if len(fresh) and int(fresh[0]) < first:
                raise InputError(
                    f"the new record numbers begin at {int(fresh[0])}, not {first}", "Number them from there"
                )
            rows = np.concatenate([known, fresh])
            records = pa.concat_tables([records, table.cast(records.schema)])
            label = self._version(old).label
            number = self._kept(
                records, chunked(records, rows), old, label, {"appended": table.num_rows, **(meta or {})}
            )
            if point:
                self._lance.point(label, number)
                self._lance.point(HEAD, number)
        return number

    def named(self) -> dict[str, int]:
        """Labels and tags, and the versions they stand for; under ``HEAD`` the newest state."""
        return self._lance.tags()

    def point(self, versions: Mapping[str, int]) -> None:
        """Let labels stand for versions that are there."""
        with self._writing():
            for name, number in versions.items():
                self._lance.point(name, self._number(number))

    def export(self, version: int | str | None, to: Path) -> Path:
        """A folder with this version alone, which any machine can open.

        It holds ``store/`` (this store with one version), ``data.parquet`` (text columns and ``_row``) and
        ``version.json``.
        """
        to = Path(to)
        if to.exists() and any(to.iterdir()):
            raise OptionError(f"{to} holds files already", "Name a new or empty folder")
        import pyarrow.parquet as pq

        chosen = self._version(self._number(version))
        table, rows = self.read(chosen.number)
        to.mkdir(parents=True, exist_ok=True)
        meta = {"exported": chosen.number, **chosen.meta}
        Store(to / "store").commit(table, rows, parent=None, label=chosen.label, meta=meta)
        pq.write_table(table.add_column(0, ROW, pa.array(rows, pa.int64())), to / "data.parquet")
        about = {
            "version": chosen.number,
            "label": chosen.label,
            "content": chosen.content,
            "records": chosen.records,
            "meta": dict(chosen.meta),
        }
        (to / "version.json").write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        return to

    def _kept(
        self,
        table: pa.Table,
        chunks: list[Chunk],
        parent: int | None,
        label: str,
        meta: Mapping[str, Any],
    ) -> int:
        digests = [chunk.digest for chunk in chunks]
        content = content_hash(table, digests)
        versions = self.log()
        same = next((version.number for version in versions if version.content == content), None)
        if same is not None:
            return same
        about = {
            "label": label,
            "parent": parent,
            "content": content,
            "records": table.num_rows,
            "columns": table.num_columns,
            "chunks": digests,
            "block": BLOCK_RECORDS,
            "meta": dict(meta),
        }
        return self._lance.write(table.schema, chunks, about)

    def _version(self, number: int, at: datetime | None = None, tags: Mapping[str, int] | None = None) -> Version:
        about = self._lance.about(number)
        names = tuple(sorted(name for name, tagged in (tags or {}).items() if tagged == number))
        return Version(
            number,
            about["label"],
            about["parent"],
            about["content"],
            about["records"],
            about["columns"],
            at or datetime.now(UTC),
            about["meta"],
            names,
        )

    def _number(self, version: int | str | None) -> int:
        numbers = [number for number, _ in self._lance.numbers()]
        if not numbers:
            raise InputError(f"{self.path} has no versions", "Write one first with karat clean DATA")
        tags = self._lance.tags()
        if version is None:
            return tags.get(HEAD, numbers[-1])
        if isinstance(version, str) and not version.isdecimal():
            if version not in tags:
                raise OptionError.unknown("version", version, [*tags, *map(str, numbers)], str(self.path))
            return tags[version]
        if int(version) not in numbers:
            raise OptionError(
                f"version {version} not found in {self.path}", f"Choose from: {', '.join(map(str, numbers))}"
            )
        return int(version)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        import fcntl

        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = (self.path / "writer.lock").open("a")
        except OSError as error:
            raise MachineError(
                f"versions cannot be written to {self.path}: {error.strerror or error}",
                "Free the disk or name another folder with --out",
            ) from error
        with lock:
            try:
                # the kernel frees it when the process ends, however it ends
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise MachineError(
                    f"another process is writing a version to {self.path}",
                    "Wait until it is done and run again, or name another folder with --out",
                ) from error
            yield
