"""Do families and twins stay apart while true doubles are found? People of the febrl data with families planted.

    python benchmarks/households.py [--share 0.1] [--seed 1]

Reads ``febrl/dataset4a.csv`` in the folder that KARAT_DATA names: 1,500 people with all of name, birth date and address. A
share of them gets one or two relatives who differ in the given name (half of them in the birth date too, the others are
twins); one record in five is there twice, with two slips of the hand. Printed: precision and recall of the pairs at .5,
and how many clusters of each size follow from them.
"""

import argparse
import collections
import csv
import os
import random
from pathlib import Path

import numpy as np
import pyarrow as pa

from karat.clean.link.records import link
from karat.core.block import Block
from karat.core.schema import Column, Role, Schema

PEOPLE, DOUBLES, SLIPS = 1_500, 0.2, 2
NEEDED = ("given_name", "surname", "date_of_birth", "address_1")
LEFT_OUT = ("rec_id", "soc_sec_id")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def people() -> list[dict[str, str]]:
    with (Path(os.environ["KARAT_DATA"]) / "febrl" / "dataset4a.csv").open(newline="") as file:
        rows = [
            {k: v for k, v in row.items() if k not in LEFT_OUT} for row in csv.DictReader(file, skipinitialspace=True)
        ]
    return [row for row in rows if all(row[name] for name in NEEDED)][:PEOPLE]


def slip(text: str, chance: random.Random) -> str:
    at = chance.randrange(max(1, len(text) - 1))
    return chance.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + text[at : at + 2][::-1] + text[at + 2 :],
            text[:at] + chance.choice(LETTERS) + text[at + 1 :],
        )
    )


def family(person: dict[str, str], everybody: list[dict[str, str]], share: float, chance: random.Random) -> list[dict]:
    if chance.random() >= share:
        return [person]
    relatives = []
    for _ in range(chance.choice((1, 1, 2))):
        names = [other["given_name"] for other in chance.sample(everybody, 20)]
        relative = person | {"given_name": next(name for name in names if name != person["given_name"])}
        if chance.random() < 0.5:
            relative["date_of_birth"] = chance.choice(everybody)["date_of_birth"]
        relatives.append(relative | ({"age": ""} if "age" in person else {}))
    return [person, *relatives]


def clusters(pairs: set[tuple[int, int]], size: int) -> collections.Counter[int]:
    home = list(range(size))
    for left, right in pairs:
        home = [home[left] if at == home[right] else at for at in home]
    return collections.Counter(collections.Counter(home).values())


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--share", type=float, default=0.1)
    ask.add_argument("--seed", type=int, default=1)
    args = ask.parse_args()
    chance, everybody = random.Random(args.seed), people()
    records: list[dict[str, str]] = []
    truth = set()
    for person in everybody:
        for member in family(person, everybody, args.share, chance):
            records.append(member)
            if chance.random() < DOUBLES:
                filled = chance.sample([name for name in member if member[name]], SLIPS)
                truth.add((len(records) - 1, len(records)))
                records.append(member | {name: slip(member[name], chance) for name in filled})
    names = list(everybody[0])
    table = pa.table({name: pa.array([row[name] or None for row in records], pa.string()) for name in names})
    schema = Schema(tuple(Column(name, Role.CATEGORY) for name in names))
    linked = link(Block(np.arange(len(records)), table, schema)).to_pylist()
    pairs = {tuple(sorted((pair["left"], pair["right"]))) for pair in linked if pair["probability"] >= 0.5}
    right = len(pairs & truth)
    print(
        f"{len(records):,} records, {len(truth)} doubles: precision {right / max(1, len(pairs)):.3f}, recall {right / len(truth):.3f}"
    )
    print("clusters by size:", dict(sorted(clusters(pairs, len(records)).items())))


if __name__ == "__main__":
    main()
