"""States of checks: what a pass over the data leaves behind. They merge, and can be written down.

A state is a frozen dataclass registered with ``@state``. Two states of one check merge with ``merge``;
``freeze`` turns one into JSON, ``thaw`` back, so that today's state can judge tomorrow's records.
"""

import base64
import importlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from importlib.metadata import entry_points
from typing import Any, Protocol, Self, TypeVar, cast, runtime_checkable

import numpy as np
import pyarrow as pa

from karat.core.lazy_pandas import let_pandas_in

T = TypeVar("T")
OWN = "karat"  # the package whose units are not a stranger's
ENTRY_POINTS = "karat.units"
MANY = 1_000  # cost: entries of a dict that are written one by one
LARGE = 3 << 20  # cost: bytes of an array that is written in parts; three bytes are four letters of base64


@runtime_checkable
class State(Protocol):
    """What a check has learned; a frozen dataclass of plain values, NumPy and Arrow."""

    def merge(self, other: Self) -> Self:
        """The state of both parts together; ``other`` comes after in record order."""
        ...


def freeze(value: Any) -> str:
    """A state as JSON text; what occurs twice is written once. Raises TypeError for what cannot be written down."""
    return "".join(frozen(value))


def frozen(value: Any) -> Iterator[str]:
    """The text of ``freeze`` in parts, one for each entry of a dict: large states are then not packed all at once."""
    seen: dict[int, int] = {}
    if not isinstance(value, dict):
        yield _text(_pack(value, seen))
        return
    yield '{"$":"d","v":['
    for at, (key, own) in enumerate(value.items()):
        yield ("," if at else "") + "[" + _text(_pack(key, seen)) + ","
        yield from _parts(own, seen)
        yield "]"
    yield "]}"


def _parts(value: Any, seen: dict[int, int]) -> Iterator[str]:
    """The text of ``_pack`` in parts: a large array is never written out twice in memory."""
    if isinstance(value, np.ndarray) and value.nbytes > LARGE:
        yield f'{{"$":"n","t":{_text(value.dtype.str)},"s":{_text(list(value.shape))},"v":"'
        raw = np.ascontiguousarray(value).reshape(-1).view(np.uint8)
        for begin in range(0, len(raw), LARGE):
            yield base64.b64encode(raw[begin : begin + LARGE].tobytes()).decode()
        yield '"}'
    elif isinstance(value, (tuple, list)) and _is_large(value, seen):
        yield f'{{"$":"{"t" if isinstance(value, tuple) else "l"}","v":['
        yield from _joined(_parts(part, seen) for part in value)
        yield "]}"
    elif isinstance(value, dict) and _is_large(value, seen):
        yield '{"$":"d","v":['
        yield from _joined(_entry(key, own, seen) for key, own in value.items())
        yield "]}"
    elif is_dataclass(value) and not isinstance(value, type) and _is_large(value, seen):
        yield f'{{"$":"o","c":{_text(_place(value))},"v":{{'
        yield from _joined(_field(f.name, getattr(value, f.name), seen) for f in fields(value) if f.init)
        yield "}}"
        seen[id(value)] = len(seen)
    else:
        yield _text(_pack(value, seen))


def _joined(parts: Iterable[Iterator[str]]) -> Iterator[str]:
    for at, part in enumerate(parts):
        if at:
            yield ","
        yield from part


def _entry(key: Any, own: Any, seen: dict[int, int]) -> Iterator[str]:
    yield "[" + _text(_pack(key, seen)) + ","
    yield from _parts(own, seen)
    yield "]"


def _field(name: str, own: Any, seen: dict[int, int]) -> Iterator[str]:
    yield _text(name) + ":"
    yield from _parts(own, seen)


def _is_large(value: Any, seen: dict[int, int]) -> bool:
    """Is there a large array in it, or in what it is made of, or are its parts many? No where it was written before."""
    if isinstance(value, (np.ndarray, pa.Array, pa.Table)):
        return bool(value.nbytes > LARGE)
    if isinstance(value, dict):
        return len(value) > MANY or any(_is_large(part, seen) for part in value.values())
    if isinstance(value, (tuple, list)):
        return any(_is_large(part, seen) for part in value)
    if is_dataclass(value) and not isinstance(value, type) and id(value) not in seen:
        return any(_is_large(getattr(value, f.name), seen) for f in fields(value) if f.init)
    return False


def _text(packed: Any) -> str:
    return json.dumps(packed, ensure_ascii=False, separators=(",", ":"))


def thaw(text: str) -> Any:
    """The inverse of ``freeze``, shared objects shared again; builds only dataclasses of Karat and its plugins."""
    return _unpack(json.loads(text), [])


