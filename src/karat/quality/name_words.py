"""Lists of words that are, and are not, parts of names: English and Chinese, shipped as JSON."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def name_words() -> dict[str, dict[str, Any]]:
    """By language. English: ``particles``, ``not_names`` and ``countries``, lists of words. Chinese: ``families`` and
    ``given``, signs of names; ``common``, those that other words are full of too; and alternatives with ``|`` between.

    Source: the families are the most frequent ones of the census of 2020 (National Bureau of Statistics of China), the
    signs of given names those of the yearly reports of the Ministry of Public Security; countries are ISO 3166's.
    """
    lists: dict[str, dict[str, Any]] = json.loads(files("karat.quality").joinpath("name_words.json").read_text("utf-8"))
    return lists
