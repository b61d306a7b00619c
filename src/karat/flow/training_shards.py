"""A cleaned corpus as tokens: a tokenizer, a mixture of sources, and shards in the forms that trainers read."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pyarrow.parquet as pq

from karat.deploy import shards
from karat.flow.folder import write_json
from karat.flow.part_store import Plan
from karat.flow.run_state import Walk
from karat.flow.settings import PrepareSettings
from karat.prepare import packing
from karat.prepare.mixing import mixed
from karat.prepare.tokens import encoded, end_of, load_tokenizer, train_tokenizer, width_of
from karat.store.croissant import CONFORMS_TO, CONTEXT

SAMPLE_BYTES = 32 << 20  # cost: of text that a tokenizer is trained on
SPLITS = ("train", "validation")
HOME, TOKENIZER, INDEX = "shards", "tokenizer.json", "index.json"
TYPES = {
    ".parquet": "application/x-parquet",
    ".arrow": "application/vnd.apache.arrow.stream",
    ".json": "application/json",
}


def make(on: Walk, plan: Plan, place: Path) -> Mapping[str, Any]:
    """Write the shards of the kept documents; returns what the room says."""
    settings, home = on.job.settings.prepare, place / HOME
    home.mkdir(parents=True, exist_ok=True)
    data = on.folder.work / "clean" / "data.parquet"
    tokenizer = _tokenizer(settings, data, plan.text)
    tokenizer.save(str(home / TOKENIZER))
    tokens, bounds = _tokens(tokenizer, data, plan.text, place / "tokens.bin")
    sources = _sources(plan, data, len(bounds) - 1) if settings.weights else [""] * (len(bounds) - 1)
    lengths = np.diff(bounds) + 1
    orders = _orders(sources, lengths, settings, on.job.settings.seed)
    end, said = end_of(tokenizer), {}
    for split in SPLITS:
        said[split] = _write(
            _shard(split, tokens, bounds, orders[split], end, settings.sequence_length), home, settings
        )
    summary = {
        "vocabulary": tokenizer.get_vocab_size(),
        "end": end,
        "sequence_length": settings.sequence_length,
        "dtype": np.dtype(tokens.dtype).name,
        "tokens": {split: int(lengths[order].sum()) for split, order in orders.items()},
        "documents": {split: len(order) for split, order in orders.items()},
        "splits": said,
    }
    write_json(home / INDEX, summary)
    for form in settings.shard_formats:
        write_json(home / form / "croissant.json", described(home / form, on.job.name, summary))
    (place / "tokens.bin").unlink()
    return {key: summary[key] for key in ("vocabulary", "tokens", "documents", "dtype")} | {
        "forms": settings.shard_formats
    }


def _orders(sources: list[str], lengths: np.ndarray, settings: PrepareSettings, seed: int) -> dict[str, np.ndarray]:
    """The documents of each split, in the order in which their tokens are written."""
    held_out = np.random.default_rng([seed, 1]).random(len(lengths)) < settings.held_out
    if held_out.all():
        held_out[0] = False
    train = np.flatnonzero(~held_out)
    of_train = [sources[at] for at in train.tolist()]
    chosen = mixed(of_train, lengths[train], weights=settings.weights, epochs=settings.epochs, seed=seed)
    return {"train": train[chosen], "validation": np.flatnonzero(held_out)}


def in_words(summary: Mapping[str, Any]) -> str:
    """The room's line of the summary."""
    counts = " · ".join(
        f"{summary['tokens'][split]:,} tokens to {split}" for split in SPLITS if summary["tokens"][split]
    )
    return f"{counts} · vocabulary {summary['vocabulary']:,} ({summary['dtype']}) · {', '.join(summary['forms'])}"


def _texts(data: Path, text: str) -> Iterator[list[str]]:
    with pq.ParquetFile(data) as file:
        for batch in file.iter_batches(batch_size=4_096, columns=[text]):
            yield [text_cell or "" for text_cell in batch.column(0).to_pylist()]


