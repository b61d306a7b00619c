"""What kind of answer a vote gives: class, level, number, several labels, spans of a text or boxes of a picture."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.degrees import LARGE_SAMPLE, MANY_LEVELS
from karat.core.errors import OptionError

TYPES = ("class", "ordinal", "number", "labels", "span", "box")
SEPARATORS = (";", "|", "；")
MOST_LEVELS = 11  # definition: the widest rating scale in use is 0 to 10
FEWEST_LEVELS = 4  # definition: on three levels a confused pair cannot be told from a neighbour
NEAR = 0.25  # of the way from chance to neighbours alone; unproven: noise as wide as the truth gives 0.29
SLACK = 2.0  # definition: standard deviations of a count that chance accounts for
FEWEST_EXPECTED = 5.0  # Cochran 1954: expected counts below 5 say nothing
MOST_LOOKED_AT = 200_000  # cost: votes that the pattern of differences is read from
MOST_PARSED = 1_000  # cost: different answers that are parsed to see what they are


@dataclass(frozen=True)
class AnswerType:
    """The type of the answers, and what it was recognised by.

    Parameters
    ----------
    name : str
        One of ``TYPES``.
    """

    name: str
    reason: str


def answer_type(
    names: pa.Array, item: np.ndarray, label: np.ndarray, classes: Sequence[str] | None = None, asked: str = "auto"
) -> AnswerType:
    """The type of answers, from the different answers and from who gave which.

    Parameters
    ----------
    names : pyarrow.Array of string
        The different answers.
    item, label : ndarray of int32, shape (m,)
        Item and answer of each vote; -1 for an abstention.
    classes : sequence of str, optional
        Classes in order, where they are named.
    asked : str
        A type to take whatever the answers look like.
    """
    if asked != "auto":
        if asked not in TYPES:
            raise OptionError.unknown("type of answers", asked, ("auto", *TYPES), "--type")
        return AnswerType(asked, "as asked for")
    plain: list[str] = names.to_pylist()
    structured = _structured(plain[:MOST_PARSED]) or (None if classes else _joined(plain))
    if structured is not None:
        return structured
    values = numbers_of(classes or plain)
    if values is None:
        if classes is None:
            return AnswerType("class", f"{len(plain):,} different texts")
        values = np.arange(len(classes), dtype=np.float64)
    if classes is not None:
        place = {name: at for at, name in enumerate(classes)}
        return _scale(values, item, np.array([place.get(name, -1) for name in plain] or [-1])[label])
    return _numeric(values, item, label)


def numbers_of(names: Sequence[str]) -> np.ndarray | None:
    """The values of texts that are all finite numbers; None where one is not."""
    try:
        values = np.array([float(name) for name in names])
    except ValueError:
        return None
    return values if len(values) and np.isfinite(values).all() else None


def parsed(name: str) -> Any:
    """What a text in JSON holds; None where it is none or no list of answers."""
    if name[:1] not in ("[", "{"):
        return None
    try:
        value = json.loads(name)
    except (ValueError, RecursionError):
        return None
    return [value] if isinstance(value, dict) else value if isinstance(value, list) else None


def separator_of(names: Sequence[str]) -> str | None:
    """The character that joins several labels, where one does."""
    for mark in SEPARATORS:
        joined = [name for name in names if mark in name]
        if not joined:
            continue
        parts = {part.strip() for name in names for part in name.split(mark)} - {""}
        alone = {part.strip() for name in joined for part in name.split(mark)} - {""} <= set(names)
        if alone or len(parts) < len(set(names)):
            return mark
    return None


def _structured(names: list[str]) -> AnswerType | None:
    values = [parsed(name) for name in names]
    if not values or any(value is None for value in values):
        return None
    entries = [entry for value in values for entry in value]
    if entries and all(isinstance(entry, str) for entry in entries):
        return AnswerType("labels", "each answer is a list of labels")
    if entries and all(isinstance(entry, dict) for entry in entries):
        keys = set.intersection(*(set(entry) for entry in entries))
        if {"start", "end"} <= keys:
            return AnswerType("span", "each answer is a list of spans with start and end")
        if {"x", "y", "width", "height"} <= keys:
            return AnswerType("box", "each answer is a list of boxes with x, y, width and height")
    return None


def _joined(names: list[str]) -> AnswerType | None:
    mark = separator_of(names)
    return None if mark is None else AnswerType("labels", f"{mark!r} joins labels that also occur in other answers")


def _numeric(values: np.ndarray, item: np.ndarray, label: np.ndarray) -> AnswerType:
    different, place = np.unique(values, return_inverse=True)
    count = len(different)
    whole = bool((different == np.floor(different)).all())
    if not whole and count > MOST_LEVELS:
        return AnswerType("number", f"{count:,} different numbers, not all whole")
    code = np.append(place, -1)[label]
    if count <= MOST_LEVELS or (whole and count <= MANY_LEVELS):
        return _scale(different, item, code)
    share, pairs, _ = nearness(item, code, count)
    if pairs >= LARGE_SAMPLE and share < NEAR:
        return AnswerType("class", f"{count:,} whole numbers, but differing votes are no nearer than chance")
    return AnswerType("number", f"{count:,} different numbers")


def _scale(values: np.ndarray, item: np.ndarray, code: np.ndarray) -> AnswerType:
    """Ordinal where differing votes lie on neighbouring levels, else classes."""
    count = len(values)
    if count < FEWEST_LEVELS:
        return AnswerType("class", f"{count} classes")
    share, pairs, neighbours = nearness(item, code, count)
    if pairs < LARGE_SAMPLE:
        return AnswerType("class", f"{count} classes; too few differing votes ({pairs}) show an order")
    if share >= NEAR and neighbours:
        kind = "ordinal" if count <= MOST_LEVELS else "number"
        return AnswerType(kind, f"{count} levels, and differing votes lie near each other ({pairs:,} pairs)")
    return AnswerType("class", f"{count} classes; differing votes are no nearer than chance")


def nearness(item: np.ndarray, code: np.ndarray, levels: int) -> tuple[float, int, bool]:
    """How near differing votes on one item lie: 0 as by chance, 1 always on neighbouring levels.

    Parameters
    ----------
    item, code : ndarray of int, shape (m,)
        Item and place of the answer in order; -1 for an abstention.

    Returns
    -------
    share, pairs, neighbours
        The nearness, the number of differing pairs, and whether no neighbouring levels are taken for each other less
        often than by chance.
    """
    kept = code >= 0
    if kept.sum() > MOST_LOOKED_AT:
        upto = np.searchsorted(np.cumsum(np.bincount(item[kept])), MOST_LOOKED_AT)
        kept &= item <= upto
    item, code = item[kept], code[kept]
    order = np.argsort(item, kind="stable")
    item, code = item[order], code[order]
    differing = (item[1:] == item[:-1]) & (code[1:] != code[:-1])
    left, right = code[:-1][differing], code[1:][differing]
    if not len(left):
        return 0.0, 0, False
    share = np.bincount(np.concatenate([left, right]), minlength=levels) / (2 * len(left))
    below = np.cumsum(share)
    different = 1 - float((share**2).sum())
    expected = 2 * float((below * (1 - below)).sum()) / different
    near = (expected - float(np.abs(left - right).mean())) / (expected - 1) if expected > 1 else 0.0
    chance = 2 * share[1:] * share[:-1] / different * len(left)
    low = np.minimum(left, right)
    count = np.bincount(low[np.abs(left - right) == 1], minlength=levels)[: levels - 1]
    judged = chance >= FEWEST_EXPECTED
    return near, len(left), bool(judged.any() and (count > chance - SLACK * np.sqrt(chance))[judged].all())
