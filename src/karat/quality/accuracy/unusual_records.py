"""Records that are unlike the others in several columns together."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Schema
from karat.core.scoring_check import ScoringCheck
from karat.core.state import derived
from karat.quality.accuracy._record_features import compared
from karat.quality.accuracy._record_scores import RecordScores
from karat.quality.sampled import Sampled

MIN_RECORDS = 100  # definition: below, the upper tenth that scores are measured in is fewer than ten records
MAX_CELLS = 20_000_000  # cost: a minute of one core; larger tables are not scored
EXPECTED = 0.5  # benchmarks/unusual_records.md: records of the usual tail that may be named, in the whole data set
MOST = 0.002  # benchmarks/unusual_records.md: share of all records that may be named
SUSPICIOUS = 0.3  # definition: below the half that counts: unusual is not wrong
PART = 0.15  # display: a column is named from this share of the distance on
NAMED = 4  # display: at most so many columns


@dataclass(frozen=True)
class UnusualRecords(ScoringCheck):
    """Records that are unlike all others, each value on its own or several together.

    One such record may be an error of measurement or of entry, fraud, or the most interesting case of all: it is
    named as suspicious with the columns that set it apart, and never changed. Every record has a score: five simple
    detectors (isolation forest, tails of single columns, distance to the nearest neighbours, that distance beside
    the neighbours' own, distance once correlations are taken out) are brought to one scale and averaged. A record is
    named when its score lies where hardly one of all records would by the fall of the usual scores, and only a few are.

    Sources: Liu, Ting & Zhou (2008), Isolation forest; Li et al. (2022), ECOD; Breunig et al. (2000), LOF;
    Aggarwal & Sathe (2015), Theoretical foundations of outlier ensembles.

    Parameters
    ----------
    expected : float
        How many records of the scores' own tail may be named in the whole data set.
    most : float
        Largest share of all records that is named, in [0, 1].
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    kinds: ClassVar[frozenset[str]] = frozenset({"table"})
    score_name: ClassVar[str] = "outlier_score"

    expected: float = EXPECTED
    most: float = MOST

    def applies(self, schema: Schema) -> DoesNotApply | None:
        """Two columns of numbers or categories at least."""
        return None if len(compared(schema)) > 1 else DoesNotApply("fewer than two columns of numbers or categories")

    def learn(self, block: Block) -> Sampled:
        """A sample of whole records."""
        return Sampled.of(block)

    def judge(self, state: Sampled, block: Block, before: Sampled | None = None) -> pa.Table | DoesNotApply:
        """Records beyond the limit, with the columns that set them apart."""
        scores = self.record_scores(state, block)
        if isinstance(scores, DoesNotApply):
            return scores
        model = self.model(state)
        assert model is not None
        limit = derived(state, f"{self!r} limit", lambda: model.limit(state.sample.records, self.expected, self.most))
        at = np.flatnonzero(scores > limit)
        messages = _messages(model, block.take(at), scores[at])
        return self.found(len(at), row=block.rows[at], confidence=SUSPICIOUS, message=messages)

    def record_scores(self, state: Sampled, block: Block) -> np.ndarray | DoesNotApply:
        """(n,) float64: the score of every record, around 0 for a usual one, about 1 for one in ten, or why none."""
        if state.sample.records < MIN_RECORDS:
            return DoesNotApply(f"fewer than {MIN_RECORDS} records")
        if state.sample.records * len(compared(block.schema)) > MAX_CELLS:
            return DoesNotApply(f"more than {MAX_CELLS:,} cells")
        model = self.model(state)
        if model is None:
            return DoesNotApply("fewer than two columns tell records apart")
        return block.memo((self.score_name, id(model)), lambda: model.scores(block))

    def model(self, state: Sampled) -> RecordScores | None:
        """What scores records, learned from the sample; None where fewer than two columns tell records apart."""
        return derived(state, "record scores", lambda: RecordScores.of(state.block, state.sample.records))


def _messages(model: RecordScores, block: Block, scores: np.ndarray) -> list[str]:
    """Sentences such as "unusual together: age 91 (similar records: about 40), children 4 (similar records: …"."""
    if not len(block):
        return []
    names, shares, usual = model.features.names, model.shares(block), model.usual(block)
    top = float(np.quantile(model.sample, 0.99))
    out = []
    for at, share in enumerate(shares):
        order = np.lexsort((np.arange(len(names)), -share))[:NAMED]
        some = [int(column) for column in order if share[column] >= PART] or [int(order[0])]
        words = []
        for column in some:
            text = block.text(names[column])[at].as_py()
            like = f" (similar records: about {_short(usual[at, column])})" if column < usual.shape[1] else ""
            words.append(f"{names[column]} {'blank' if text is None else text}{like}")
        together = "unusual together" if len(some) > 1 else "unusual"
        out.append(f"{together}: {', '.join(words)}; score {scores[at]:.1f}, one record in 100 reaches {top:.1f}")
    return out


def _short(number: float) -> str:
    """Three significant digits, without an exponent."""
    return f"{float(f'{number:.3g}'):,.12g}"
