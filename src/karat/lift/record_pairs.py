"""Which record of one version is which of the other, from what they hold: never by position against their content.

Records are compared on the columns whose values both versions share. A match says as much as its values are rare
(the negative logarithms of their shares, summed: Fellegi and Sunter 1969); what chance would give once among all pairs
is no match.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.errors import InputError

# definition: of what could agree beyond chance, the half; records paired at random agree in none of it, the same
# records with a fifth of their cells changed in four fifths of it
AGREES = 0.5
MAX_TRIED = 64  # cost: columns that are left out in turn
MAX_DENSE = 3_000  # cost: records left on a side that are compared with all of the other side

BY_POSITION, BY_CONTENT = "position; their content agrees", "content"
REFUSED = (
    "{a:,} records before and {b:,} after cannot be paired: {why}",
    "Name a column that identifies records with --key, or give --test FILE with records that are in neither",
)


def record_pairs(a: Block, b: Block, names: list[str]) -> tuple[np.ndarray, str]:
    """Positions in A of B's records (len(b),), -1 for records that are new; and what they were paired by.

    Parameters
    ----------
    a, b : Block
        Before and after.
    names : list of str
        The columns that both have.

    Raises
    ------
    InputError
        Neither a key, nor content, nor content and position together say which record is which.
    """
    versions = _Versions(*_codes(a, b, names))
    for pair in (versions.by_position, versions.by_key, versions.by_content):
        chosen = pair()
        if chosen is not None:
            place, words = chosen
            return place, words if isinstance(words, str) else f"column {names[words]}"
    why = "too few values are the same in both" if not versions.shared.any() else "many records fit several others"
    raise InputError(REFUSED[0].format(a=len(a), b=len(b), why=why), REFUSED[1])


def _codes(a: Block, b: Block, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Both versions as codes (n, columns): equal where the values are, in whatever spelling of case and number."""
    out = np.empty((len(a) + len(b), len(names)), np.int64)
    for at, name in enumerate(names):
        texts = [_texts(block, name) for block in (a, b)]
        encoded = pa.concat_arrays(texts).dictionary_encode()
        plain: dict[str, int] = {}
        known = np.array([plain.setdefault(_plain(v.as_py()), len(plain)) for v in encoded.dictionary] + [-1], np.int64)
        indices = encoded.indices.fill_null(len(known) - 1).to_numpy(zero_copy_only=False)
        out[:, at] = known[indices]
    return out[: len(a)], out[len(a) :]


def _texts(block: Block, name: str) -> pa.Array:
    if name in block.schema:
        return block.text(name).cast(pa.string())
    return block.table.column(name).combine_chunks().cast(pa.string())


def _plain(text: str) -> str:
    text = text.strip().casefold()
    try:
        return repr(float(text))
    except ValueError:
        return text


