"""The checks of text columns on faults planted at known rates in four sets of texts, and on the sets untouched.

    KARAT_DATA=FOLDER python benchmarks/text_columns.py

Each fault is planted alone into a sample of at most 3,000 texts; 3 seeds draw the sample and the places.
"""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.accuracy.label_in_text import LabelInText
from karat.quality.accuracy.outlying_text_lengths import OutlyingTextLengths
from karat.quality.accuracy.toxic_words import ToxicWords
from karat.quality.completeness.placeholder_texts import PlaceholderTexts
from karat.quality.completeness.repeated_openings import RepeatedOpenings
from karat.quality.completeness.truncated_texts import TruncatedTexts

MOST, SEEDS = 3_000, 3
SETS = {
    "sms-spam": "sms-spam/sms.csv",
    "waimai": "zh-reviews/waimai.csv",
    "chnsenticorp": "zh-reviews/chnsenticorp.csv",
    "newsgroups": "newsgroups/newsgroups.parquet",
}
EMPTY = (
    "test",
    "no comment",
    "......",
    "[deleted]",
    "aaaaaaa",
    "测试",
    "此用户没有填写评价",
    "。。。",
    "暂无内容",
    "111111",
)
FILTH = ("you motherfucker", "what an asshole", "fucking cunt", "傻逼", "操你妈", "脑残")
OPENING = {
    False: "Thank you for contacting us about your recent order. ",
    True: "感谢您对本店的支持与信任，欢迎下次光临。",
}
SCHEMA = Schema((Column("text", Role.TEXT), Column("label", Role.TARGET)), task="classification")
CELLS = (TruncatedTexts(), PlaceholderTexts(), OutlyingTextLengths(), ToxicWords())
COLUMNS = (RepeatedOpenings(), LabelInText())
Planted = tuple[list[str], set[int]]


def sampled(name: str, seed: int) -> tuple[list[str], list[str]]:
    place = Path(os.environ["KARAT_DATA"]) / SETS[name]
    options = {"parse_options": pa.csv.ParseOptions(newlines_in_values=True)}
    table = pq.read_table(place) if place.suffix == ".parquet" else pa.csv.read_csv(place, **options)
    texts, labels = table["text"].to_pylist(), [str(label) for label in table["label"].to_pylist()]
    held = [at for at in np.random.default_rng(seed).permutation(len(texts)).tolist() if texts[at]][:MOST]
    return [texts[at] for at in held], [labels[at] for at in held]


def told(check: object, texts: list[str], labels: list[str]) -> list[dict]:
    block = Block(np.arange(len(texts)), pa.table({"text": texts, "label": labels}), SCHEMA)
    state = check.learn(block)
    return [*check.judge(state, block).to_pylist(), *check.conclude(state, SCHEMA).to_pylist()]


def places(size: int, rate: float, chance: np.random.Generator) -> set[int]:
    return set(chance.permutation(size)[: max(2, round(rate * size))].tolist())


def cut(texts: list[str], chance: np.random.Generator) -> Planted:
    width = max(20, int(np.quantile([len(text) for text in texts], chance.uniform(0.85, 0.95))))
    return [text[:width] for text in texts], {at for at, text in enumerate(texts) if len(text) > width}


def emptied(texts: list[str], chance: np.random.Generator) -> Planted:
    rows = places(len(texts), 0.02, chance)
    return [str(chance.choice(EMPTY)) if at in rows else text for at, text in enumerate(texts)], rows


def glued(texts: list[str], chance: np.random.Generator) -> Planted:
    """What an unclosed quotation mark swallows: 300 records in one cell."""
    rows = places(len(texts), 0.001, chance)
    return [
        "\n".join(texts[one] for one in chance.integers(len(texts), size=300)) if at in rows else text
        for at, text in enumerate(texts)
    ], rows


def insulted(texts: list[str], chance: np.random.Generator) -> Planted:
    rows = places(len(texts), 0.02, chance)
    return [f"{text} {chance.choice(FILTH)}" if at in rows else text for at, text in enumerate(texts)], rows


def chinese(texts: list[str]) -> bool:
    return sum("一" <= sign <= "鿿" for sign in "".join(texts[:100])) > 500


def cells(name: str, fault: str, plant: Callable[..., Planted], check: object, least: float) -> None:
    right = named = planted = 0
    for seed in range(SEEDS):
        texts, labels = sampled(name, seed)
        spoiled, rows = plant(texts, np.random.default_rng([seed, 1]))
        found = {one["row"] for one in told(check, spoiled, labels) if one["confidence"] >= least}
        right, named, planted = right + len(found & rows), named + len(found), planted + len(rows)
    precision = f"{right / named:.3f}" if named else "–"
    print(f"| {name} | {fault} | {planted} | {named} | {precision} | {right / planted:.3f} |", flush=True)


def columns(name: str) -> None:
    seen = {"opening": 0, "tag": 0}
    for seed in range(SEEDS):
        texts, labels = sampled(name, seed)
        chance = np.random.default_rng([seed, 2])
        rows = places(len(texts), 0.15, chance)
        opening = OPENING[chinese(texts)]
        spoiled = [opening + text if at in rows else text for at, text in enumerate(texts)]
        shared = [one["message"] for one in told(COLUMNS[0], spoiled, labels) if one["confidence"] >= 0.5]
        seen["opening"] += any(opening[:10].casefold() in message.casefold() for message in shared)
        rows = places(len(texts), 0.2, chance)
        spoiled = [f"{text} [label: {labels[at]}]" if at in rows else text for at, text in enumerate(texts)]
        seen["tag"] += any(
            one["confidence"] >= 0.5 and "label: " in one["message"] for one in told(COLUMNS[1], spoiled, labels)
        )
    print(f"| {name} | {seen['opening']} of {SEEDS} | {seen['tag']} of {SEEDS} |", flush=True)


def untouched(name: str) -> None:
    for check in (*CELLS, *COLUMNS):
        sure = doubted = 0
        for seed in range(SEEDS):
            for one in told(check, *sampled(name, seed)):
                sure, doubted = sure + (one["confidence"] >= 0.5), doubted + (one["confidence"] < 0.5)
        print(f"| {name} | {type(check).__name__} | {sure} | {doubted} |", flush=True)


if __name__ == "__main__":
    plans = [("cut", cut, 0.5), ("empty", emptied, 0.5), ("glued", glued, 0.5), ("insult", insulted, 0.0)]
    print("| set | fault | planted | named | precision | recall |\n|---|---|---|---|---|---|")
    for one in SETS:
        for (fault, plant, least), check in zip(plans, CELLS, strict=True):
            cells(one, fault, plant, check, least)
    print("\n| set | shared opening told | label in the text told |\n|---|---|---|")
    for one in SETS:
        columns(one)
    print("\n| untouched | check | counted | suspicious |\n|---|---|---|---|")
    for one in SETS:
        untouched(one)
