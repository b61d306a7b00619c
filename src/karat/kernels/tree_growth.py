"""Trees of gradient boosting, grown by machine code in one call: the same nodes as scikit-learn's, bit by bit.

Scikit-learn's grower spends most of a small fit between its loops: a Python object, arrays and a search for threads at
every split. The order of every sum is that of its ``grower.py``, ``histogram.pyx`` and ``splitting.pyx`` (BSD 3).
"""

import numpy as np

from karat.kernels.compile import native
from karat.kernels.python_order import heap_added, heap_without_first, pairwise_sum, shuffled

Limits = tuple[float, float, int]
NO_SPLIT = -1.0  # definition: the gain of a node that no split improves
# definition: columns of the nodes' whole numbers ...
LEFT, RIGHT, START, STOP, DEPTH, FEATURE, BIN, GAPS_LEFT, HISTOGRAM = range(9)
# ... and of their other numbers; the last four are of the left child, and the values of both
VALUE, GAIN, GRADIENT, HESSIAN, LOW, HIGH, LEFT_GRADIENT, LEFT_HESSIAN, LEFT_VALUE, RIGHT_VALUE = range(10)


@native
def _value(gradient: float, hessian: float, low: float, high: float, penalty: float) -> float:  # pragma: no cover
    value = -gradient / (hessian + penalty + 1e-15)  # the same as scikit-learn's
    if value < low:
        return low
    return high if value > high else value  # noqa: FURB136 - as scikit-learn compares


@native
def _filled(
    histogram: np.ndarray,
    codes: np.ndarray,
    first: np.ndarray,
    gradients: np.ndarray,
    hessians: np.ndarray,
    records: np.ndarray,
) -> None:  # pragma: no cover
    """Sums of gradients, of hessians and of records in each bin; gaps share the bin after a feature's last."""
    histogram[:] = 0.0
    ordered = np.empty((len(records), 2))
    for at in range(len(records)):
        ordered[at, 0], ordered[at, 1] = gradients[records[at]], hessians[records[at]]
    for feature in range(len(codes)):
        code, start = codes[feature], first[feature]
        gap = first[feature + 1] - start - 1
        for at in range(len(records)):
            slot = start + min(np.int64(code[records[at]]), gap)
            histogram[slot, 0] += ordered[at, 0]
            histogram[slot, 1] += ordered[at, 1]
            histogram[slot, 2] += 1.0


@native
def _scanned(
    bins: np.ndarray,
    backwards: bool,
    stops: int,
    numbers: np.ndarray,
    size: int,
    direction: int,
    limits: Limits,
    best: np.ndarray,
) -> bool:  # pragma: no cover
    """A feature's best split by its bins, from the first or from the last, where it beats ``best``."""
    penalty, least_hessian, least = limits
    gradient, hessian, low, high = numbers[GRADIENT], numbers[HESSIAN], numbers[LOW], numbers[HIGH]
    loss = gradient * numbers[VALUE]
    near_gradient, near_hessian, near = 0.0, 0.0, 0.0
    found = False
    for step in range(stops):
        at = stops - step if backwards else step
        if bins[at, 2] == 0.0 and bins[at, 1] == 0.0 and bins[at, 0] == 0.0:
            continue  # as good a place as the one before
        near += bins[at, 2]
        near_hessian += bins[at, 1]
        far_hessian = hessian - near_hessian
        near_gradient += bins[at, 0]
        far_gradient = gradient - near_gradient
        if near < least:
            continue
        if size - near < least:
            break
        if near_hessian < least_hessian:
            continue
        if far_hessian < least_hessian:
            break
        near_value = _value(near_gradient, near_hessian, low, high, penalty)
        far_value = _value(far_gradient, far_hessian, low, high, penalty)
        rise = near_value - far_value if backwards else far_value - near_value
        if direction * rise < 0:
            continue
        if backwards:
            gain = loss - far_gradient * far_value - near_gradient * near_value
        else:
            gain = loss - near_gradient * near_value - far_gradient * far_value
        if gain > best[0] and gain > 0.0:
            found = True
            best[0], best[1] = gain, at - 1 if backwards else at
            best[2], best[3] = (far_gradient, far_hessian) if backwards else (near_gradient, near_hessian)
    return found