def _arrow(kind: str, table: pa.Table) -> dict[str, str]:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return {"$": kind, "v": base64.b64encode(sink.getvalue().to_pybytes()).decode()}


def _pack(value: Any, seen: dict[int, int]) -> Any:  # noqa: C901, PLR0911  one line a type
    if value is None or type(value) in (bool, int, str):
        return value
    if isinstance(value, (float, np.floating)):
        return {"$": "f", "v": float(value).hex()}
    if isinstance(value, (np.integer, np.bool_)):
        return value.item()
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bytes):
        return {"$": "b", "v": base64.b64encode(value).decode()}
    if isinstance(value, np.ndarray):
        packed = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return {"$": "n", "t": value.dtype.str, "s": list(value.shape), "v": packed}
    if isinstance(value, pa.Table):
        return _arrow("T", value)
    if isinstance(value, (pa.Array, pa.ChunkedArray)):
        return _arrow("A", pa.table({"v": value}))
    if isinstance(value, (tuple, list)):
        return {"$": "t" if isinstance(value, tuple) else "l", "v": [_pack(v, seen) for v in value]}
    if isinstance(value, frozenset):
        return {"$": "fs", "v": [_pack(v, seen) for v in sorted(value)]}
    if isinstance(value, dict):
        return {"$": "d", "v": [[_pack(k, seen), _pack(v, seen)] for k, v in value.items()]}
    if is_dataclass(value) and not isinstance(value, type):
        return _pack_object(value, seen)
    raise TypeError(f"a state holds plain values, NumPy, Arrow and dataclasses; found {type(value).__name__}")


def _pack_object(value: Any, seen: dict[int, int]) -> Any:
    if id(value) in seen:
        return {"$": "r", "v": seen[id(value)]}
    items = {f.name: _pack(getattr(value, f.name), seen) for f in fields(value) if f.init}
    seen[id(value)] = len(seen)  # numbered as they are finished, the order in which thaw builds them
    return {"$": "o", "c": _place(value), "v": items}


def _place(value: Any) -> str:
    kind = type(value)
    return f"{kind.__module__}:{kind.__qualname__}"


def _unpack(value: Any, built: list[Any]) -> Any:  # noqa: C901, PLR0911  one line a type
    if not isinstance(value, dict):
        return value
    kind, inner = value["$"], value["v"]
    match kind:
        case "r":
            return built[inner]
        case "f":
            return float.fromhex(inner)
        case "b":
            return base64.b64decode(inner)
        case "n":
            return np.frombuffer(base64.b64decode(inner), np.dtype(value["t"])).reshape(value["s"]).copy()
        case "T" | "A":
            table = pa.ipc.open_stream(base64.b64decode(inner)).read_all()
            table.validate(full=True)
            return table if kind == "T" else table.column("v").combine_chunks()
        case "t":
            return tuple(_unpack(v, built) for v in inner)
        case "l":
            return [_unpack(v, built) for v in inner]
        case "fs":
            return frozenset(_unpack(v, built) for v in inner)
        case "d":
            return {_unpack(k, built): _unpack(v, built) for k, v in inner}
    built.append(_built(value["c"], {k: _unpack(v, built) for k, v in inner.items()}))
    return built[-1]


@dataclass(frozen=True)
class Absent:
    """What stands for an object whose class, of another package, cannot be imported any more."""

    place: str
    why: str


def _plugins() -> set[str]:
    """Other packages whose classes a state may be made of: to import a module is to run it, whoever named it."""
    return {point.module.partition(".")[0] for point in entry_points(group=ENTRY_POINTS)}


def _built(place: str, values: dict[str, Any]) -> Any:
    module, _, name = place.partition(":")
    package = module.partition(".")[0]
    if package != OWN and package not in _plugins():
        return Absent(place, f"{place} cannot be imported (no installed package {package!r} has units of Karat)")
    if package != OWN:
        let_pandas_in()
    try:
        target: Any = importlib.import_module(module)
        for part in name.split("."):
            target = getattr(target, part)
    except (ImportError, AttributeError) as error:
        if package == OWN:
            raise
        return Absent(place, f"{place} cannot be imported ({error})")
    if not (isinstance(target, type) and is_dataclass(target)):
        raise TypeError(f"{place} is not a dataclass")
    return target(**values)


def derived(state: Any, key: str, make: Callable[[], T]) -> T:
    """``make()``, computed once per state object and key; forgotten with the state.

    Parameters
    ----------
    state : State
        A dataclass without slots; the result is kept on the object, outside its fields.
    key : str
        Names the result; one key, one ``make``.
    """
    store: dict[str, Any] = state.__dict__.setdefault("_derived", {})
    if key not in store:
        store[key] = make()
    return cast(T, store[key])