@dataclass(frozen=True, eq=False)
class _Versions:
    """Two versions as codes (n, columns), -1 for blank."""

    a: np.ndarray
    b: np.ndarray

    @cached_property
    def counts(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Per column how often each code occurs in A and in B; blank last."""
        out = []
        for left, right in zip(self.a.T, self.b.T, strict=True):
            size = int(max(left.max(initial=-1), right.max(initial=-1))) + 2
            out.append((np.bincount(left % size, minlength=size), np.bincount(right % size, minlength=size)))
        return out

    @cached_property
    def shared(self) -> np.ndarray:
        """(columns,) bool: half of the values are the same in both versions, and they are more than one value."""
        fewest = min(len(self.a), len(self.b))
        both = [int(np.minimum(*pair)[:-1].sum()) for pair in self.counts]
        varied = [int((pair[0] > 0).sum()) > 1 for pair in self.counts]
        return (np.array(both) >= AGREES * max(1, fewest)) & np.array(varied, bool)

    @cached_property
    def chance(self) -> np.ndarray:
        """(columns,) how often two records drawn at random agree."""
        whole = max(1, len(self.a)) * max(1, len(self.b))
        return np.array([float(left @ right.astype(float)) / whole for left, right in self.counts])

    def agreement(self, places: np.ndarray, without: int = -1) -> float:
        """Share of what could agree beyond chance that does, over B's records with a place in A; 1 where none could."""
        at = np.flatnonzero(places >= 0)
        columns = np.flatnonzero(self.shared)
        columns = columns[columns != without]
        if not len(at) or not len(columns):
            return 1.0 if len(at) and without >= 0 else 0.0
        same = (self.a[places[at]][:, columns] == self.b[at][:, columns]).mean(0)
        room = (1 - self.chance[columns]).sum()
        return float((same - self.chance[columns]).sum() / room) if room > 0 else 1.0

    def by_key(self) -> tuple[np.ndarray, int] | None:
        """By the column that is unique in both and whose pairs agree best in the other columns."""
        best: tuple[float, int, np.ndarray] | None = None
        for at, (left, right) in enumerate(self.counts):
            if (
                not self.shared[at]
                or max(left[:-1].max(initial=0), right[:-1].max(initial=0)) > 1
                or left[-1] + right[-1]
            ):
                continue
            home = np.full(len(left), -1)
            home[self.a[:, at]] = np.arange(len(self.a))
            places = home[self.b[:, at]]
            agreement = self.agreement(places, at)
            agreeing_records = agreement * float((places >= 0).sum())
            if agreement >= AGREES and (best is None or agreeing_records > best[0]):
                best = (agreeing_records, at, places)
        return None if best is None else (self._completed(best[2])[0], best[1])  # names may be misspelt

    def by_position(self) -> tuple[np.ndarray, str] | None:
        """By position, where the content agrees and no record is found whole at another place."""
        if len(self.a) != len(self.b) or not self.shared.any():
            return None
        places, columns = np.arange(len(self.a)), np.flatnonzero(self.shared)
        if self.agreement(places) < AGREES:
            return None
        differs = np.flatnonzero((self.a[:, columns] != self.b[:, columns]).any(1))
        at, _ = self._whole(differs, differs)
        moved = self._weights(at, columns) > 2 * np.log(max(1, len(differs)))
        return None if moved.any() else (places, BY_POSITION)

    def by_content(self) -> tuple[np.ndarray, str] | None:
        """By whole records, then by records but for one column, then by the rarest values in common."""
        if not self.shared.any():
            return None
        places, sure = self._completed(np.full(len(self.b), -1))
        return (places, BY_CONTENT) if sure else None

    def _completed(self, places: np.ndarray) -> tuple[np.ndarray, bool]:
        """Places with those of records that have none yet; can all others be told to be new or gone?"""
        places = places.copy()
        for matched in self._passes():
            left = np.setdiff1d(np.arange(len(self.a)), places[places >= 0])
            right = np.flatnonzero(places < 0)
            if not len(left) or not len(right):
                return places, True
            at, to = matched(left, right)
            places[to] = at
        left = np.setdiff1d(np.arange(len(self.a)), places[places >= 0])
        right = np.flatnonzero(places < 0)
        if not len(left) or not len(right):
            return places, True
        if max(len(left), len(right)) > MAX_DENSE or not self._tellable(left, right):
            return places, False
        at, to = self._likeliest(left, right)
        places[to] = at
        return places, True

    def _passes(self) -> list[Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]]:
        columns = np.flatnonzero(self.shared)
        out: list[Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]] = [self._whole]
        if 1 < len(columns) <= MAX_TRIED:
            for column in columns.tolist():
                out.append(lambda left, right, column=column: self._but_for(left, right, column))  # type: ignore[misc]
        return out

    def _whole(self, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Equal records, the k-th of A with the k-th of B."""
        columns = np.flatnonzero(self.shared)
        names = _numbered(self.a[left][:, columns], self.b[right][:, columns])
        return _in_turn(names[0], names[1], left, right)

    def _but_for(self, left: np.ndarray, right: np.ndarray, column: int) -> tuple[np.ndarray, np.ndarray]:
        """Records that are alone in both with what they hold outside one column, if that is more than chance."""
        columns = np.setdiff1d(np.flatnonzero(self.shared), [column])
        names = _numbered(self.a[left][:, columns], self.b[right][:, columns])
        alone = [np.isin(mine, _once(mine)) for mine in names]
        at, to = _in_turn(names[0][alone[0]], names[1][alone[1]], left[alone[0]], right[alone[1]])
        enough = self._weights(at, columns) > np.log(len(left) * len(right))
        return at[enough], to[enough]

    @cached_property
    def _worth(self) -> list[np.ndarray]:
        """Per column what each of A's codes says when both records hold it; a blank says nothing."""
        out = []
        for left, _ in self.counts:
            share = np.maximum(left, 1) / max(1, len(self.a))
            worth = -np.log(share)
            worth[-1] = 0.0
            out.append(worth)
        return out

    def _weights(self, at: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """(k,) what an agreement in all of some columns says for records of A."""
        out = np.zeros(len(at))
        for column in columns.tolist():
            out += self._worth[column][self.a[at, column]]
        return out

    def _tellable(self, left: np.ndarray, right: np.ndarray) -> bool:
        """Would the usual record be known again by all its values?"""
        weights = self._weights(left, np.flatnonzero(self.shared))
        return bool(np.median(weights) > np.log(len(left) * len(right)))

    def _likeliest(self, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The likeliest pairs first, each record once, above what chance gives; the rest is new or gone."""
        score = np.zeros((len(left), len(right)), np.float32)
        for column in np.flatnonzero(self.shared).tolist():
            mine, yours = self.a[left, column], self.b[right, column]
            score += np.where(mine[:, None] == yours[None, :], self._worth[column][mine][:, None], 0).astype(np.float32)
        at, to = np.nonzero(score > np.log(len(left) * len(right)))
        order = np.argsort(-score[at, to], kind="stable")
        free_left, free_right = np.ones(len(left), bool), np.ones(len(right), bool)
        pairs = []
        for i, j in zip(at[order].tolist(), to[order].tolist(), strict=True):
            if free_left[i] and free_right[j]:
                free_left[i] = free_right[j] = False
                pairs.append((left[i], right[j]))
        both = np.array(pairs, np.int64).reshape(-1, 2)
        return both[:, 0], both[:, 1]


def _numbered(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of codes as one number each, equal where the rows are."""
    rows = np.ascontiguousarray(np.concatenate([a, b]))
    if not rows.shape[1]:
        return np.zeros(len(a), np.int64), np.zeros(len(b), np.int64)
    whole = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
    _, numbers = np.unique(whole, return_inverse=True)
    return numbers[: len(a)], numbers[len(a) :]


def _once(numbers: np.ndarray) -> np.ndarray:
    values, counts = np.unique(numbers, return_counts=True)
    return values[counts == 1]


def _in_turn(mine: np.ndarray, yours: np.ndarray, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places with the same number, the k-th of the one with the k-th of the other."""
    keys = []
    for numbers in (mine, yours):
        order = np.argsort(numbers, kind="stable")
        ranked = numbers[order]
        starts = np.searchsorted(ranked, ranked)
        turn = np.empty(len(numbers), np.int64)
        turn[order] = np.arange(len(numbers)) - starts
        keys.append(numbers.astype(np.int64) * (len(mine) + len(yours) + 1) + turn)
    _, at, to = np.intersect1d(keys[0], keys[1], assume_unique=True, return_indices=True)
    return left[at], right[to]
