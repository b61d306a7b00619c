"""A language model as one more voter."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa

from karat.core.block import Block
from karat.core.errors import OptionError
from karat.core.unit import Voter
from karat.label.answer_cache import AnswerCache
from karat.label.endpoint import Endpoint
from karat.label.interview import Interview, Task
from karat.label.items import COST, item_column, item_names, votes_table
from karat.label.spending import Budget
from karat.label.stated_label import meant

PROMPT = (
    "Choose the one label that fits the record below.\nLabels: {classes}\n\nRecord:\n{record}\n\n"
    "Answer with the label alone, exactly as written above."
)
MOST_CHARACTERS = 20_000  # of a record in a prompt; cost: tokens; the rest is not read


@dataclass(frozen=True)
class LanguageModel(Voter):
    """Any OpenAI-compatible server votes: it reads every record, costs money, and errs the same way throughout.

    What it answers is checked against the classes; anything else is an abstention that is counted, and so is a record
    that the server refuses. Answers are asked for as JSON with the classes as its only values, and with the
    probabilities of the words, where the server knows how. Answers are kept on disk by server, model and question, so
    that a run that was cut short goes on for free. Nothing is sent unless an address is given. Source: the chat
    completions interface that language model servers share.

    Parameters
    ----------
    classes : tuple of str
        The labels it may choose from.
    model : str
        The model's name on the server.
    prompt : str
        ``{classes}``, ``{record}`` (all columns) and ``{NAME OF A COLUMN}`` are filled in.
    url : str
        Up to and including ``/v1``; "" takes ``KARAT_LLM_URL`` or ``OPENAI_BASE_URL``. The key is ``KARAT_LLM_KEY`` or
        ``OPENAI_API_KEY``.
    cache : str
        A SQLite file of answers; "" keeps none.
    timeout_seconds : float
    attempts : int
        At most so many sendings of one question.
    per_minute : float
        Questions a minute at most; 0 for no limit.
    pause_seconds : float
        Wait before a second attempt; it doubles.
    price_in, price_out : float
        Money for a million tokens of question and of answer.
    parallel : int
        Questions under way at once, >= 1.
    max_cost : float
        Money that may be spent; 0 for no limit. Questions beyond it are not sent, and counted.
    """

    classes: tuple[str, ...]
    model: str = "default"
    prompt: str = PROMPT
    url: str = ""
    cache: str = ""
    timeout_seconds: float = 60.0
    attempts: int = 4
    per_minute: float = 0.0
    pause_seconds: float = 1.0
    price_in: float = 0.0
    price_out: float = 0.0
    parallel: int = 8
    max_cost: float = 0.0

    costs: ClassVar[bool] = True

    @classmethod
    def asked(cls, options: Mapping[str, Any]) -> Voter | None:
        """The model that is named."""
        names = ("per_minute", "price_in", "price_out", "parallel", "max_cost")
        limits = {name: options[name] for name in names if name in options}
        if not options["model"]:
            for name in ("per_minute", "price_in", "price_out", "max_cost"):
                if limits.get(name):
                    raise OptionError(f"--{name.replace('_', '-')} was given without a language model", "Name --model")
            return None
        return cls(options["classes"], options["model"], cache=options["cache"], **limits)

    def vote(self, block: Block) -> pa.Table:
        """Votes for the records it had an answer to, with ``certainty`` where the server tells it.

        What that cost stands in the table's metadata, ``karat.cost``.
        """
        if len(self.classes) < 2:
            raise OptionError(
                f"{len(self.classes)} classes are too few for a language model to choose between",
                "Name two or more in --classes",
            )
        if self.max_cost and not (self.price_in or self.price_out):
            raise OptionError(
                "--max-cost was given without prices", "Give --price-in and --price-out, per million tokens"
            )
        budget = Budget(self.max_cost, self.price_in, self.price_out)
        line = Endpoint(self.url, self.timeout_seconds, self.attempts, self.per_minute, self.pause_seconds, budget)
        kept = AnswerCache(Path(self.cache) if self.cache else None)
        try:
            task = Task(self.model, self.classes, self.parallel)
            prompts = [filled(self.prompt, self.classes, record) for record in block.table.to_pylist()]
            replies = Interview(task, line, kept, budget).replies(prompts)
        finally:
            kept.close()
        said = []
        for name, reply in zip(item_names(block), replies, strict=True):
            label = None if reply is None else meant(reply.text, self.classes)
            line.cost.outside += reply is not None and label is None
            if reply is not None and label is not None:
                said.append((name, label, reply.certainty))
        line.cost.money = budget.spent
        votes = votes_table([name for name, _, _ in said], [self.model] * len(said), [label for _, label, _ in said])
        votes = votes.append_column("certainty", pa.array([certainty for _, _, certainty in said], pa.float64()))
        return votes.replace_schema_metadata({COST: line.cost.as_json().encode()})


def filled(prompt: str, classes: tuple[str, ...], record: dict[str, Any]) -> str:
    """The prompt with a record in it; what the record holds is never read as a place to fill."""
    name = item_column(list(record))
    shown = "\n".join(f"{key}: {value}" for key, value in record.items() if value is not None and key != name)
    places = {key: str(value or "") for key, value in record.items()}
    places |= {"classes": ", ".join(classes), "record": shown[:MOST_CHARACTERS]}
    return re.sub(r"\{([^{}]+)\}", lambda met: places.get(met[1], met[0])[:MOST_CHARACTERS], prompt)