@native
def _with_split(
    whole: np.ndarray,
    numbers: np.ndarray,
    histogram: np.ndarray,
    first: np.ndarray,
    gaps: np.ndarray,
    directions: np.ndarray,
    limits: Limits,
    allowed: np.ndarray,
) -> None:  # pragma: no cover
    """Writes the best split of a node, by its sums in bins, into the node."""
    size, best = whole[STOP] - whole[START], np.empty(4)
    numbers[GAIN] = NO_SPLIT
    for feature in range(len(gaps)):
        if not allowed[feature]:
            continue
        bins = histogram[first[feature] : first[feature + 1]]
        direction, last = directions[feature], len(bins) - 2
        best[0] = NO_SPLIT
        stops = last + gaps[feature]
        found = _scanned(bins, False, stops, numbers, size, direction, limits, best)
        left = False
        if gaps[feature]:
            left = _scanned(bins, True, last, numbers, size, direction, limits, best)
        if (found or left) and best[0] > numbers[GAIN]:
            numbers[GAIN], whole[FEATURE], whole[BIN], whole[GAPS_LEFT] = best[0], feature, int(best[1]), left
            numbers[LEFT_GRADIENT], numbers[LEFT_HESSIAN] = best[2], best[3]
    low, high, penalty = numbers[LOW], numbers[HIGH], limits[0]
    gradient, hessian = numbers[LEFT_GRADIENT], numbers[LEFT_HESSIAN]
    numbers[LEFT_VALUE] = _value(gradient, hessian, low, high, penalty)
    gradient, hessian = numbers[GRADIENT] - gradient, numbers[HESSIAN] - hessian
    numbers[RIGHT_VALUE] = _value(gradient, hessian, low, high, penalty)


@native
def _parted(
    records: np.ndarray, other: np.ndarray, code: np.ndarray, last: int, gap: int, gaps_left: int
) -> int:  # pragma: no cover
    """Puts the records that go left before the others, each in their order; how many go left."""
    left = right = 0
    for record in records:
        value = code[record]
        if value <= last or (gaps_left and value == gap):
            records[left] = record
            left += 1
        else:
            other[right] = record
            right += 1
    records[left:] = other[:right]
    return left


@native
def _with_children(
    whole: np.ndarray,
    numbers: np.ndarray,
    node: int,
    count: int,
    records: np.ndarray,
    other: np.ndarray,
    code: np.ndarray,
    gap: int,
    gap_known: int,
    direction: int,
) -> None:  # pragma: no cover
    """Splits a node: its children are the nodes ``count`` and the next."""
    start, stop = whole[node, START], whole[node, STOP]
    left = _parted(records[start:stop], other, code, whole[node, BIN], gap, whole[node, GAPS_LEFT])
    if not gap_known:
        whole[node, GAPS_LEFT] = left > stop - start - left
    middle = (numbers[node, LEFT_VALUE] + numbers[node, RIGHT_VALUE]) / 2
    for side in range(2):
        child = count + side
        whole[node, LEFT + side] = child
        whole[child, START] = start + left * side
        whole[child, STOP] = start + left if side == 0 else stop
        whole[child, DEPTH] = whole[node, DEPTH] + 1
        numbers[child, GAIN] = NO_SPLIT
        numbers[child, VALUE] = numbers[node, LEFT_VALUE + side]
        numbers[child, LOW : HIGH + 1] = numbers[node, LOW : HIGH + 1]
        if direction:  # the lower child's answers stay below the middle, the other's above
            numbers[child, HIGH if (side == 0) == (direction > 0) else LOW] = middle
    numbers[count, GRADIENT : HESSIAN + 1] = numbers[node, LEFT_GRADIENT : LEFT_HESSIAN + 1]
    for at, of_left in ((GRADIENT, LEFT_GRADIENT), (HESSIAN, LEFT_HESSIAN)):
        numbers[count + 1, at] = numbers[node, at] - numbers[node, of_left]


@native
def _begun(
    whole: np.ndarray, numbers: np.ndarray, histogram: np.ndarray, first: np.ndarray, gap: int
) -> None:  # pragma: no cover
    """Writes the root, with sums over the first feature's bins in NumPy's order."""
    sums = np.zeros((2, gap + 1))
    for at in range(2):
        sums[at, : first[1] - 1] = histogram[: first[1] - 1, at]
        sums[at, gap] = histogram[first[1] - 1, at]
        numbers[0, GRADIENT + at] = pairwise_sum(sums[at])
    whole[0, STOP], numbers[0, GAIN] = int(histogram[: first[1], 2].sum()), NO_SPLIT
    numbers[0, LOW], numbers[0, HIGH] = -np.inf, np.inf


@native
def _divided(
    whole: np.ndarray,
    node: int,
    count: int,
    histograms: np.ndarray,
    free: np.ndarray,
    spare: int,
    codes: np.ndarray,
    first: np.ndarray,
    gradients: np.ndarray,
    hessians: np.ndarray,
    records: np.ndarray,
    least: int,
    asked: np.ndarray,
) -> tuple[int, int]:  # pragma: no cover
    """The histograms of those children that may be split; how many these are, and how many histograms are free."""
    many, row = 0, whole[node, HISTOGRAM]
    for child in range(count, count + 2):
        if whole[child, STOP] - whole[child, START] >= 2 * least:
            asked[many] = child
            many += 1
    if not many:
        free[spare] = row
        return 0, spare + 1
    left_is_small = whole[count, STOP] - whole[count, START] < whole[count + 1, STOP] - whole[count + 1, START]
    small, large = (count, count + 1) if left_is_small else (count + 1, count)
    spare -= 1
    whole[small, HISTOGRAM], whole[large, HISTOGRAM] = free[spare], row
    within = records[whole[small, START] : whole[small, STOP]]
    _filled(histograms[free[spare]], codes, first, gradients, hessians, within)
    histograms[row] -= histograms[free[spare]]
    if many == 1:
        free[spare] = whole[2 * count + 1 - asked[0], HISTOGRAM]
        spare += 1
    return many, spare