def _tokenizer(settings: PrepareSettings, data: Path, text: str) -> Any:
    if settings.tokenizer:
        return load_tokenizer(settings.tokenizer)
    size = sum(len(document) for texts in _texts(data, text) for document in texts)
    every = max(1, -(-size // SAMPLE_BYTES))
    some = (document for texts in _texts(data, text) for document in texts[::every])
    return train_tokenizer(some, settings.vocabulary)


def _tokens(tokenizer: Any, data: Path, text: str, place: Path) -> tuple[np.ndarray, np.ndarray]:
    """All tokens, mapped from a file, and where each document begins (documents + 1,)."""
    lengths: list[np.ndarray] = []
    with place.open("wb") as out:
        for texts in _texts(data, text):
            tokens, bounds = encoded(tokenizer, texts)
            out.write(tokens.tobytes())
            lengths.append(np.diff(bounds))
    bounds = np.concatenate([[0], np.cumsum(np.concatenate(lengths))]).astype(np.int64)
    kind = width_of(tokenizer)
    return np.memmap(place, kind, mode="r") if bounds[-1] else np.zeros(0, kind), bounds


def _sources(plan: Plan, data: Path, count: int) -> list[str]:
    column = plan.how.get("source_column") or ""
    if not column:
        return [""] * count
    names = [str(name or "") for name in pq.read_table(data, columns=[column]).column(0).to_pylist()]
    return [urlsplit(name).netloc for name in names] if plan.how.get("source_is_url") else names


def _shard(
    split: str, tokens: np.ndarray, bounds: np.ndarray, order: np.ndarray, end: int, length: int
) -> shards.Shard:
    def documents() -> Iterator[np.ndarray]:
        last = np.array([end], tokens.dtype)
        return (np.concatenate([tokens[bounds[at] : bounds[at + 1]], last]) for at in order.tolist())

    def sequences() -> Iterator[np.ndarray]:
        return packing.packed(packing.stream(tokens, bounds, order, end), length)

    return shards.Shard(split, documents, sequences, length, tokens.dtype)


def _write(shard: shards.Shard, home: Path, settings: PrepareSettings) -> dict[str, Any]:
    return {form: shards.write(shard, home / form, form) for form in settings.shard_formats}


def described(folder: Path, name: str, summary: Mapping[str, Any]) -> dict[str, Any]:
    """Croissant's JSON-LD for the shards of one form."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "croissant.json")
    description = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "name": f"{name} ({folder.name})",
        "description": f"{summary['tokens']['train']:,} tokens of {summary['vocabulary']:,} kinds, {summary['dtype']}, "
        f"in sequences of {summary['sequence_length']:,}; token {summary['end']} ends a document.",
        "conformsTo": CONFORMS_TO,
        "version": "1.0.0",
        "distribution": [_file(path, folder) for path in files],
    }
    tables = [path for path in files if path.suffix == ".parquet"]
    return description | ({"recordSet": [_sequences(path, folder) for path in tables]} if tables else {})


def _file(path: Path, folder: Path) -> dict[str, Any]:
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    name = path.relative_to(folder).as_posix()
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "contentSize": f"{path.stat().st_size} B",
        "encodingFormat": TYPES.get(path.suffix, "application/octet-stream"),
        "sha256": digest,
    }


def _sequences(path: Path, folder: Path) -> dict[str, Any]:
    name = path.relative_to(folder).as_posix()
    return {
        "@type": "cr:RecordSet",
        "@id": path.stem,
        "name": path.stem,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{path.stem}/{shards.COLUMN}",
                "name": shards.COLUMN,
                "dataType": "sc:Integer",
                "isArray": True,
                "arrayShape": "-1",
                "source": {"fileObject": {"@id": name}, "extract": {"column": shards.COLUMN}},
            }
        ],
    }
