"""NumPy's order of sums and of shuffles, and the order of Python's heaps, for machine code that says the same bits."""

import numpy as np

from karat.kernels.compile import native

BLOCK, ACCUMULATORS = 128, 8  # the same as NumPy's pairwise sum


@native
def pairwise_sum(values: np.ndarray) -> float:  # pragma: no cover
    """The sum of float64, as ``values.sum()`` takes it."""
    size = len(values)
    if size <= BLOCK:
        total, even = 0.0, 0
        if size >= ACCUMULATORS:
            sums = values[:ACCUMULATORS].copy()
            even = size - size % ACCUMULATORS
            for at in range(ACCUMULATORS, even):
                sums[at % ACCUMULATORS] += values[at]
            total = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
        for at in range(even, size):
            total += values[at]
        return total
    half = size // 2
    half -= half % ACCUMULATORS
    return pairwise_sum(values[:half]) + pairwise_sum(values[half:])


@native
def shuffled(chosen: np.ndarray, count: int, words: np.ndarray, at: int) -> int:  # pragma: no cover
    """``count`` of ``chosen`` become True, as ``Generator.shuffle`` deals them; the place of the next random word.

    ``words``: the generator's bits, 32 at a time, of which those count that do not exceed what is asked for.
    """
    chosen[:count], chosen[count:] = True, False
    mask = 1
    while mask < len(chosen) - 1:
        mask = 2 * mask + 1
    for last in range(len(chosen) - 1, 0, -1):
        while mask >> 1 >= last:
            mask >>= 1
        other = last + 1
        while other > last:
            other = int(words[at % len(words)]) & mask
            at += 1
        chosen[last], chosen[other] = chosen[other], chosen[last]
    return at


@native
def _risen(heap: np.ndarray, start: int, at: int, ranks: np.ndarray) -> None:  # pragma: no cover
    item = heap[at]
    while at > start:
        parent = (at - 1) >> 1
        if not ranks[item] > ranks[heap[parent]]:
            break
        heap[at] = heap[parent]
        at = parent
    heap[at] = item


@native
def heap_added(heap: np.ndarray, size: int, item: int, ranks: np.ndarray) -> int:  # pragma: no cover
    """``heapq.heappush``, the highest rank first; the heap's new size."""
    heap[size] = item
    _risen(heap, 0, size, ranks)
    return size + 1


@native
def heap_without_first(heap: np.ndarray, size: int, ranks: np.ndarray) -> tuple[int, int]:  # pragma: no cover
    """``heapq.heappop``, the highest rank first: the item, and the heap's new size."""
    first, size = heap[0], size - 1
    item, at, child = heap[size], 0, 1
    while child < size:
        if child + 1 < size and not ranks[heap[child]] > ranks[heap[child + 1]]:
            child += 1
        heap[at] = heap[child]
        at, child = child, 2 * child + 1
    if size:
        heap[at] = item
        _risen(heap, 0, at, ranks)
    return first, size
