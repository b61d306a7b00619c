"""Fitted transforms of columns as ONNX nodes: what each one's ``to_onnx`` writes.

A transform is written as the arithmetic its ``apply`` does, in the same precision and order, so that features are
equal bit for bit (sines and logarithms to the last place of float32).
"""

import math
from typing import Any

import numpy as np

from karat.core.onnx_graph import ML, Features, Graph, Parts, Written
from karat.core.schema import Schema
from karat.prepare.onnx_patches import patches_of
from karat.prepare.onnx_text import runs_of

FLOAT32_MAX = float(np.finfo(np.float32).max)
DAY, YEAR_DAYS = 86_400.0, 365.2425  # seconds; days of a year in the Gregorian calendar (ISO 8601), on the mean
PERIODS = (1.0, 7.0, 24.0)  # definition: the same as in time_parts.py


def _numbers(graph: Graph, columns: list[str]) -> str:
    """(n, k) float32 within its range, NaN for gaps."""
    together = graph.concat(columns)
    # What Clip makes of NaN is not laid down.
    return graph.cast(graph.add("Where", graph.add("IsNaN", together), together, _clip(graph, together)), "FLOAT")


def _clip(graph: Graph, numbers: str) -> str:
    """Doubles within the range of float32."""
    return graph.add("Clip", numbers, graph.constant(-FLOAT32_MAX, np.float64), graph.constant(FLOAT32_MAX, np.float64))


def plain(graph: Graph, parts: Parts, _schema: Schema) -> Written:
    """(n, k) float32: numbers as they are, NaN for gaps."""
    tensor = _numbers(graph, [part.column for part, _ in parts])
    return [Features(tensor, np.concatenate([at for _, at in parts]))]


def scaled(graph: Graph, parts: Parts, _schema: Schema) -> Written:
    """(n, k) float32: numbers scaled, gaps filled."""
    tensor = _scale(graph, _numbers(graph, [part.column for part, _ in parts]), [part for part, _ in parts])
    return [Features(tensor, np.concatenate([at for _, at in parts]))]


def _scale(graph: Graph, numbers: str, scales: list[Any]) -> str:
    fill, mean, deviation = (
        graph.constant([[getattr(scale, name) for scale in scales]], np.float64)
        for name in ("fill", "mean", "deviation")
    )
    filled = graph.add("Where", graph.add("IsNaN", numbers), fill, graph.cast(numbers, "DOUBLE"))
    return graph.cast(_clip(graph, graph.add("Div", graph.add("Sub", filled, mean), deviation)), "FLOAT")


def indicators(graph: Graph, parts: Parts, _schema: Schema) -> Written:
    """(n, k) float32: 1 where a number is missing."""
    columns = [column for part, _ in parts for column in part.columns]
    tensor = graph.cast(graph.add("IsNaN", graph.concat(columns)), "FLOAT")
    return [Features(tensor, np.concatenate([at for _, at in parts]))]


def _keys(part: Any, schema: Schema) -> tuple[list[str], np.ndarray]:
    """Texts and the slot of each: known categories, then the ways to write a gap."""
    nulls = ["", *schema[part.column].nulls]
    known = [(value, at) for at, value in enumerate(part.values) if value not in nulls]
    gaps = [(text, len(part.values) + 1) for text in dict.fromkeys(nulls)]
    texts, slots = zip(*known, *gaps, strict=True)
    return list(texts), np.array(slots)


def _slot(graph: Graph, part: Any, schema: Schema, flat: str) -> str:
    """(n,) int64: the slot of each category, one beyond the known ones for a new one."""
    texts, slots = _keys(part, schema)
    encoded = graph.add(
        "LabelEncoder",
        part.column,
        domain=ML,
        keys_strings=texts,
        values_int64s=slots.tolist(),
        default_int64=len(part.values),
    )
    return graph.add("Reshape", encoded, flat)


def ordinal(graph: Graph, parts: Parts, schema: Schema) -> Written:
    """(n, k) float32: the rank of each category."""
    encoded = []
    for part, _ in parts:
        texts, slots = _keys(part, schema)
        ranks = part.ranks()
        encoded.append(
            graph.add(
                "LabelEncoder",
                part.column,
                domain=ML,
                keys_strings=texts,
                values_floats=ranks[slots].tolist(),
                default_float=float(ranks[len(part.values)]),
            )
        )
    return [Features(graph.concat(encoded), np.concatenate([at for _, at in parts]))]


