"""``karat demo text``: made-up reviews of a hotel, spoiled, down to the proof."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from karat.cli.demo import Spoiled, walk_spoiled
from karat.cli.say import say
from karat.core.finding import SURE

REVIEWS = 900  # display: of the demo
AGREE = 0.94  # display: chance that a sentence says what the review as a whole says
WRONG_ROUNDS = 4  # display: times 2 % of the labels are turned round
ENGLISH: Mapping[str, Any] = {
    "things": "room|bed|shower|breakfast|staff|lobby|view|pool|lift|price|coffee|towels|parking|wifi|dinner",
    "praised": "spotless|lovely|quiet|generous|friendly|fast|bright|comfortable|superb|fresh|charming|worth the money",
    "blamed": "filthy|broken|noisy|tiny|rude|slow|dark|worn out|awful|stale|overpriced|a disgrace",
    "said": "The {thing} was {word}.|We found the {thing} {word}.|{Thing}: {word}!|"
    "Honestly, the {thing} seemed {word}.|On the second day the {thing} was {word}, too.|"
    "My wife’s word for the {thing}: {word}.|We’d call the {thing} {word}.",
    "filler": "We stayed {n} nights in May.|It rained most of the time.|We came by train and left by bus.|Our room was "
    "number {n}.|We had booked half a year before.|The town has a market on Fridays.",
    "sorts": ("praise", "complaint"),
    "sign": " [{}]",
    "empty": ("test", "......", "No comment."),
    "space": " ",
}


def demonstrate(out: Path | None, *, workers: int, quiet: bool) -> None:
    """Walk the reviews and print what text alone shows."""
    walk_reviews("text", reviews(ENGLISH, 21), out, workers=workers, quiet=quiet)


def walk_reviews(name: str, spoiled: Spoiled, out: Path | None, *, workers: int, quiet: bool) -> None:
    """Walk spoiled reviews; say whether the label that stands in texts was seen."""
    _, home = walk_spoiled(name, spoiled, "sort", out, workers=workers, quiet=quiet)
    if not quiet:
        say("\n".join(report_lines(home)))


def reviews(words: Mapping[str, Any], seed: int, size: int = REVIEWS) -> Spoiled:
    """Reviews by a known rule: most sentences agree with the sort of the review; and faults planted in them."""
    chance = np.random.default_rng(seed)
    sorts = chance.integers(0, 2, size)
    texts: list[str | None] = [review(words, bool(sort), chance) for sort in sorts.tolist()]
    columns: dict[str, list[str | None]] = {
        "review": texts,
        "sort": [words["sorts"][sort] for sort in sorts.tolist()],
    }
    spoiled = Spoiled(columns, chance)
    _plant(spoiled, words)
    spoiled.repeat()
    return spoiled


def review(words: Mapping[str, Any], blame: bool, chance: np.random.Generator) -> str:
    """One review."""

    def phrase(kind: str) -> str:
        choices = words[kind].split("|")
        return str(choices[int(chance.integers(len(choices)))])

    said = []
    for _ in range(int(chance.integers(2, 7))):
        if chance.random() < 0.2:
            said.append(phrase("filler").format(n=int(chance.integers(2, 400))))
            continue
        word, thing = phrase("blamed" if blame == (chance.random() < AGREE) else "praised"), phrase("things")
        said.append(phrase("said").format(thing=thing, Thing=thing.capitalize(), word=word))
    return str(words["space"]).join(said)


def _plant(spoiled: Spoiled, words: Mapping[str, Any]) -> None:
    chance, sorts = spoiled.chance, words["sorts"]
    width = int(np.quantile([len(text or "") for text in spoiled.columns["review"]], 0.9))
    for row, text in enumerate(spoiled.columns["review"]):
        if text is not None and len(text) > width:
            spoiled.columns["review"][row] = text[:width]
            spoiled.key.append((row, "review", "cut at a width", "completeness", text))
    empty = words["empty"]
    spoiled.spoil("nothing said", "completeness", ["review"], lambda _: str(empty[int(chance.integers(len(empty)))]))
    spoiled.spoil("read in a wrong encoding", "accuracy", ["review"], garbled)
    spoiled.spoil("mark-up left in", "consistency", ["review"], lambda text: f"<p>{text}<br/></p>")
    for _ in range(WRONG_ROUNDS):
        spoiled.spoil("wrong label", "accuracy", ["sort"], lambda sort: str(sorts[1 - sorts.index(sort)]))
    leaked = [row for row in range(spoiled.size) if chance.random() < 0.06]
    taken = {(row, column) for row, column, *_ in spoiled.key}
    for row in leaked:
        text, sort = spoiled.columns["review"][row], spoiled.columns["sort"][row]
        if text is not None and sort is not None and (row, "review") not in taken:
            spoiled.columns["review"][row] = text + words["sign"].format(sort)


def garbled(text: str) -> str:
    """The bytes of a text read in a wrong encoding: as Windows-1252, or as Latin-1 where that cannot be."""
    try:
        return text.encode().decode("cp1252")
    except UnicodeError:
        return text.encode().decode("latin-1")


def report_lines(home: Path) -> list[str]:
    """The marks that give the label away."""
    import pyarrow.parquet as pq

    findings = pq.read_table(home / "findings.parquet", filters=[("check", "==", "LabelInText")]).to_pylist()
    lines = [f"  {finding['column']}: {finding['message']}" for finding in findings if finding["confidence"] >= SURE]
    return ["", "The label occurs in texts", *lines] if lines else []
