"""Many questions to a language model at once: sent once each, paid for, kept, answered in order."""

from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from karat.label.answer_cache import AnswerCache
from karat.label.endpoint import Endpoint, Reply
from karat.label.spending import Budget
from karat.label.stated_label import meant

MOST_TOKENS = 64  # of an answer; cost: a longer answer is asked for again, with room to think
TOKENS_TO_THINK = 4_096  # cost: of an answer that is asked for again because it was cut short


@dataclass(frozen=True)
class Task:
    """What all questions have in common.

    Parameters
    ----------
    parallel : int
        Questions under way at once.
    """

    model: str
    classes: tuple[str, ...]
    parallel: int


class Interview:
    """Questions under way, and what the server was found to understand."""

    def __init__(self, task: Task, line: Endpoint, kept: AnswerCache, budget: Budget) -> None:
        self._task, self._line, self._kept, self._budget = task, line, kept, budget
        self._plain = False  # the server refuses JSON schemas and probabilities
        self._tokens = MOST_TOKENS

    def replies(self, prompts: list[str]) -> list[Reply | None]:
        """An answer a question, or None; the same question is sent once."""
        names = [self._name(prompt) for prompt in prompts]
        known: dict[str, Reply | None] = {}
        missing: dict[str, str] = {}
        for name, prompt in zip(names, prompts, strict=True):
            if name in known or name in missing:
                continue
            cached = self._kept.get(name)
            if cached is None:
                missing[name] = prompt
            else:
                known[name] = Reply(*cached)
                self._line.cost.cached += names.count(name)
        for name, reply in self._sent(missing):
            if reply is not None and reply.refused:
                self._line.cost.refused += 1
            elif reply is not None:
                self._kept.put(name, reply.text, reply.certainty)
            known[name] = None if reply is None or reply.refused else reply
        self._line.cost.unasked += sum(name not in known for name in names)
        return [known.get(name) for name in names]

    def _sent(self, questions: dict[str, str]) -> Iterable[tuple[str, Reply | None]]:
        """Answers as they come, as many questions at once as may be."""
        rest = list(questions.items())[::-1]
        under_way: dict[Future[Reply | None], tuple[str, float]] = {}
        with ThreadPoolExecutor(self._task.parallel) as pool:
            try:
                while rest or under_way:
                    while rest and len(under_way) < self._task.parallel:
                        name, prompt = rest[-1]
                        most = self._most(prompt)
                        if not self._budget.reserve(most):
                            break
                        rest.pop()
                        under_way[pool.submit(self._answer, prompt)] = (name, most)
                    if not under_way:
                        return  # not even one more question fits into the money
                    for done in wait(under_way, return_when=FIRST_COMPLETED).done:
                        name, most = under_way.pop(done)
                        self._budget.release(most)
                        yield name, done.result()
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def _answer(self, prompt: str) -> Reply | None:
        reply = self._line.ask(self._body(prompt, plain=self._plain))
        if reply is not None and reply.refused and not self._plain:
            again = self._line.ask(self._body(prompt, plain=True))
            self._plain |= again is not None and not again.refused  # the form was refused and not the record
            reply = again
        if reply is not None and reply.cut and meant(reply.text, self._task.classes) is None:
            self._tokens = TOKENS_TO_THINK
            reply = self._line.ask(self._body(prompt, plain=self._plain))
        return reply

    def _body(self, prompt: str, *, plain: bool) -> dict[str, Any]:
        body = {
            "model": self._task.model,
            "messages": [{"role": "user", "content": prompt}],
            "temperature": 0,
            "max_tokens": self._tokens,
        }
        return body if plain else body | {"logprobs": True, "response_format": _schema(self._task.classes)}

    def _name(self, prompt: str) -> str:
        return self._kept.digest({"server": self._line.address, "model": self._task.model, "question": prompt})

    def _most(self, prompt: str) -> float:
        """What a question can cost at most: no token is shorter than a byte, and an answer may be asked for again."""
        size = len(prompt.encode())
        return 2 * self._budget.price(size, MOST_TOKENS) + self._budget.price(size, TOKENS_TO_THINK)


def _schema(classes: tuple[str, ...]) -> dict[str, Any]:
    """An object with one label out of the classes, as servers with structured output take it."""
    schema = {
        "type": "object",
        "properties": {"label": {"type": "string", "enum": list(classes)}},
        "required": ["label"],
        "additionalProperties": False,
    }
    return {"type": "json_schema", "json_schema": {"name": "label", "strict": True, "schema": schema}}
