"""How strange documents are to a model of usual texts, with a limit of their script."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from karat.core.errors import InputError
from karat.flow.document_checks import statistics
from karat.flow.perplexity import BITS, FEWEST, HELD_OUT, LEAST_BYTES, LIMIT, judged


def usual(path: Path, count: int) -> str:
    dice = np.random.default_rng(0)
    words = [
        "the",
        "river",
        "ran",
        "past",
        "a",
        "quiet",
        "village",
        "and",
        "people",
        "slept",
        "while",
        "rain",
        "fell",
        "on",
        "roofs",
        "of",
        "old",
        "houses",
    ]
    texts = [" ".join(dice.choice(words, 60)) for _ in range(count)]
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    return str(path)


def report(texts: list[str], how: dict) -> dict:
    array = pa.array(texts)
    return judged(array, statistics(array), how)


def test_without_usual_texts_nothing_is_said() -> None:
    assert report(["x"], {"usual": ""}) == {}


def test_too_few_examples_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has 100 texts, too few to tell what is usual"):
        report(["x"], {"usual": usual(tmp_path / "few.jsonl", 100)})


def test_strange_texts_need_more_bits_and_short_ones_say_nothing(tmp_path: Path) -> None:
    file = usual(tmp_path / "usual.jsonl", FEWEST * HELD_OUT)
    like = "the people slept while rain fell on the quiet village and the old roofs " * 5
    strange = "zqx vkj wpf " * 30
    chinese = "这个地方的人们在雨中睡着了" * 20
    said = report([like, strange, like[: LEAST_BYTES - 1], like[:LEAST_BYTES], chinese], {"usual": file})
    bits, limits = said[BITS], said[LIMIT]
    assert bits[0] < limits[0] < bits[1]
    assert np.isnan(bits[2])
    assert not np.isnan(bits[3])
    assert limits[0] == limits[1]
    assert np.isnan(limits[4])  # no example is written in that script
