"""What asking a language model costs, counted as it happens and kept under a limit."""

import json
import threading
from dataclasses import asdict, dataclass


@dataclass
class QuestionCost:
    """What asking has cost.

    Parameters
    ----------
    asked : int
        Questions sent, retries included.
    cached : int
        Answers taken from the cache.
    retried, unanswered, refused, outside : int
        Retries; questions given up; records the server refused; answers that were none of the classes.
    unasked : int
        Questions not sent because of the limit on money.
    tokens_in, tokens_out : int
        As the server counts them.
    seconds : float
        Waited for answers, summed over parallel questions.
    money : float
        In the unit of the prices given.
    """

    asked: int = 0
    cached: int = 0
    retried: int = 0
    unanswered: int = 0
    refused: int = 0
    outside: int = 0
    unasked: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    money: float = 0.0

    def as_json(self) -> str:
        """All counts."""
        return json.dumps(asdict(self))

    def __add__(self, other: "QuestionCost") -> "QuestionCost":
        """Both together."""
        mine, theirs = asdict(self), asdict(other)
        return QuestionCost(**{name: mine[name] + theirs[name] for name in mine})


class Budget:
    """Money that may be spent; a question reserves the most it can cost until its answer is paid.

    Parameters
    ----------
    limit : float
        0 for none.
    price_in, price_out : float
        For a million tokens of question and of answer.
    """

    def __init__(self, limit: float, price_in: float, price_out: float) -> None:
        self._limit, self._price_in, self._price_out = limit, price_in, price_out
        self._lock = threading.Lock()
        self.spent, self._reserved = 0.0, 0.0

    def price(self, tokens_in: int, tokens_out: int) -> float:
        """Of one question and its answer."""
        return (tokens_in * self._price_in + tokens_out * self._price_out) / 1e6

    def reserve(self, most: float) -> bool:
        """Set money aside; False where the limit would be passed."""
        with self._lock:
            if self._limit and self.spent + self._reserved + most > self._limit:
                return False
            self._reserved += most
            return True

    def release(self, most: float) -> None:
        """The question is over."""
        with self._lock:
            self._reserved -= most

    def pay(self, tokens_in: int, tokens_out: int) -> None:
        """What the server counted."""
        with self._lock:
            self.spent += self.price(tokens_in, tokens_out)
