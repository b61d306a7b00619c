"""A language model's judgement of some documents, learned by a classifier that judges all of them at memory speed."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.errors import InputError, OptionError
from karat.core.schema import Column, Role, Schema
from karat.flow.folder import write_json, write_table
from karat.label.items import COST
from karat.label.language_model import LanguageModel
from karat.label.rubrics import GOOD_FROM, SCALE, rubric_prompt, rubric_text, shortened
from karat.label.verified_confidence import wilson

FOLDS = 5  # cost: parts of the answers, each judged by what the others teach
FEWEST_OF_A_KIND = 20  # definition: answers on each side; 40 put an agreement of .85 within .11 (Wilson)
MOST_OUTSIDE = 0.5  # definition: where most answers are no number of the scale, the model is no judge
USUAL_BYTES = 4.0  # of a token; Radford et al. (2019), GPT-2, measure about that of English
ANSWER_TOKENS = 8  # cost: of an answer in JSON
MODEL, ANSWERS, RECORD, CACHE = "quality.npz", "quality_answers.parquet", "quality.json", "answers.sqlite"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Distillation:
    """What ``karat label --rubric`` was given.

    Parameters
    ----------
    data : path, URL, ``RUN@N``, list of texts, or anything with ``__arrow_c_stream__``
    rubric : str
        A name (educational, coherent, factual), a file, or the words themselves.
    model : str
        The language model's name on its server.
    count : int
        Documents to ask about, drawn at random from those that differ.
    good_from : int
        Of the scale from 0 to 5: from here on a document is good.
    parallel, per_minute, max_cost, price_in, price_out
        As in ``karat.label.language_model.LanguageModel``.
    """

    data: Any
    rubric: str
    model: str
    count: int = 500
    good_from: int = GOOD_FROM
    seed: int = 0
    parallel: int = 8
    per_minute: float = 0.0
    max_cost: float = 0.0
    price_in: float = 0.0
    price_out: float = 0.0


@dataclass(frozen=True)
class Distilled:
    """What came of it.

    Parameters
    ----------
    asked, answered : int
        Documents, and those with an answer on the scale.
    good : int
        Answers from ``good_from`` on.
    agreement, low, high : float
        Share of documents that the classifier, which had not seen them, puts on the side the model put them; 95 %.
    commoner : float
        What the more frequent side alone would reach.
    cost : dict
        As ``karat.label.spending.Cost``.
    place : str
        The classifier's file.
    """

    asked: int
    answered: int
    good: int
    agreement: float
    low: float
    high: float
    commoner: float
    cost: dict[str, Any]
    place: str

    def in_words(self) -> list[str]:
        """Lines for a person."""
        money = f", {self.cost['money']:.4f} of money" if self.cost["money"] else ""
        tokens = f"{self.cost['tokens_in']:,} + {self.cost['tokens_out']:,} tokens"
        unseen = f"on documents that the classifier had not seen (the commoner answer alone: {self.commoner:.2f})"
        return [
            f"asked      {self.asked:,} documents: {self.answered:,} answers, {self.good:,} good; {tokens}{money}",
            f"agreement  {self.agreement:.2f} [{self.low:.2f}, {self.high:.2f}] {unseen}",
            f'model      {self.place}; judge the corpus with [clean] quality = "{self.place}"',
        ]


def expected_cost(request: Distillation, texts: Sequence[str], prompt: str) -> str:
    """What asking will cost, in words, before anything is sent."""
    size = sum(len(text.encode()) for text in texts) + len(texts) * len(prompt.encode())
    tokens_in, tokens_out = round(size / USUAL_BYTES), len(texts) * ANSWER_TOKENS
    words = f"{len(texts):,} questions, about {tokens_in:,} + {tokens_out:,} tokens"
    if not (request.price_in or request.price_out):
        return f"{words} (name --price-in and --price-out to have it in money)"
    usual = (tokens_in * request.price_in + tokens_out * request.price_out) / 1e6
    limit = f"; no more than {request.max_cost:g} is spent" if request.max_cost else ""
    return f"{words}, about {usual:.4f} of money{limit}"


def distil(request: Distillation, home: Path, say: Say = print, *, ask: bool = True) -> Distilled | None:
    """Ask a language model about some documents, and train the quality classifier on its answers.

    Personal data is masked before a document is sent. The cost is said first. Answers are kept in ``home`` as they
    come, so that what was paid for is never asked again.

    Parameters
    ----------
    home : Path
        Where the classifier, the answers and what they say of each other are written.
    say : callable
        Hears the cost before anything is sent.
    ask : bool
        False: say the cost, send nothing, return None.

    Raises
    ------
    InputError
        Too few documents; answers that are not on the scale, all alike, or that the texts do not explain. The
        answers stay in the cache.
    """
    if not request.model or not request.rubric.strip():
        raise OptionError("--rubric needs --model, the name of a language model", "Name both")
    texts, prompt = _sample(request), rubric_prompt(rubric_text(request.rubric))
    say(f"cost       {expected_cost(request, texts, prompt)}")
    if not ask:
        return None
    answers, cost = _asked(request, home, texts, prompt)
    write_table(home / ANSWERS, pa.table({"text": texts, "score": pa.array(answers, pa.int8())}))
    given = [at for at, answer in enumerate(answers) if answer is not None]
    good = np.array([int(answers[at] or 0) >= request.good_from for at in given])
    _require_answers(request, answers, good, cost)
    learned = pa.array([texts[at] for at in given], pa.large_string())
    agreement = _agreement(learned, good, request.seed)
    low, high = wilson(agreement, len(given))
    commoner = max(float(good.mean()), 1 - float(good.mean()))
    if low <= commoner:
        raise InputError(
            f"the classifier agrees with {request.model} on {agreement:.2f} [{low:.2f}, {high:.2f}] of documents it "
            f"had not seen, and always giving the commoner answer on {commoner:.2f}: nothing was learned",
            f"Ask about more documents, or use another rubric or model; the answers are kept in {home / CACHE}",
        )
    place = _trained(learned, good, request.seed).save(home / MODEL)
    done = Distilled(len(texts), len(given), int(good.sum()), agreement, low, high, commoner, cost, str(place))
    write_json(home / RECORD, asdict(done) | {"model": request.model, "rubric": rubric_text(request.rubric)})
    return done


def _sample(request: Distillation) -> list[str]:
    """Documents to ask about: each text once, drawn at random, without personal data."""
    from karat.clean.mask_personal_data import mask
    from karat.flow.loading import documents

    every = pc.unique(documents(request.data)[0])
    if len(every) < 2 * FEWEST_OF_A_KIND:
        raise InputError(f"{len(every)} documents that differ are too few to learn from", "Give more documents")
    chosen = np.random.default_rng(request.seed).permutation(len(every))[: request.count]
    return shortened(mask(every.take(pa.array(np.sort(chosen)))).texts.to_pylist())


def _asked(
    request: Distillation, home: Path, texts: Sequence[str], prompt: str
) -> tuple[list[int | None], dict[str, Any]]:
    """The score of each text, None where there was no answer on the scale; and what it cost."""
    home.mkdir(parents=True, exist_ok=True)
    names = ("parallel", "per_minute", "max_cost", "price_in", "price_out")
    limits = {name: getattr(request, name) for name in names}
    voter = LanguageModel(SCALE, request.model, prompt, cache=str(home / CACHE), **limits)
    schema = Schema((Column("item", Role.TEXT), Column("text", Role.TEXT)))
    table = pa.table({"item": [str(at) for at in range(len(texts))], "text": pa.array(texts, pa.string())})
    votes = voter.vote(Block(np.arange(len(texts)), table, schema))
    said = dict(zip(votes["item"].to_pylist(), votes["label"].to_pylist(), strict=True))
    scores = [int(said[str(at)]) if str(at) in said else None for at in range(len(texts))]
    return scores, json.loads(votes.schema.metadata[COST])


def _require_answers(
    request: Distillation, answers: Sequence[int | None], good: np.ndarray, cost: dict[str, Any]
) -> None:
    outside, kept = int(cost["outside"]), "answers are kept, and are not asked for again"
    if outside > MOST_OUTSIDE * len(answers):
        raise InputError(
            f"{outside:,} of {len(answers):,} answers of {request.model} are no number from 0 to 5",
            f"Use another model or a plainer rubric; {kept}",
        )
    sides = int(good.sum()), int((~good).sum())
    if min(sides) < FEWEST_OF_A_KIND:
        raise InputError(
            f"{request.model} puts {sides[0]:,} documents at {request.good_from} or above and {sides[1]:,} below, and "
            f"{FEWEST_OF_A_KIND} of each are needed",
            f"Ask about more with --ask, or use another rubric; {kept}",
        )


def _trained(texts: pa.Array, good: np.ndarray, seed: int) -> Any:
    """The classifier; its probability is that the language model would call a document good."""
    from karat.clean.quality_classifier import train

    model = train(texts.filter(pa.array(good)), texts.filter(pa.array(~good)), seed=seed)
    share = float(good.mean())
    return replace(model, level=model.level + log(share / (1 - share)))


def _agreement(texts: pa.Array, good: np.ndarray, seed: int) -> float:
    """Share of texts put on the right side by a classifier that learned from the other folds."""
    random, fold = np.random.default_rng(seed), np.empty(len(good), np.int64)
    for side in (True, False):
        own = random.permutation(np.flatnonzero(good == side))
        fold[own] = np.arange(len(own)) % FOLDS
    same = np.zeros(len(good), bool)
    for left_out in range(FOLDS):
        shown, asked = fold != left_out, fold == left_out
        model = _trained(texts.filter(pa.array(shown)), good[shown], seed)
        same[asked] = (model.score(texts.filter(pa.array(asked))) >= 1 / 2) == good[asked]
    return float(same.mean())
