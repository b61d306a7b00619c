"""Classes of pictures that are told by light, border or size alone."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.finding import Dimension, DoesNotApply, no_findings
from karat.core.schema import Schema
from karat.core.unit import Check
from karat.quality.pictures import OfPictures, PictureFigures

MIN_PICTURES = 60  # unproven: fewer tell by chance
MIN_OF_CLASS = 12  # unproven: fewer cannot be told from chance
SIGNS = {
    "brightness": ("mean",),
    "contrast": ("spread",),
    "colour of the border": ("border_red", "border_green", "border_blue"),
    "size": ("wide", "high"),
    "format": ("form",),
    "blocks of compression": ("blocks",),
    "noise": ("noise",),
}
BINS = 8  # unproven: finer bins fit chance


@dataclass(frozen=True)
class TellingBackgrounds(OfPictures, Check):
    """Labels that can be guessed without looking at what the picture shows.

    Where all cats were taken at night or all ships on white, a model learns the night and the white; it passes its test
    and fails in use. Each sign is cut into bins on one half of the pictures, and the most frequent class of a bin is
    the guess for the other half; how often that is right stands beside the most frequent class alone.

    Parameters
    ----------
    min_gain : float
        Share of the errors of always guessing the most frequent class that a sign must save.

    Source: Torralba & Efros (2011), Unbiased look at dataset bias; Geirhos et al. (2020), Shortcut learning.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    at_the_door: ClassVar[bool] = False

    min_gain: float = 0.5

    def applies(self, schema: Schema) -> DoesNotApply | None:
        if why := super().applies(schema):
            return why
        if schema.target is None or schema.task != "classification":
            return DoesNotApply("no target with classes")
        return None

    def conclude(self, state: PictureFigures, schema: Schema) -> pa.Table:
        coded = pc.dictionary_encode(state.labels)
        codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
        usable = np.flatnonzero((codes >= 0) & state.readable)
        counts = np.bincount(codes[usable], minlength=max(1, len(coded.dictionary)))
        usable = usable[counts[codes[usable]] >= MIN_OF_CLASS]
        if len(usable) < MIN_PICTURES or len(np.unique(codes[usable])) < 2:
            return no_findings()
        tells = []
        for sign, names in SIGNS.items():
            figures = np.column_stack([state[name][usable] for name in names])
            right, usual = _guessed(np.nan_to_num(figures), codes[usable])
            if right - usual >= self.min_gain * (1 - usual):
                tells.append((sign, right, usual))
        return self.found(
            len(tells),
            column=schema.target.name if schema.target else None,
            confidence=[min(0.95, (right - usual) / (1 - usual)) for _, right, usual in tells],
            message=[
                f"the {sign} alone tells the label of {right:.0%} of pictures it was not fitted on; the most frequent "
                f"class accounts for {usual:.0%}: a model may learn that instead of what is shown"
                for sign, right, usual in tells
            ],
        )


def _guessed(figures: np.ndarray, codes: np.ndarray) -> tuple[float, float]:
    """How often a guess from binned figures (n, f) is right on the half it was not fitted on, and the usual class."""
    fitted = np.arange(len(codes)) % 2 == 0
    bins = np.zeros(len(codes), np.int64)
    for values in figures.T:
        edges = np.unique(np.quantile(values[fitted], np.linspace(0, 1, BINS + 1)[1:-1]))
        bins = bins * (BINS + 1) + np.searchsorted(edges, values, side="right")
    usual = int(np.bincount(codes[fitted]).argmax())
    guess = np.full(int(bins.max()) + 1, usual)
    table = np.zeros((len(guess), int(codes.max()) + 1), np.int64)
    np.add.at(table, (bins[fitted], codes[fitted]), 1)
    seen = table.sum(axis=1) > 0
    guess[seen] = table[seen].argmax(axis=1)
    return float((guess[bins] == codes)[~fitted].mean()), float((codes[~fitted] == usual).mean())