def one_hot(graph: Graph, parts: Parts, schema: Schema) -> Written:
    """(n, width) float32 of each column of categories."""
    out: Written = []
    flat = graph.constant([-1], np.int64)
    for part, at in parts:
        rows = graph.constant(part.rows(), np.float32)
        out.append(Features(graph.add("Gather", rows, _slot(graph, part, schema, flat)), at))
    return out


def evidence(graph: Graph, parts: Parts, schema: Schema) -> Written:
    """The evidence (n, 1) float32 of each column's bin, column by column."""
    flat = graph.constant([-1], np.int64)
    out: Written = []
    for part, at in parts:
        slot = _bin(graph, part) if part.values is None else _slot(graph, part, schema, flat)
        weights = graph.constant(np.asarray(part.weights, np.float32)[:, None], np.float32)
        out.append(Features(graph.add("Gather", weights, slot), at))
    return out


def _bin(graph: Graph, part: Any) -> str:
    """(n,) int64: how many bins' ends a number lies above, one more than there are for a gap, then the codes."""
    number = _numbers(graph, [part.column])
    place = graph.above(graph.cast(number, "DOUBLE"), part.edges)
    gap = graph.constant(len(part.edges) + 1, np.int64)
    missing = graph.add("Reshape", graph.add("IsNaN", number), graph.constant([-1], np.int64))
    place = graph.add("Where", missing, gap, place)
    for at, code in enumerate(part.special):
        here = graph.add("Equal", graph.cast(number, "DOUBLE"), graph.constant([[code]], np.float64))
        flat = graph.add("Reshape", here, graph.constant([-1], np.int64))
        place = graph.add("Where", flat, graph.constant(len(part.edges) + 2 + at, np.int64), place)
    return place


def times(graph: Graph, parts: Parts, _schema: Schema) -> Written:
    """(n, 4) or (n, 7) float32 of each column of times."""
    return [Features(_waves(graph, part) if part.scale else _time_parts(graph, part.column), at) for part, at in parts]


def _whole_and_rest(graph: Graph, value: str, period: str) -> tuple[str, str]:
    whole = graph.add("Floor", graph.add("Div", value, period))
    return whole, graph.add("Sub", value, graph.add("Mul", whole, period))


def _time_parts(graph: Graph, seconds: str) -> str:
    """(n, 4) float32: day number, share of the year, weekday, hour of the day."""
    day, year, unit, three, seven, hour = (graph.constant([v], np.float64) for v in (DAY, YEAR_DAYS, 1, 3, 7, 3600))
    days = graph.add("Div", seconds, day)
    _, season = _whole_and_rest(graph, graph.add("Div", days, year), unit)
    _, weekday = _whole_and_rest(graph, graph.add("Add", graph.add("Floor", days), three), seven)
    _, within = _whole_and_rest(graph, seconds, day)
    return graph.cast(graph.concat([days, season, weekday, graph.add("Div", within, hour)]), "FLOAT")


def _waves(graph: Graph, part: Any) -> str:
    """(n, 7) float32 without gaps: scaled day number, then sine and cosine of season, weekday and hour."""
    plain = _time_parts(graph, part.column)
    pieces = []
    for at in range(4):
        pieces.append(graph.add("Gather", plain, graph.constant([at], np.int64), axis=1))
    waves = [_scale(graph, pieces[0], [part.scale])]
    for piece, period in zip(pieces[1:], PERIODS, strict=True):
        angle = graph.add("Mul", graph.cast(piece, "DOUBLE"), graph.constant([2 * math.pi / period], np.float64))
        waves += [graph.cast(graph.add(wave, angle), "FLOAT") for wave in ("Sin", "Cos")]
    together = graph.concat(waves)
    return graph.add("Where", graph.add("IsNaN", together), graph.constant([0], np.float32), together)


def texts(graph: Graph, parts: Parts, schema: Schema) -> Written:
    """The weighed character runs of each column of texts."""
    return [runs_of(graph, part, schema[part.column].nulls, at) for part, at in parts]


def pictures(graph: Graph, parts: Parts, _schema: Schema) -> Written:
    """(n, width) float32 of each column of pictures."""
    return [Features(patches_of(graph, part), at) for part, at in parts]


def pixels(graph: Graph, parts: Parts, _schema: Schema) -> Written:
    """(n, 3072) float32 of each column of pictures."""
    row_by_row = graph.constant([0, -1], np.int64)
    return [Features(graph.add("Reshape", graph.cast(part.column, "FLOAT"), row_by_row), at) for part, at in parts]
