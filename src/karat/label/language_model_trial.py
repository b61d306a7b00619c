"""A language model tried on known answers before it is paid for the rest: how often it is right, and how it errs."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from karat.label.items import COST
from karat.label.verified_confidence import wilson

MOST_TRIED = 100  # cost: known answers that a trial asks about


@dataclass(frozen=True)
class Trial:
    """What a model said of records whose answer is known.

    Parameters
    ----------
    pairs : tuple of (truth, said)
        ``said`` is None for an abstention.
    cost : mapping
        As ``karat.label.spending.Cost``, of the trial.
    rest : int
        Records that are still to be asked about.
    """

    model: str
    pairs: tuple[tuple[str, str | None], ...]
    cost: Mapping[str, Any]
    rest: int

    @property
    def right(self) -> int:
        """How many answers are right."""
        return sum(truth == said for truth, said in self.pairs)

    def expected(self) -> dict[str, float]:
        """Money, tokens and seconds that the rest is expected to cost; the trial is taken as typical."""
        paid = max(len(self.pairs) - int(self.cost["cached"]), 0)
        share = self.rest / paid if paid else 0.0
        return {name: float(self.cost[name]) * share for name in ("money", "tokens_in", "tokens_out", "seconds")}

    def as_dict(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "model": self.model,
            "right": self.right,
            "known": len(self.pairs),
            "classes": self._classes(),
            "cost": dict(self.cost),
            "rest": self.rest,
            "expected": self.expected(),
        }

    def __str__(self) -> str:
        count = len(self.pairs)
        low, high = wilson(self.right / count, count)
        lines = [f"trial      {self.model}: right on {self.right} of {count} known answers [{low:.2f}, {high:.2f}]"]
        for entry in self._classes():
            wrong = f", mostly as {entry['mostly']}" if entry["mostly"] else ""
            lines.append(
                f"           {entry['class']:<18} {entry['right']} of {entry['known']} right{wrong}; "
                f"said {entry['said']} times, no answer {entry['abstained']} times"
            )
        cost = self.expected()
        price = f"{cost['money']:.4f} of money, " if cost["money"] else ""
        tokens = f"{cost['tokens_in']:,.0f} + {cost['tokens_out']:,.0f} tokens"
        lines.append(f"expected   {price}{tokens} for {self.rest:,} more records")
        return "\n".join(lines)

    def _classes(self) -> list[dict[str, Any]]:
        """Per class: known, right, what it is mostly taken for, how often it is said, how often there is no answer."""
        said = Counter(answer for _, answer in self.pairs)
        out = []
        for name in sorted({truth for truth, _ in self.pairs} | {answer for answer in said if answer is not None}):
            answers = Counter(answer for truth, answer in self.pairs if truth == name)
            wrong = [(count, answer) for answer, count in answers.items() if answer not in (name, None)]
            mostly = max(wrong, key=lambda pair: (pair[0], str(pair[1])))[1] if wrong else None
            out.append(
                {
                    "class": name,
                    "known": sum(answers.values()),
                    "right": answers[name],
                    "mostly": mostly,
                    "said": said[name],
                    "abstained": answers[None],
                }
            )
        return out


def trial_of(model: str, votes: pa.Table, items: Sequence[str], truth: Mapping[str, str], rest: int) -> Trial:
    """A trial from the votes on items with a known answer.

    Parameters
    ----------
    votes : pyarrow.Table
        With what they cost in the metadata.
    items : sequence of str
        Asked about.
    truth : mapping of item to label
    """
    said = dict(zip(votes["item"].to_pylist(), votes["label"].to_pylist(), strict=True))
    cost = json.loads(votes.schema.metadata[COST])
    return Trial(model, tuple((truth[item], said.get(item)) for item in items), cost, rest)
