"""What is to be predicted, as numbers."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.parsing import NUMBER_PATTERN
from karat.prepare.columns import codes


@dataclass(frozen=True, eq=False)
class Target:
    """The target column, read.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Class codes int64, or numbers float64; -1 or NaN where ``missing``.
    classes : tuple of str
        The class of each code, in numeric order where all are numbers, else as text; empty for numbers.
    missing : ndarray of bool, shape (n,)
        Records without a target; they neither train nor test.
    """

    values: np.ndarray
    classes: tuple[str, ...]
    missing: np.ndarray


def read_target(block: Block, classes: tuple[str, ...] = ()) -> Target:
    """The target of a block.

    Parameters
    ----------
    block : Block
        Its schema has a target and a task.
    classes : tuple of str
        The classes of the data this one goes with, if any; other texts then count as missing.

    Raises
    ------
    InputError
        Without a target, or when all its values are missing.
    """
    column = block.schema.target
    if column is None:
        raise InputError("there is no target", "Name one with --target")
    if block.schema.task == "regression":
        values = block.numbers(column.name)
        missing = np.isnan(values)
    else:
        coded, texts = codes(block, column.name)
        present = [texts[code] for code in np.unique(coded[coded >= 0])]
        classes = classes or tuple(sorted(present, key=_class_order(present)))
        place = {text: at for at, text in enumerate(classes)}
        table = np.array([*(place.get(text, -1) for text in texts), -1], np.int64)
        values = table[coded]
        missing = values < 0
    if missing.all():
        raise InputError(f"target {column.name!r} has no values", "Name another column with --target")
    return Target(values, classes, missing)


def _class_order(texts: list[str]) -> Callable[[str], tuple[float, str]]:
    numeric = all(re.match(NUMBER_PATTERN, text) for text in texts)
    return lambda text: (float(text) if numeric else 0.0, text)


def target_score(block: Block) -> np.ndarray | None:
    """One number a record (n,) float64 that says where its target lies, NaN where missing; None without a target.

    The number itself; for two classes 1 for the second; for more 1 for the one most frequent in the block.
    """
    column = block.schema.target
    if column is None:
        return None

    def make() -> np.ndarray:
        try:
            target = read_target(block)
        except InputError:
            return np.full(len(block), np.nan)
        if not target.classes:
            return target.values
        two = len(target.classes) <= 2
        chosen = 1 if two else int(np.bincount(target.values[~target.missing]).argmax())
        return np.where(target.missing, np.nan, target.values == chosen)

    return block.memo(("prepare", "target score", column.name), make)
