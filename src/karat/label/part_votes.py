"""Labels, spans and boxes behind answers of several parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.degrees import SELDOM
from karat.core.errors import InputError, OptionError
from karat.label.aggregated import AggregatedLabels, Chosen
from karat.label.agreement import distance_alpha
from karat.label.answer_types import AnswerType, separator_of
from karat.label.boxes import Boxes
from karat.label.candidates import NO, YES, TextCandidates, clusters, yes_no_votes
from karat.label.choosing import Contender
from karat.label.deciding import NEED_MORE, Question, decided
from karat.label.expectation import Gold, confusion_of
from karat.label.label_sets import LabelSets
from karat.label.parts import LabelPart, PartType
from karat.label.spans import Spans
from karat.label.suspect_votes import suspect_votes
from karat.label.verified_confidence import verified
from karat.label.vote_table import VoteTable, as_table, texts
from karat.label.votes import Votes

MOST_SOFT = 1_000  # cost: labels with a column of their own in the table of probabilities
MOST_AGREEMENT = 20_000  # cost: answers that agreement is measured on

FIT = {
    "labels": ("are not lists of labels", 'Write a list such as ["a", "b"], or a;b'),
    "span": ("are not spans with 0 <= start < end", 'Write a list such as [{"start": 0, "end": 5, "label": "PER"}]'),
    "box": (
        "are not boxes with a width and a height above 0",
        'Write a list such as [{"x": 1, "y": 2, "width": 30, "height": 40, "label": "cat"}]',
    ),
}


@dataclass(frozen=True, eq=False)
class PartAnswers:
    """Answers as parts.

    Parameters
    ----------
    item, voter, answer : ndarray of int, shape (m,)
        One entry an answer that is no abstention; ``answer`` points into ``different``.
    different : list of list of LabelPart
        What the different answers hold.
    """

    kind: PartType
    item: np.ndarray
    voter: np.ndarray
    answer: np.ndarray
    different: list[list[LabelPart]]


def aggregate_parts(
    table: VoteTable, answers: AnswerType, gold: Any, method: str, classes: Sequence[str] | None, seed: int
) -> AggregatedLabels:
    """What answers of several parts come to; parameters as in ``karat.label.aggregate``."""
    if method in NEED_MORE:
        raise OptionError(
            f"--method {method} does not apply to answers of type {answers.name}", "Choose another method"
        )
    given = _read(table, answers.name, classes)
    candidates, parts = _candidates(given)
    if not len(candidates.item):
        raise InputError("no answer names a label, a span or a box", "Give at least one")
    votes = yes_no_votes(candidates, given.item, given.voter, table.voters)
    known, lost = _known(gold, table, given, candidates, parts)
    best, chosen = decided(Question(votes, known, method=method, seed=seed, answers="part"))
    right = best.belief[:, YES].copy()
    if known is not None:
        right[known.item] = known.label
    quality = _quality(best, len(table.voters))
    placed = _placed(given.kind, parts, quality)
    return _result(table, answers, given, candidates, placed, right, votes, best, chosen, lost)


def _read(table: VoteTable, name: str, classes: Sequence[str] | None) -> PartAnswers:
    names = table.answers.to_pylist()
    kind: PartType = Spans() if name == "span" else Boxes() if name == "box" else LabelSets(separator_of(names))
    read = [kind.read(text) for text in names]
    wrong = np.array([*(parts is None for parts in read), False])[table.answer]
    table.refuse(wrong, *FIT[name])
    if classes is not None:
        known = set(classes)
        foreign = [any(part.label not in known for part in parts or []) for parts in read]
        table.refuse(
            np.array([*foreign, False])[table.answer], "have labels outside --classes", "Name every class in --classes"
        )
    kept = np.flatnonzero(table.answer >= 0)
    if not len(kept):
        raise InputError("there are no votes, only abstentions", "Give at least one")
    return PartAnswers(kind, table.item[kept], table.voter[kept], table.answer[kept], [parts or [] for parts in read])


def _candidates(given: PartAnswers) -> tuple[TextCandidates, list[list[tuple[int, LabelPart]]]]:
    """Candidates, and who gave which part of each."""
    per_item: dict[int, list[tuple[int, LabelPart]]] = {}
    for item, voter, answer in zip(given.item.tolist(), given.voter.tolist(), given.answer.tolist(), strict=True):
        per_item.setdefault(item, []).extend((voter, part) for part in given.different[answer])
    items: list[int] = []
    parts: list[list[tuple[int, LabelPart]]] = []
    for item, members in sorted(per_item.items()):
        groups = _grouped(given.kind, members)
        items += [item] * len(groups)
        parts += groups
    place = np.repeat(np.arange(len(parts)), [len(group) for group in parts])
    voter = np.array([who for group in parts for who, _ in group], np.int64)
    return TextCandidates(np.array(items, np.int64), place, voter), parts


def _grouped(kind: PartType, members: list[tuple[int, LabelPart]]) -> list[list[tuple[int, LabelPart]]]:
    if isinstance(kind, LabelSets):
        by_label: dict[str, list[tuple[int, LabelPart]]] = {}
        for who, part in members:
            by_label.setdefault(part.label, []).append((who, part))
        return [by_label[name] for name in sorted(by_label)]
    if not members:
        return []
    labels = {name: at for at, name in enumerate(sorted({part.label for _, part in members}))}
    overlap = kind.overlap([part for _, part in members])
    label = np.array([labels[part.label] for _, part in members])
    home = clusters(overlap, np.array([who for who, _ in members]), label, kind.least)
    return [[members[at] for at in np.flatnonzero(home == group)] for group in range(int(home.max()) + 1)]


def _known(
    gold: Any,
    table: VoteTable,
    given: PartAnswers,
    candidates: TextCandidates,
    parts: list[list[tuple[int, LabelPart]]],
) -> tuple[Gold | None, int]:
    """Known answers about candidates, and how many known parts nobody gave."""
    if gold is None:
        return None, 0
    lines = as_table(gold, "known answers")
    lacking = [name for name in ("item", "label") if name not in lines.column_names]
    if lacking:
        raise InputError(f"gold lacks the columns {', '.join(lacking)}", "Give the columns item and label")
    place = pc.index_in(texts(lines["item"], "item"), table.items).to_pylist()
    label = texts(lines["label"], "label").to_pylist()
    item_of: dict[int, list[int]] = {}
    for at, item in enumerate(candidates.item.tolist()):
        item_of.setdefault(item, []).append(at)
    truth: dict[int, int] = {}
    lost = 0
    for item, text in zip(place, label, strict=True):
        read = None if text is None else given.kind.read(text)
        if text is not None and read is None:
            raise InputError(f"the known answer {text!r} does not fit the votes", "Write it as the votes are written")
        if read is None or item is None:
            continue
        rest = list(read)
        for at in item_of.get(item, []):
            match = next((part for part in rest if _same(given.kind, part, parts[at])), None)
            truth[at] = int(match is not None)
            if match is not None:
                rest.remove(match)
        lost += len(rest)
    if not truth:
        raise InputError("none of the items of gold has votes", "Use the same names for items in both files")
    return Gold(np.array(list(truth), np.int32), np.array(list(truth.values()), np.int32)), lost


def _same(kind: PartType, part: LabelPart, members: list[tuple[int, LabelPart]]) -> bool:
    labels = [member.label for _, member in members]
    if max(sorted(set(labels)), key=labels.count) != part.label:
        return False
    near = kind.overlap([part, *(member for _, member in members)])[0, 1:]
    return bool(near.mean() >= kind.least)


def _quality(best: Contender, voters: int) -> np.ndarray:
    """(v,) the share of each voter's answers about candidates that are right."""
    table = np.exp(best.estimate.table)
    shares = table[:, YES, YES] / np.maximum(table[:, :, YES].sum(axis=1), np.finfo(float).tiny)
    return np.clip(shares, 1e-3, 1.0) if len(shares) == voters else np.ones(voters)


