"""The named options of the Python calls: for type checkers, for ``help``, and for the settings they stand for."""

import inspect
import types
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypedDict, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from karat.core.errors import OptionError
from karat.flow.settings import Settings

Kind = Literal["table", "text", "chat", "image", "event", "series", "corpus", "instructions", "images", "interactions"]
Call = TypeVar("Call", bound=Callable[..., Any])
POSITIONAL = ("data", "target")  # arguments of the calls themselves
BOTH = "quality"  # a mapping: parameters of checks, as above the tables; a path: the quality model of [clean]
NOT_OF_A_RUN = frozenset({"serve", "live", "review", "show"})  # what other commands read, and the language


class Options(TypedDict, total=False):
    """What ``assess``, ``clean`` and ``run`` take beside data and target: the settings of ``karat.toml``."""

    seed: int
    workers: int
    now: str
    budget: str
    quality: Mapping[str, Mapping[str, Any]] | str | Path  # parameters of checks, or [clean] quality
    # of the table collect
    query: str
    kind: Kind | None
    text: str
    encoding: str
    delimiter: str
    decimal: Literal["", ".", ","]
    date_order: Literal["", "dmy", "mdy", "ymd"]
    header_row: int | str
    sheet: str
    max_query_seconds: float
    max_cell_bytes: int
    max_ratio: float
    max_memory_mb: float
    columns: Mapping[str, Mapping[str, Any]]
    # of clean
    ignore: Sequence[str]
    only: Sequence[str]
    min_confidence: float
    allow: Sequence[str]
    max_removed: float
    max_changed: float
    max_broken: float
    mask: bool
    profile: str
    languages: Sequence[str]
    identify_languages: bool
    repair_unicode: bool
    personal_data: Literal["mask", "hash", "drop", "keep"]
    mask_names: bool
    exact_duplicates: bool
    near_duplicates: float
    index: str | Path
    repeated_lines: int
    repeated_tokens: int
    test_sets: Sequence[str | Path]
    good: str | Path
    bad: str | Path
    html: bool
    boilerplate: bool
    flagged_words: Sequence[str]
    max_flagged: float
    usual: str | Path
    max_bits: float
    max_mixed: float
    min_quality: float
    quality_label: str
    drop_urls: Sequence[str | Path]
    drop_matching: Sequence[str]
    keep_matching: Sequence[str]
    replace: Mapping[str, str]
    min_characters: int
    max_characters: int
    min_words: int
    max_words: int
    min_tokens: int
    max_tokens: int
    max_per_domain: int
    # of label, store and prepare
    answers: str | Path
    weigh_labels: bool
    versions: bool
    folds: int
    repeats: int
    shards: bool
    tokenizer: str | Path
    vocabulary: int
    sequence_length: int
    held_out: float
    weights: Mapping[str, float]
    epochs: float
    shard_formats: Sequence[Literal["bin", "megatron", "parquet", "datasets"]]
    # of train, evaluate and deploy
    learner: str
    monotone: Mapping[str, Literal["increasing", "decreasing"]]
    horizon: int
    metric: str
    costs: Mapping[str, Mapping[str, float]]
    model: bool


@cache
def fields() -> dict[str, tuple[str, FieldInfo]]:
    """Each option with the table of ``karat.toml`` it belongs to ("" above them) and its field, in that order."""
    top = {name: ("", field) for name, field in Settings.model_fields.items() if not _is_table(field)}
    for table, field in Settings.model_fields.items():
        if _is_table(field) and table not in NOT_OF_A_RUN:
            inside = field.annotation.model_fields.items()  # type: ignore[union-attr]
            top |= {name: (table, inner) for name, inner in inside if name != BOTH}
    return {name: entry for name, entry in top.items() if name not in POSITIONAL}


def _is_table(field: FieldInfo) -> bool:
    return isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)


def as_settings(options: Mapping[str, Any], target: str) -> dict[str, Any]:
    """The tables of ``karat.toml`` that options stand for.

    Raises
    ------
    OptionError
        An option that there is not, with the nearest that there is.
    """
    known = fields()
    values: dict[str, Any] = {"collect": {"target": target}}
    for name, value in options.items():
        if name not in known:
            raise OptionError.unknown("option", name, {*known, "target", "out"})
        table = "clean" if name == BOTH and isinstance(value, (str, Path)) else known[name][0]
        (values.setdefault(table, {}) if table else values)[name] = _plain(value)
    return values


def _plain(value: Any) -> Any:
    """Paths as text, lists as tuples: as a settings file would hold them."""
    if isinstance(value, Path):
        return str(value)
    return tuple(_plain(entry) for entry in value) if isinstance(value, (list, tuple)) else value


def named_options(call: Call) -> Call:
    """A call whose signature and help show each option by name, with its type, its default and what it does."""
    named = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=field.get_default(call_default_factory=True), annotation=kind
        )
        for (name, (_, field)), kind in zip(fields().items(), map(_annotation, fields()), strict=True)
    ]
    signature = inspect.signature(call)
    own = [entry for entry in signature.parameters.values() if entry.kind is not inspect.Parameter.VAR_KEYWORD]
    call.__signature__ = signature.replace(parameters=[*own, *named])  # type: ignore[attr-defined]
    call.__doc__ = inspect.cleandoc(call.__doc__ or "").replace("**options\n", f"{_described()}\n")
    return call


def _annotation(name: str) -> Any:
    return Options.__annotations__[name]


def _described() -> str:
    lines = []
    for name, (_, field) in fields().items():
        default = field.get_default(call_default_factory=True)
        lines += [f"{name} : {_written(_annotation(name))}, default {default!r}{_bounds(field)}"]
        lines += [f"    {field.description[0].upper()}{field.description[1:]}."] if field.description else []
    return "\n".join(lines)


def _written(kind: Any) -> str:
    if get_origin(kind) in (Union, types.UnionType):
        return " or ".join(map(_written, get_args(kind)))
    if get_origin(kind) is Literal:
        return "{" + ", ".join(map(repr, get_args(kind))) + "}"
    return "None" if kind is types.NoneType else inspect.formatannotation(kind).replace("typing.", "").split("[")[0]


def _bounds(field: FieldInfo) -> str:
    """The range of a number, from its bounds."""
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    limits = [(sign, getattr(bound, key, None)) for bound in field.metadata for key, sign in signs.items()]
    parts = [f"{sign} {limit:g}" for sign, limit in limits if limit is not None]
    return f", {' and '.join(parts)}" if parts else ""