@native
def grown(
    codes: np.ndarray,
    first: np.ndarray,
    gaps: np.ndarray,
    gap: int,
    directions: np.ndarray,
    histograms: np.ndarray,
    gradients: np.ndarray,
    hessians: np.ndarray,
    words: np.ndarray,
    most_leaves: int,
    drawn: int,
    limits: Limits,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:  # pragma: no cover
    """A tree: its nodes' whole and other numbers, its records leaf by leaf, and how many random words it took.

    ``codes`` (d, n) are bins, ``gap`` that of what is missing; feature f has ``first[f + 1] - first[f] - 1`` others.
    ``histograms`` (one more than leaves that fit, all bins, 3) are for work. ``drawn`` features are tried at a split,
    chosen by ``words``; 0: all. ``limits``: the penalty on leaf values, the least hessian and fewest records of a leaf.
    """
    size, least = codes.shape[1], limits[2]
    leaves = len(histograms) - 1
    whole, numbers = np.zeros((2 * leaves, 9), np.int64), np.zeros((2 * leaves, 10))
    free, spare = np.arange(leaves + 1), leaves
    heap, waiting, finished, count, word = np.empty(leaves, np.int64), 0, 0, 1, 0
    records, other, allowed = np.arange(size, dtype=np.uint32), np.empty(size, np.uint32), np.ones(len(codes), np.bool_)
    whole[0, HISTOGRAM] = free[leaves]
    _filled(histograms[leaves], codes, first, gradients, hessians, records)
    _begun(whole, numbers, histograms[leaves], first, gap)
    asked = np.zeros(2, np.int64)
    many = 1 if size >= 2 * least and numbers[0, HESSIAN] >= limits[1] else 0
    while True:
        for node in asked[:many]:
            if drawn:
                word = shuffled(allowed, drawn, words, word)
            row = whole[node, HISTOGRAM]
            _with_split(whole[node], numbers[node], histograms[row], first, gaps, directions, limits, allowed)
            if numbers[node, GAIN] > 0:
                waiting = heap_added(heap, waiting, node, numbers[:, GAIN])
            else:
                finished += 1
                free[spare] = row
                spare += 1
        if not waiting:
            break
        node, waiting = heap_without_first(heap, waiting, numbers[:, GAIN])
        feature = whole[node, FEATURE]
        _with_children(
            whole, numbers, node, count, records, other, codes[feature], gap, gaps[feature], directions[feature]
        )
        count += 2
        if finished + waiting + 2 == most_leaves:
            break
        many, spare = _divided(
            whole, node, count - 2, histograms, free, spare, codes, first, gradients, hessians, records, least, asked
        )
        finished += 2 - many
    return whole[:count], numbers[:count], records, word


@native
def add_leaves(
    answers: np.ndarray, whole: np.ndarray, numbers: np.ndarray, records: np.ndarray
) -> None:  # pragma: no cover
    """Adds to the answer of each record the value of its leaf."""
    for node in range(len(whole)):
        if not whole[node, LEFT]:
            for record in records[whole[node, START] : whole[node, STOP]]:
                answers[record] += numbers[node, VALUE]


@native
def written(
    whole: np.ndarray, numbers: np.ndarray, rate: float, thresholds: np.ndarray, first: np.ndarray, out: np.ndarray
) -> None:  # pragma: no cover
    """Writes the nodes as scikit-learn's predictors keep them, each before its children and the left ones first.

    ``thresholds``: the upper bound of each bin, feature by feature; infinite for the last. Values of leaves are
    multiplied by ``rate``.
    """
    waiting, size, place = np.zeros(len(whole) + 1, np.int64), 1, np.zeros(len(whole), np.int64)
    for at in range(len(whole)):
        size -= 1
        node = waiting[size]
        place[node] = at
        if whole[node, LEFT]:
            waiting[size], waiting[size + 1] = whole[node, RIGHT], whole[node, LEFT]
            size += 2
        else:
            numbers[node, VALUE] *= rate
    for node in range(len(whole)):
        record, left, feature = out[place[node]], whole[node, LEFT], whole[node, FEATURE]
        record.value, record.gain = numbers[node, VALUE], numbers[node, GAIN]
        record.count, record.depth = whole[node, STOP] - whole[node, START], whole[node, DEPTH]
        record.is_leaf = left == 0
        if left:
            record.feature_idx, record.bin_threshold = feature, whole[node, BIN]
            record.num_threshold = thresholds[first[feature] + whole[node, BIN]]
            record.missing_go_to_left = whole[node, GAPS_LEFT]
            record.left, record.right = place[left], place[whole[node, RIGHT]]
