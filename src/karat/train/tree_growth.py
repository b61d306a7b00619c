"""Scikit-learn's boosted trees, grown by Karat's machine code: the same bits in a fraction of the time."""

from hashlib import blake2b
from threading import Lock
from types import FunctionType
from typing import Any, ClassVar

import numpy as np

COPIED = ("1.9.",)  # definition: the releases of scikit-learn whose grower the machine code repeats
LEAST_HESSIAN = 1e-3  # the same as scikit-learn's TreeGrower
ROOM = 64  # cost: random words beyond those that a tree takes; where even these are too few, the first come again
MOST_BINNED = 8  # cost: tables of which the bins are kept, so that fits on the same records find them once
_binned: dict[tuple[Any, ...], tuple[Any, np.ndarray]] = {}
_lock = Lock()


def fitted(trees: Any, *data: Any, **more: Any) -> Any:
    """``trees.fit(*data, **more)`` of a histogram booster with a bound on leaves, without categories or interactions.

    Scikit-learn's own code runs, but for its class that grows a tree and its function that adds one to the answers; of
    another release than those that were copied, these too.
    Bins heed no weights: finding them is ten times the fit, and arms would differ.
    """
    kind = type(trees)
    trees.__class__ = type(kind.__name__, (kind,), {"_bin_data": _bins})
    try:
        _fit(kind)(trees, *data, **more)
    finally:
        trees.__class__ = kind
        vars(trees).pop("_bins_of", None)
    return trees


def _fit(kind: type) -> Any:
    """The fit of a class of scikit-learn, with Karat's grower where its release is known."""
    import sklearn

    fit: Any = getattr(kind.fit, "__wrapped__", kind.fit)  # type: ignore[attr-defined]
    if not sklearn.__version__.startswith(COPIED):
        return fit
    own = {"TreeGrower": _Grower(), "_update_raw_predictions": lambda answers, grower, _: grower.add_to(answers)}
    ours = FunctionType(fit.__code__, fit.__globals__ | own, fit.__name__, fit.__defaults__, fit.__closure__)
    ours.__kwdefaults__ = fit.__kwdefaults__
    return ours


def _bins(trees: Any, features: np.ndarray, *weights: Any, is_training_data: bool) -> np.ndarray:
    """The features' bins, found in training data; once for equal features."""
    mapper = trees._bin_mapper
    if is_training_data:
        trees._bins_of = mapper.n_bins, mapper.random_state
    key = (*trees._bins_of, features.shape, blake2b(np.ascontiguousarray(features).data, digest_size=16).digest())
    known = _binned.get(key)
    if known is None:
        none = [None] * len(weights)
        codes = super(type(trees), trees)._bin_data(features, *none, is_training_data=is_training_data)
        known = trees._bin_mapper, codes
        with _lock:
            _binned[key] = known
            if len(_binned) > MOST_BINNED:
                del _binned[next(iter(_binned))]
    trees._bin_mapper, codes = known
    if is_training_data:
        trees._bins_of = key
    return codes


class _Grower:
    """All trees of one fit, one after the other."""

    total_find_split_time: ClassVar[float] = 0.0
    total_compute_hist_time: ClassVar[float] = 0.0
    total_apply_split_time: ClassVar[float] = 0.0

    def __init__(self) -> None:
        self.fit: tuple[Any, ...] = ()
        self.words = np.zeros(0, np.uint32)  # the bits of the fit's own random generator
        self.bounds = np.zeros(0)

    def __call__(self, *, gradients: np.ndarray, hessians: np.ndarray, **fit: Any) -> "_Grower":
        """Scikit-learn's way to begin a tree."""
        if not self.fit:
            self._begin(**fit)
        alike = len(hessians) == 1
        self.slopes = gradients, np.ones(len(gradients), np.float32) if alike else hessians
        return self

    def _begin(
        self,
        *,
        X_binned: np.ndarray,  # noqa: N803 - scikit-learn's name
        n_bins: int,
        n_bins_non_missing: np.ndarray,
        has_missing_values: np.ndarray,
        monotonic_cst: np.ndarray,
        max_leaf_nodes: int,
        min_samples_leaf: int,
        l2_regularization: float,
        feature_fraction_per_split: float,
        rng: np.random.Generator,
        shrinkage: float,
        **_: Any,
    ) -> None:
        codes, share = np.ascontiguousarray(X_binned.T), feature_fraction_per_split
        self.rate, self.generator = float(shrinkage), rng.bit_generator
        drawn = max(1, int(np.ceil(share * len(codes)))) if share < 1 else 0
        self.most_words = ROOM + 4 * max_leaf_nodes * len(codes) if drawn else 0
        first = np.concatenate([[0], np.cumsum(n_bins_non_missing.astype(np.int64) + 1)])
        gaps, directions = has_missing_values.astype(np.int64), np.asarray(monotonic_cst, np.int64)
        leaves = max(1, min(max_leaf_nodes, codes.shape[1] // min_samples_leaf))
        self.fit = codes, first, gaps, n_bins - 1, directions, np.empty((leaves + 1, first[-1], 3))
        self.limits = max_leaf_nodes, drawn, (float(l2_regularization), LEAST_HESSIAN, min_samples_leaf)

    def grow(self) -> None:
        """The next tree."""
        from karat.kernels.tree_growth import grown

        if len(self.words) < self.most_words:
            more = self.generator.random_raw(self.most_words).astype("<u8").view("<u4")
            self.words = np.concatenate([self.words, more])
        given: tuple[Any, ...] = (*self.fit, *self.slopes, self.words, *self.limits)
        self.nodes, self.numbers, self.records, used = grown(*given)
        self.words = self.words[used:]

    def make_predictor(self, binning_thresholds: list[np.ndarray]) -> Any:
        """The tree as scikit-learn keeps it; its leaves' values are multiplied by the rate."""
        from sklearn.ensemble._hist_gradient_boosting.common import PREDICTOR_RECORD_DTYPE
        from sklearn.ensemble._hist_gradient_boosting.predictor import TreePredictor

        from karat.kernels.tree_growth import written

        first = self.fit[1]
        if not len(self.bounds):
            self.bounds = np.full(first[-1], np.inf)
            for at, bounds in zip(first, binning_thresholds, strict=False):
                self.bounds[at : at + len(bounds)] = bounds
        out = np.zeros(len(self.nodes), PREDICTOR_RECORD_DTYPE)
        written(self.nodes, self.numbers, self.rate, self.bounds, first, out)
        no_categories = np.zeros((0, 8), np.uint32)
        return TreePredictor(out, no_categories, no_categories)

    def add_to(self, answers: np.ndarray) -> None:
        """Adds the tree's answers to those of the training records."""
        from karat.kernels.tree_growth import add_leaves

        add_leaves(answers, self.nodes, self.numbers, self.records)