def _placed(kind: PartType, parts: list[list[tuple[int, LabelPart]]], quality: np.ndarray) -> list[LabelPart]:
    """One part a candidate: the label with most weight behind it, and a place from those who gave that label."""
    placed = []
    for members in parts:
        weight: dict[str, float] = {}
        for who, part in members:
            weight[part.label] = weight.get(part.label, 0.0) + float(quality[who])
        label = max(sorted(weight), key=weight.__getitem__)
        places = np.array([part.place for _, part in members], np.float64)
        placed.append(LabelPart(label, kind.merged(places, np.array([quality[who] for who, _ in members]))))
    return placed


def _result(
    table: VoteTable,
    answers: AnswerType,
    given: PartAnswers,
    candidates: TextCandidates,
    placed: list[LabelPart],
    right: np.ndarray,
    votes: Votes,
    best: Contender,
    chosen: Chosen,
    lost: int,
) -> AggregatedLabels:
    n = len(table.items)
    accepted = right >= 0.5
    chosen_parts: list[list[LabelPart]] = [[] for _ in range(n)]
    for at in np.flatnonzero(accepted).tolist():
        chosen_parts[int(candidates.item[at])].append(placed[at])
    sure = np.log(np.maximum(right, 1 - right))
    confidence = np.exp(np.bincount(candidates.item, sure, n))
    asked = np.bincount(given.item, minlength=n)
    confidence *= np.exp(-np.bincount(candidates.item, right * _missed_by_all(votes, best), n))
    named = np.bincount(candidates.item, minlength=n) > 0
    confidence[~named] = float(confidence[named].mean())
    text = pa.array([given.kind.write(parts) for parts in chosen_parts], pa.string())
    label = pc.if_else(pa.array(asked > 0), text, pa.scalar(None, pa.string()))
    labels = pa.table(
        {
            "item": table.items.cast(pa.string()),
            "label": label,
            "confidence": np.where(asked > 0, confidence, 0.0),
            "votes": pa.array(asked, pa.int64()),
        }
    )
    doubt = _doubt(given, candidates, right, len(table.voters))
    names, codes = (table.items, table.voters, table.answers), (given.item, given.voter, given.answer)
    some = slice(None, MOST_AGREEMENT)
    every = [given.different[at] for at in given.answer[some].tolist()]
    notes = (f"{lost:,} known parts were given by nobody and are not in the labels",) if lost else ()
    return AggregatedLabels(
        labels,
        _voters(votes, given, right),
        tuple(sorted({part.label for parts in given.different for part in parts} - {""})),
        distance_alpha(given.item[some], every, given.kind.distance),
        chosen,
        None,
        answers,
        verified(best, "parts"),
        _soft(table, candidates, placed, right) if isinstance(given.kind, LabelSets) else None,
        None,
        suspect_votes(names, codes, text, doubt),
        (*table.notes, *notes),
    )


