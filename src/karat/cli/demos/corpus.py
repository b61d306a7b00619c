"""``karat demo corpus``: made-up reports in English and Chinese with copies and rubbish planted, cleaned and proved."""

import json
from pathlib import Path

import numpy as np

from karat.cli.say import say

GOOD, EVERY = 900, 6

COMMON = "the of and to a in that is was he for it with as his on be at by had".split()  # noqa: SIM905  reads as words
SIGNS = "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会"
LETTERS = "aeioubcdfghlmnprst"
RARE = 3_000  # made-up words; the k-th is drawn as often as 1 / k


def demonstrate(out: Path | None, *, workers: int, quiet: bool) -> None:
    """Clean the corpus, write shards, and print what each plant came to and what cleaning was worth."""
    from karat.cli.lifting_text import measured_text
    from karat.cli.python import clean
    from karat.cli.summary import lift_lines

    home = out or Path("runs") / "demo-corpus"
    raw = home.with_name(home.name + "-raw.jsonl")
    raw.parent.mkdir(parents=True, exist_ok=True)
    texts, kinds = documents()
    raw.write_text("".join(json.dumps({"text": t}, ensure_ascii=False) + "\n" for t in texts), encoding="utf-8")
    if not quiet:
        say(
            f"demo       {len(texts):,} documents, {len(texts) - kinds.count('good'):,} of them planted: {raw}",
            error=True,
        )
    allow = ["all"]  # what is planted is meant to go as a whole
    cleaned = clean(raw, out=home, kind="text", workers=workers, shards=True, vocabulary=1_024, allow=allow)
    kept = set(cleaned.data["_row"].to_pylist())
    certificate = measured_text(f"{home}@1", f"{home}@2", workers=workers or 1)
    if quiet:
        return
    say("The answer key   planted  dropped")
    for kind in sorted(set(kinds)):
        rows = [at for at, planted in enumerate(kinds) if planted == kind]
        say(f"  {kind:<14}{len(rows):>8}{sum(row not in kept for row in rows):>9}")
    say("\n".join(lift_lines(certificate.to_json())))


def documents() -> tuple[list[str], list[str]]:
    """Texts and what each of them is: good, a copy, a near copy or rubbish."""
    chance = np.random.default_rng(12)
    texts, kinds = [], []
    for at in range(GOOD):
        texts.append(_chinese(chance) if at % 5 == 4 else _english(chance))
        kinds.append("good")
        if at % EVERY == 0:
            plant = ("copy", "near copy", "rubbish")[at // EVERY % 3]
            text = {
                "copy": texts[-1],
                "near copy": texts[-1] + " And so the day ended.",
                "rubbish": "Home | Log in\n" * 40,
            }
            texts.append(text[plant])
            kinds.append(plant)
    return texts, kinds


def _english(chance: np.random.Generator) -> str:
    sentences = []
    for size in chance.integers(6, 12, int(chance.integers(12, 20))).tolist():
        rare = [_word(int(rank)) for rank in np.exp(chance.random(size) * np.log(RARE))]
        pairs = zip(chance.choice(COMMON, size).tolist(), rare, strict=True)
        sentences.append(" ".join(word for pair in pairs for word in pair).capitalize() + ".")
    return " ".join(sentences)


def _word(rank: int) -> str:
    return "".join(np.random.default_rng([rank, 3]).choice(list(LETTERS), 6).tolist())


def _chinese(chance: np.random.Generator) -> str:
    sizes = chance.integers(10, 30, int(chance.integers(8, 14))).tolist()
    return "".join("".join(chance.choice(list(SIGNS), size).tolist()) + "。" for size in sizes)
