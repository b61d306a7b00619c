"""``karat label DATA --rubric``: a language model judges some documents, a classifier learns to judge all."""

import sys
from dataclasses import asdict
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING

from karat.core.errors import OptionError

if TYPE_CHECKING:
    from karat.flow.quality_distillation import Distillation


def distilled(request: "Distillation", out: Path | None, *, trial: bool, quiet: bool, json: bool) -> None:
    """Say the cost, ask, train, and show what came of it; with ``trial`` the cost alone."""
    from karat.flow.job import data_name
    from karat.flow.quality_distillation import distil

    if not request.data:
        raise OptionError("--rubric needs the documents to judge", "Name a file or folder of documents")
    if request.max_cost and not (request.price_in or request.price_out):
        raise OptionError("--max-cost was given without prices", "Give --price-in and --price-out, per million tokens")
    home = out or Path("runs") / data_name(request.data)

    def say(words: str) -> None:
        if trial or not quiet:
            print(words, file=sys.stdout if trial else sys.stderr, flush=True)

    done = distil(request, home, say, ask=not trial)
    if done is not None and json:
        print(dumps(asdict(done), ensure_ascii=False))
    elif done is not None and not quiet:
        print("\n".join(done.in_words()))
