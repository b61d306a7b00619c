"""Answers about texts, remembered while they are short: what is remembered has a bound in bytes."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

LONGEST = 256  # cost: characters; longer texts hardly come again, and thousands of them fill a memory
More = ParamSpec("More")
Answer = TypeVar("Answer")
Function = Callable[Concatenate[str, More], Answer]


def remembered(most: int) -> Callable[[Function[More, Answer]], Function[More, Answer]]:
    """A function of a text remembers its answers about the last ``most`` short ones."""

    def of(function: Function[More, Answer]) -> Function[More, Answer]:
        known = lru_cache(maxsize=most)(function)

        @wraps(function)
        def answer(text: str, *more: More.args, **named: More.kwargs) -> Answer:
            if len(text) > LONGEST:
                return function(text, *more, **named)
            return known(text, *more, **named)  # type: ignore[arg-type]

        return answer  # type: ignore[return-value]

    return of