def _voters(votes: Votes, given: PartAnswers, right: np.ndarray) -> pa.Table:
    belief = np.column_stack([1 - right, right])
    v = len(votes.voters)
    cast = np.bincount(votes.voter, minlength=v)
    agree = np.bincount(votes.voter, belief[votes.item, votes.label], v)
    overall = agree.sum() / cast.sum()
    confusion = confusion_of(votes, belief, 1.0).transpose(0, 2, 1)
    answered = np.bincount(given.voter, minlength=v)
    voters = pa.table(
        {
            "voter": votes.voters.cast(pa.string()),
            "quality": (agree + overall) / (cast + 1.0),
            "votes": pa.array(answered, pa.int64()),
            "confusion": pa.array(confusion.tolist(), pa.list_(pa.list_(pa.float64()))),
        }
    )
    return voters.sort_by([("votes", "descending"), ("voter", "ascending")])


def _doubt(given: PartAnswers, candidates: TextCandidates, right: np.ndarray, voters: int) -> np.ndarray:
    """(m,) the probability of the likeliest error in each answer: a part that is not there, or one left out."""
    pair = candidates.item[candidates.candidate] * voters + candidates.voter
    order, place = np.unique(given.item.astype(np.int64) * voters + given.voter, return_inverse=True)
    extra, lacking = np.zeros(len(order)), np.zeros(len(order))
    at = np.searchsorted(order, pair)
    np.maximum.at(extra, at, 1 - right[candidates.candidate])
    given_by = set(zip(candidates.candidate.tolist(), candidates.voter.tolist(), strict=True))
    by_item: dict[int, list[int]] = {}
    for candidate in np.flatnonzero(right > 0.5).tolist():
        by_item.setdefault(int(candidates.item[candidate]), []).append(candidate)
    for line, code in enumerate(order.tolist()):
        item, who = divmod(code, voters)
        missed = [float(right[c]) for c in by_item.get(item, []) if (c, who) not in given_by]
        lacking[line] = max(missed, default=0.0)
    return np.asarray(np.maximum(extra, lacking)[place])


def _missed_by_all(votes: Votes, best: Contender) -> np.ndarray:
    """(c,) for each true candidate, how many true parts of its kind nobody gave."""
    table = best.estimate.table
    spread = table[:, :, YES] - np.logaddexp(table[:, NO, YES], table[:, YES, YES])[:, None]
    silent = np.bincount(votes.item, spread[votes.voter, NO], len(votes.items))
    return np.asarray(np.exp(silent) / np.maximum(-np.expm1(silent), SELDOM))


def _soft(table: VoteTable, candidates: TextCandidates, placed: list[LabelPart], right: np.ndarray) -> pa.Table | None:
    names = sorted({part.label for part in placed})
    if len(names) > MOST_SOFT:
        return None
    column = {name: at for at, name in enumerate(names)}
    values = np.zeros((len(table.items), len(names)))
    values[candidates.item, [column[part.label] for part in placed]] = right
    return pa.table({"item": table.items.cast(pa.string())} | {name: values[:, at] for name, at in column.items()})
