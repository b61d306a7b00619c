"""The proof for text: what cleaning a corpus was worth to a language model, in bits per byte, at equal budgets."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from karat.core.errors import InputError
from karat.core.executor import Tick, each
from karat.evaluate.intervals import holm
from karat.lift import verdict
from karat.lift.certificate import Certificate, Level
from karat.lift.procedure import cost_since, cpu_seconds
from karat.lift.statistics import gain
from karat.lift.text_arms import AS_AFTER, GOOD, JUDGING, Corpora, Draw, budgeted
from karat.train.ngram_language_model import NgramLanguageModel

METRIC = "BitsPerByte"
DRAWS, PLACEBOS = 10, 1  # cost: more narrow the interval; each draw is two models, a placebo one more
# cost: more tells more and takes longer; benchmarks/text_proof.md runs at 3 MB
BUDGET_BYTES, FULL_BUDGET_BYTES = 3 << 20, 24 << 20
SIGN = "scores of the folds have their sign turned; raw, plain and refined are bits per byte: lower is better"
CHOSEN = "which texts are in both versions was decided by whoever made B; --test FILE judges by texts of your own"
EDITED = "B changed texts that it kept (masks, cuts): its cost on the unchanged texts of A is part of the lift"
LEVELS = ("raw", "plain", "refined")


class FittedLanguageModel(Protocol):
    """A language model that has learned."""

    def bits(self, texts: Any) -> np.ndarray:
        """(texts,) what each text takes."""
        ...


Fit = Callable[[Sequence[str], int], FittedLanguageModel]


@dataclass(frozen=True)
class TextTrial:
    """What is held equal between the arms.

    Parameters
    ----------
    fit : callable
        Training texts and a seed in, a language model out.
    recipe : dict
        What the certificate says about it.
    draws, placebos : int
        Splits, and random removals in each.
    budget_bytes : int
        Most training text of an arm; all arms get what the smallest one has.
    """

    fit: Fit
    recipe: dict[str, Any]
    draws: int = DRAWS
    placebos: int = PLACEBOS
    budget_bytes: int = BUDGET_BYTES


def ngram_trial(*, full: bool = False, learner: NgramLanguageModel | None = None) -> TextTrial:
    """The default: an n-gram model, seconds, no PyTorch."""
    model = learner or NgramLanguageModel()
    recipe = {"learner": type(model).__name__, "unit": model.unit, "order": model.order, "full": full}
    return TextTrial(
        lambda texts, _: model.fit(texts), recipe, budget_bytes=FULL_BUDGET_BYTES if full else BUDGET_BYTES
    )


def prove_text(
    corpora: Corpora,
    *,
    trial: TextTrial | None = None,
    seed: int = 0,
    workers: int = 1,
    progress: Tick | None = None,
) -> Certificate:
    """The certificate of one version of a corpus over another.

    Parameters
    ----------
    trial : TextTrial or None
        None: the n-gram model.
    workers : int
        Threads; the answer does not depend on them.

    In every draw a tenth of the documents is held out of all arms, equal and near-equal ones together; ``raw`` is what
    is left of A, ``plain`` that without exact copies, ``refined`` what is left of B, ``placebo`` A with the same
    share of documents removed at random. All arms read the same number of bytes, in the same order of documents. The
    headline is measured on the given texts, else on held-out documents that both versions hold, as they stand in A;
    beside it on all held-out documents of A. As the amount of text is equal, what differs is its quality.
    """
    clock, cpu = time.perf_counter(), cpu_seconds()
    how = trial or ngram_trial()
    folds = each(range(how.draws), lambda number: _fold(corpora, how, (seed, number)), max(1, workers), progress)
    return replace(_certificate(corpora, how, folds, seed), cost=cost_since(clock, cpu))


def _fold(corpora: Corpora, how: TextTrial, seed: tuple[int, int]) -> dict[str, Any]:
    """One draw: every arm trained and judged; an entry of the certificate's ``folds``."""
    draw = Draw(corpora, seed)
    arms, test = draw.positions(how.placebos), draw.judged
    first = next(iter(test.sets), "")
    if first not in (JUDGING, GOOD):
        raise InputError("no held-out document is in both versions", "Give texts to judge by with --test")
    budget = min(how.budget_bytes, *(int(documents.bytes[at].sum()) for documents, at in arms.values()))
    judged: dict[str, dict[str, Any]] = {name: {} for name in test.sets}
    for arm, (documents, at) in arms.items():
        model = how.fit(budgeted(documents, at, budget), seed[1])
        for name, score in test.scores(model.bits(test.texts)).items():
            if arm.startswith("placebo"):
                judged[name].setdefault("placebo", []).append(score)
            else:
                judged[name][arm] = score
    size = int(test.bytes[test.sets[first]].sum())
    fold = {"repeat": seed[1], "fold": 0, "train": budget, "test": size, "scores": judged[first], "judged": judged}
    counts = {name: len(at) for name, at in test.sets.items()}
    return fold | ({"redrawn": True} if first == JUDGING else {}) | {"texts": counts}


def _certificate(corpora: Corpora, how: TextTrial, folds: list[dict[str, Any]], seed: int) -> Certificate:
    figures = verdict.headline(folds)
    figures |= {name: _turned(figures[name]) for name in LEVELS}
    before, after = corpora.before, corpora.after
    removed = 1 - float(np.isin(before.rows, after.rows).mean())
    budget = int(np.mean([fold["train"] for fold in folds]))
    headline = next(iter(folds[0]["judged"]))
    notes = [SIGN, f"judged on {headline}", *([] if headline == JUDGING else [CHOSEN])]
    notes += [EDITED] if AS_AFTER in folds[0]["judged"] else []
    return Certificate(
        protocol="versions",
        metric=METRIC,
        **figures,
        slices=_by_set(folds),
        notes=tuple(notes),
        recipe={**how.recipe, "budget_bytes": budget},
        seeds={"seed": seed, "draws": how.draws},
        splits={"method": "documents held out, equal ones together", "held_out": 0.1, "draws": how.draws},
        versions={
            "documents_before": len(before),
            "documents_after": len(after),
            "bytes_before": int(before.bytes.sum()),
            "bytes_after": int(after.bytes.sum()),
            "share_removed": removed,
        },
        folds=tuple(folds),
    )


def _turned(level: Level) -> Level:
    return Level(-level.value, -level.high, -level.low)


def _by_set(folds: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """The lift on each set of texts, p values adjusted (Holm)."""
    entries = []
    ratio = verdict.ratio_of(folds)
    for name in folds[0]["judged"]:
        if not all(name in fold["judged"] for fold in folds):
            continue
        raw, refined = (np.array([fold["judged"][name][arm] for fold in folds]) for arm in ("raw", "refined"))
        lift = gain(refined, raw, ratio)
        entries.append(
            {
                "column": "judged on",
                "slice": name,
                "records": int(np.mean([fold["texts"][name] for fold in folds])),
                "raw": -float(raw.mean()),
                "refined": -float(refined.mean()),
                "lift": lift.mean,
                "low": lift.low,
                "high": lift.high,
                "p_value": lift.p,
            }
        )
    for entry, p in zip(entries, holm(np.array([entry["p_value"] for entry in entries], np.float64)), strict=True):
        entry["p_value"] = float(p)
        entry["verdict"] = "no effect" if p > verdict.ALPHA else "better" if entry["lift"] > 0 else "worse"
    return tuple(entries)
