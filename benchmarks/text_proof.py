"""The n-gram proof on a corpus with planted rubbish: a fifth of the documents is replaced and then taken out again.

python benchmarks/text_proof.py FOLDER/newsgroups/newsgroups.parquet --draws 4

What ``karat lift RUN@1 RUN@2`` says of the cleaned corpus itself is recorded beside it in ``text_proof.md``.
"""

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from karat.lift.text_arms import Corpora, Documents
from karat.lift.text_proof import ngram_trial, prove_text

SHARE = 0.2


def planted(path):
    texts = pq.read_table(path)["text"].to_pylist()
    chance = np.random.default_rng(1)
    bad = chance.random(len(texts)) < SHARE
    words = ["home", "login", "buy", "cheap", "pills", "$$$", "click", "here", "win"]
    pool = [" ".join(chance.choice(words, 200)) for _ in range(50)]
    raw = pa.array(
        [pool[at % 50] if b else t for at, (t, b) in enumerate(zip(texts, bad, strict=True))], pa.large_string()
    )
    kept = np.flatnonzero(~bad)
    return Corpora(Documents(raw, np.arange(len(raw))), Documents(raw.take(pa.array(kept)), kept))


def main():
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("corpus", type=Path)
    wants.add_argument("--draws", type=int, default=10)
    given = wants.parse_args()
    begun = time.perf_counter()
    made = prove_text(planted(given.corpus), trial=replace(ngram_trial(), draws=given.draws), workers=2)
    print(
        f"{time.perf_counter() - begun:.0f} s", made.raw, made.plain, made.refined, made.placebo, made.verdict, sep="\n"
    )
    for one in made.slices:
        print(one)


if __name__ == "__main__":
    main()
