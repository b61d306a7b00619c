"""A version that is written chunk by chunk: of a corpus, memory never holds more than one chunk."""

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from karat.core.block import ROW
from karat.store.content import chunk_of, content_hash
from karat.store.versions import HEAD, Store


class Growing:
    """A version in the making; nobody sees it before ``finish``.

    Parameters
    ----------
    schema : pyarrow.Schema
        Text columns without ``_row``.
    """

    def __init__(self, store: Store, schema: pa.Schema) -> None:
        self.store, self.schema = store, schema
        self.digests: list[str] = []
        self.records = 0
        self._fragments: list[Any] = []
        self._lance = store._lance
        self._known = self._lance.known_fragments(schema)

    def add(self, table: pa.Table) -> None:
        """One chunk: ``_row`` (rising, above all before) and the columns. Chunks that are already stored are shared."""
        if not table.num_rows:
            return
        chunk = chunk_of(table)
        fragment = self._known.get(chunk.digest) or self._lance.fragment(chunk, self.schema)
        self._known[chunk.digest] = fragment
        self._fragments.append(fragment)
        self.digests.append(chunk.digest)
        self.records += table.num_rows

    def share(self, other: "Growing") -> None:
        """From now on also share the chunks of another version in the making."""
        self._known = other._known

    def finish(self, *, parent: int | None, label: str, meta: Mapping[str, Any], point: bool = True) -> int:
        """Commit the version, or find that its content is already kept; returns its number.

        Without ``point`` its label and the newest state wait for ``Store.point``.
        """
        content = content_hash(self.schema.empty_table(), self.digests)
        with self.store._writing():
            number = next((version.number for version in self.store.log() if version.content == content), None)
            if number is None:
                about = {
                    "label": label,
                    "parent": parent,
                    "content": content,
                    "records": self.records,
                    "columns": len(self.schema),
                    "chunks": self.digests,
                    "block": 0,  # cut by bytes, not by records
                    "meta": dict(meta),
                }
                number = self._lance.seal(self.schema, self._fragments, about)
            if point:
                self._lance.point(label, number)
                self._lance.point(HEAD, number)
        return number


def stream(store: Store, version: int | str | None) -> Iterator[pa.Table]:
    """The chunks of a version in order: ``_row`` and the columns."""
    for table in store._lance.chunks(store._number(version)):
        yield table.select([ROW, *(name for name in table.column_names if name != ROW)])
