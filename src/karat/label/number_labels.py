"""Labels from votes that are numbers."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.errors import InputError, OptionError
from karat.label.aggregated import AggregatedLabels, Chosen
from karat.label.agreement import interval_alpha
from karat.label.answer_types import AnswerType, numbers_of
from karat.label.choosing import ENOUGH_GOLD, FOLDS
from karat.label.number_votes import METHODS, MeasuredItems, NumberVotes, measured
from karat.label.suspect_votes import suspect_votes
from karat.label.verified_confidence import NORMAL, wilson
from karat.label.vote_table import SHOWN, VoteTable, as_table, texts

SURE = 0.95  # definition: the level of the intervals
DIGITS = 6  # display: significant digits of a label
FAR = 3.0  # definition: three sigma, the rule of control charts
CLEAR = 2.0  # definition: standard errors from which a lead is clear

Known = tuple[np.ndarray, np.ndarray]


def aggregate_numbers(table: VoteTable, answers: AnswerType, gold: Any, method: str, seed: int) -> AggregatedLabels:
    """What numbers come to; parameters as in ``karat.label.aggregate``."""
    if method not in (*METHODS, "auto"):
        raise OptionError.unknown("method for numbers", method, (*METHODS, "auto"), "--method")
    votes, kept = _read(table)
    known = _known(gold, table)
    trials = _trials(votes, known, seed) if known is not None and len(known[0]) >= ENOUGH_GOLD else {}
    name, why = _chosen(method, trials)
    best = measured(votes, name, known)
    compared = {rival: measured(votes, rival, known) for rival in METHODS} if method == "auto" else {name: best}
    chosen = Chosen(name, why, _cost(name, compared), _compared(name, compared, trials))
    return _result(table, answers, votes, kept, best, chosen, trials.get(name))


def _read(table: VoteTable) -> tuple[NumberVotes, np.ndarray]:
    names = table.answers.to_pylist()
    values = numbers_of(names)
    if values is None:
        single = [numbers_of([name]) for name in names]
        table.refuse(
            np.array([*(value is None for value in single), False])[table.answer],
            "are not numbers",
            "Correct them, or set another type with --type",
        )
        raise InputError("there are no votes, only abstentions", "Give at least one")
    kept = np.flatnonzero(table.answer >= 0)
    codes = (table.item[kept], table.voter[kept], values[table.answer[kept]])
    return NumberVotes(*codes, len(table.items), len(table.voters)), kept


def _known(gold: Any, table: VoteTable) -> Known | None:
    if gold is None:
        return None
    lines = as_table(gold, "known answers")
    lacking = [name for name in ("item", "label") if name not in lines.column_names]
    if lacking:
        raise InputError(f"gold lacks the columns {', '.join(lacking)}", "Give the columns item and label")
    place = pc.fill_null(pc.index_in(texts(lines["item"], "item"), table.items), -1).to_numpy(zero_copy_only=False)
    label = texts(lines["label"], "label")
    usable = (place >= 0) & np.asarray(pc.is_valid(label))
    values = numbers_of(label.filter(pa.array(usable)).to_pylist())
    if not usable.any():
        raise InputError("none of the items of gold has votes", "Use the same names for items in both files")
    if values is None:
        wrong = [name for name in label.to_pylist() if name is not None and numbers_of([name]) is None]
        shown = ", ".join(repr(name) for name in wrong[:SHOWN])
        raise InputError(f"{len(wrong):,} answers of gold are not numbers: {shown}", "Correct them")
    item = place[usable]
    if len(np.unique(item)) < len(item):
        raise InputError(f"gold repeats {len(item) - len(np.unique(item)):,} items", "Give one answer per item")
    return item, values


def _trials(votes: NumberVotes, known: Known, seed: int) -> dict[str, np.ndarray]:
    """Per method (g, 2): the error of each known answer that it had not seen, and its stated standard error."""
    fold = np.random.default_rng(seed).permutation(len(known[0])) % FOLDS
    out = {}
    for method in METHODS:
        errors = np.zeros((len(known[0]), 2))
        for left_out in range(FOLDS):
            part = fold == left_out
            estimate = measured(votes, method, (known[0][~part], known[1][~part]))
            item = known[0][part]
            errors[part] = np.column_stack([np.abs(estimate.value[item] - known[1][part]), estimate.error[item]])
        out[method] = errors
    return out


def _chosen(method: str, trials: dict[str, np.ndarray]) -> tuple[str, str]:
    if method != "auto":
        return method, "asked for"
    if not trials:
        return METHODS[0], "numbers: each voter has a bias and a spread, and far-out votes weigh little"
    best = min(METHODS, key=lambda name: float(trials[name][:, 0].mean()))
    gap = trials[METHODS[0]][:, 0] - trials[best][:, 0]
    if float(gap.mean()) <= CLEAR * float(gap.std(ddof=1)) / len(gap) ** 0.5:
        best = METHODS[0]
    error = float(trials[best][:, 0].mean())
    rest = ", ".join(f"{name} {trials[name][:, 0].mean():.4g}" for name in METHODS if name != best)
    return best, f"mean error {error:.4g} on {len(gap)} known answers it had not seen; {rest}"


def _cost(name: str, compared: dict[str, MeasuredItems]) -> str:
    rest = [rival for rival in METHODS if rival != name and rival in compared]
    if not rest:
        return "no other method was tried"
    far = {rival: float(np.mean(np.abs(compared[rival].value - compared[name].value))) for rival in rest}
    return "labels differ by " + ", ".join(f"{gap:.4g} from the {rival}" for rival, gap in far.items()) + " on average"


def _compared(name: str, compared: dict[str, MeasuredItems], trials: dict[str, np.ndarray]) -> pa.Table:
    near = NORMAL * compared[name].error
    rows = []
    for rival, estimate in compared.items():
        differs = float((np.abs(estimate.value - compared[name].value) > near).mean())
        trial = trials.get(rival)
        rows.append(
            {
                "method": rival,
                "differs": differs,
                "right": None if trial is None else int((trial[:, 0] <= NORMAL * trial[:, 1]).sum()),
                "known": None if trial is None else len(trial),
                "brier": None,
            }
        )
    kinds = (pa.string(), pa.float64(), pa.int64(), pa.int64(), pa.float64())
    return pa.Table.from_pylist(rows, pa.schema(list(zip(rows[0], kinds, strict=True))))


def _result(
    table: VoteTable,
    answers: AnswerType,
    votes: NumberVotes,
    kept: np.ndarray,
    best: MeasuredItems,
    chosen: Chosen,
    trial: np.ndarray | None,
) -> AggregatedLabels:
    n, v = votes.items, votes.voters
    stretch = 1.0 if trial is None else max(1.0, _stretch(trial))
    half = NORMAL * stretch * best.error
    label = pa.array([f"{value:.{DIGITS}g}" for value in best.value.tolist()], pa.string())
    labels = pa.table(
        {
            "item": table.items.cast(pa.string()),
            "label": label,
            "confidence": np.full(n, SURE),
            "votes": pa.array(np.bincount(votes.item, minlength=n), pa.int64()),
            "low": best.value - half,
            "high": best.value + half,
        }
    )
    quality = best.usual**2 / (best.usual**2 + best.spread**2 + best.bias**2)
    voters = pa.table(
        {
            "voter": table.voters.cast(pa.string()),
            "quality": quality,
            "votes": pa.array(np.bincount(votes.voter, minlength=v), pa.int64()),
            "bias": best.bias,
            "spread": best.spread,
        }
    ).sort_by([("votes", "descending"), ("voter", "ascending")])
    names, codes = (table.items, table.voters, table.answers), (votes.item, votes.voter, table.answer[kept])
    return AggregatedLabels(
        labels,
        voters,
        (),
        interval_alpha(votes.item, votes.value),
        chosen,
        None,
        answers,
        _verified(trial, stretch),
        None,
        None,
        suspect_votes(names, codes, label, _doubt(votes, best)),
        table.notes,
    )


def _doubt(votes: NumberVotes, best: MeasuredItems) -> np.ndarray:
    """(m,) 0 within three of the voter's own spreads of what they should have said, near 1 far outside."""
    rest = votes.value - best.value[votes.item] - best.bias[votes.voter]
    far = np.abs(rest) / np.hypot(best.spread[votes.voter], best.error[votes.item]).clip(min=1e-300)
    return np.asarray(np.where(far > FAR, 1 - np.exp(-far), 0.0))


def _stretch(trial: np.ndarray) -> float:
    """What to multiply standard errors by so that the intervals cover as many known answers as they say."""
    far = trial[:, 0] / np.maximum(trial[:, 1], 1e-300)
    return float(np.quantile(far, SURE)) / NORMAL


def _verified(trial: np.ndarray | None, stretch: float) -> str:
    if trial is None:
        return f"not verified: fewer than {ENOUGH_GOLD} known answers; give some with --gold"
    inside = int((trial[:, 0] <= NORMAL * trial[:, 1]).sum())
    low, high = wilson(inside / len(trial), len(trial))
    share = f"{inside / len(trial):.2f} [{low:.2f}, {high:.2f}]"
    wider = f"; intervals were widened by {stretch:.2f}" if stretch > 1 else ""
    return f"verified: {inside} of {len(trial)} known answers lie in their interval, {share}{wider}"
