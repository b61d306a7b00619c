"""A language model as one more voter."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa

from karat.core.block import Block
from karat.core.errors import OptionError
from karat.core.unit import Voter
from karat.label.endpoint import AnswerCache, Endpoint
from karat.label.items import COST, item_column, item_names, votes_table

PROMPT = (
    "Choose the one label that fits the record below.\nLabels: {classes}\n\nRecord:\n{record}\n\n"
    "Answer with the label alone, exactly as written above."
)
MOST_CHARACTERS = 20_000  # of a record in a prompt; cost: tokens; the rest is not read
MOST_TOKENS = 64  # of an answer; cost: a longer answer is cut, and none of the classes then
NEGATION = re.compile(r"\b(not|no|non|nor|never|neither|cannot)\b|n't\b|[不非没無无未否]")


@dataclass(frozen=True)
class LanguageModel(Voter):
    """Any OpenAI-compatible server votes: it reads every record, costs money, and errs the same way throughout.

    What it answers is checked against the classes; anything else is an abstention that is counted. Answers are kept
    on disk, so that a run that was cut short goes on for free. Nothing is sent unless an address is given. Source: the
    chat completions interface that language model servers share.

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

    costs: ClassVar[bool] = True

    @classmethod
    def asked(cls, options: Mapping[str, Any]) -> Voter | None:
        """The model that is named."""
        return cls(options["classes"], options["model"], cache=options["cache"]) if options["model"] else None

    def vote(self, block: Block) -> pa.Table:
        """Votes for the records it had an answer to; what that cost stands in the table's metadata, ``karat.cost``."""
        if len(self.classes) < 2:
            raise OptionError(
                f"{len(self.classes)} classes are too few for a language model to choose between",
                "Name two or more in --classes",
            )
        line = Endpoint(self.url, self.timeout_seconds, self.attempts, self.per_minute, self.pause_seconds)
        kept = AnswerCache(Path(self.cache) if self.cache else None)
        items: list[str] = []
        labels: list[str] = []
        try:
            for name, record in zip(item_names(block), block.table.to_pylist(), strict=True):
                label = self._label(line, kept, record)
                if label is not None:
                    items.append(name)
                    labels.append(label)
        finally:
            kept.close()
        cost = line.cost
        cost.money = (cost.tokens_in * self.price_in + cost.tokens_out * self.price_out) / 1e6
        votes = votes_table(items, [self.model] * len(items), labels)
        return votes.replace_schema_metadata({COST: cost.as_json().encode()})

    def _label(self, line: Endpoint, kept: AnswerCache, record: dict[str, Any]) -> str | None:
        body = {
            "model": self.model,
            "messages": [{"role": "user", "content": filled(self.prompt, self.classes, record)}],
            "temperature": 0,
            "max_tokens": MOST_TOKENS,
        }
        request = kept.digest(body | {"url": self.url})
        answer = kept.get(request)
        if answer is not None:
            line.cost.cached += 1
        else:
            answer = line.ask(body)
            if answer is None:
                return None
            kept.put(request, answer)
        label = meant(answer, self.classes)
        line.cost.outside += label is None
        return label


def filled(prompt: str, classes: tuple[str, ...], record: dict[str, Any]) -> str:
    """The prompt with a record in it; what the record holds is never read as a place to fill.

    Parameters
    ----------
    prompt : str
    classes : tuple of str
    record : dict of str to str or None
    """
    name = item_column(list(record))
    shown = "\n".join(f"{key}: {value}" for key, value in record.items() if value is not None and key != name)
    places = {key: str(value or "") for key, value in record.items()}
    places |= {"classes": ", ".join(classes), "record": shown[:MOST_CHARACTERS]}
    return re.sub(r"\{([^{}]+)\}", lambda met: places.get(met[1], met[0])[:MOST_CHARACTERS], prompt)


def meant(answer: str, classes: tuple[str, ...]) -> str | None:
    """The class an answer names: alone, or as the only one in it; None when it names none or several, or denies.

    Parameters
    ----------
    answer : str
        Width, case, quotes and marks around it do not count.
    classes : tuple of str

    Examples
    --------
    >>> meant("「正面」。", ("正面", "负面"))
    '正面'
    >>> meant("spam or ham?", ("spam", "ham")) is None
    True
    """
    said = _plain(answer)
    named = {_plain(name): name for name in classes}
    if said in named:
        return named[said]
    if NEGATION.search(said):
        return None
    matches = []
    for plain, name in named.items():
        edge_left, edge_right = (r"(?<!\w)" if _latin(plain) else "", r"(?!\w)" if _latin(plain) else "")
        if re.search(edge_left + re.escape(plain) + edge_right, said):
            matches.append((plain, name))
    # a class inside another's name was not meant itself
    only = [name for plain, name in matches if not any(plain != other and plain in other for other, _ in matches)]
    return only[0] if len(only) == 1 else None


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    return folded.strip(" \t\r\n\"'`*.,:;!?()[]{}<>。，、：；！？「」『』“”‘’（）【】《》")


def _latin(text: str) -> bool:
    return bool(text) and text[0].isascii()
