"""A small GPT on raw and on cleaned text: bits per byte over seeds, and whether the n-gram model had told the sign.

python benchmarks/gpt_proof.py FOLDER/newsgroups/newsgroups.parquet --seeds 3 --steps 250 [--planted]

Without --planted the corpus is cleaned by ``karat clean`` and its two versions are compared (personal data masked in
both). With it a fifth of the posts is first replaced by rubbish (word salad of shops, repeated lines, noise).

"""

import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from karat.cli.python import clean
from karat.evaluate.intervals import corrected_resampled_t
from karat.flow import document_checks
from karat.flow.loading import alike, documents
from karat.lift.text_arms import GOOD, IN_DOMAIN, Corpora, Documents, Draw, budgeted
from karat.prepare.tokens import encoded, end_of, train_tokenizer
from karat.train.ngram_language_model import NgramLanguageModel
from karat.train.small_gpt import GptShape, SmallGPT, torch_or_error

VOCABULARY, CONTEXT, LAYERS, WIDTH, BATCH = 2_048, 128, 2, 128, 16
BUDGET = 6 << 20
JUDGED = 200  # texts a set


def planted(texts, share, chance):
    """Texts of which a share is rubbish, and which."""
    shop = ["home", "login", "buy", "cheap", "pills", "click", "here", "win", "free", "offer", "cart"]
    rows = np.flatnonzero(chance.random(len(texts)) < share)
    out = list(texts)
    for at, row in enumerate(rows.tolist()):
        if at % 3 == 0:
            out[row] = " ".join(chance.choice(shop, 300))
        elif at % 3 == 1:
            out[row] = "\n".join(["Home | About | Log in | Cart"] * 60)
        else:
            out[row] = "".join(chance.choice(list("qwxzjkv0123456789#$%&"), 1_500))
    return out, rows


def corpora(path, *, with_rubbish, home):
    source = path
    if with_rubbish:
        texts = pq.read_table(path)["text"].to_pylist()
        made, _ = planted(texts, 0.2, np.random.default_rng(11))
        source = home / "planted.parquet"
        pq.write_table(pa.table({"text": made}), source)
    run = home / "run"
    allow = sorted({"DuplicateTexts", "NearDuplicateTexts"} | set(document_checks.steps("karat")))
    clean(source, kind="text", out=run, allow=allow)
    versions = [Documents(*documents(f"{run}@{number}")[:2]) for number in (1, 2)]
    return Corpora(*versions, alike=alike(run))


def gpt_bits(texts, tokenizer, steps, seed, judged):
    tokens, bounds = encoded(tokenizer, texts)
    stream = np.insert(tokens, bounds[1:], end_of(tokenizer))
    shape = GptShape(tokenizer.get_vocab_size(), CONTEXT, LAYERS, 4, WIDTH)
    model = SmallGPT(shape, steps=steps, batch=BATCH).fit(stream, seed)
    found, ends = encoded(tokenizer, judged)
    pieces = [found[ends[at] : ends[at + 1]] for at in range(len(judged))]
    return model.bits(pieces, end_of(tokenizer)), model


def main():
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("corpus", type=Path)
    wants.add_argument("--seeds", type=int, default=3)
    wants.add_argument("--steps", type=int, default=250)
    wants.add_argument("--planted", action="store_true")
    given = wants.parse_args()
    torch_or_error().set_num_threads(1)
    with tempfile.TemporaryDirectory() as home:
        both = corpora(given.corpus, with_rubbish=given.planted, home=Path(home))
    print(f"{len(both.before):,} documents before, {len(both.after):,} after", flush=True)
    scores = {}
    for seed in range(given.seeds):
        draw = Draw(both, (0, seed))
        arms, test = draw.positions(0), draw.judged
        sets = {name: test.sets[name][:JUDGED] for name in (GOOD, IN_DOMAIN)}
        rest = np.flatnonzero(~np.isin(test.sets[IN_DOMAIN], test.sets[GOOD]))
        share = len(test.sets[GOOD]) / len(test.sets[IN_DOMAIN])
        mixed = round(JUDGED * share)
        sets[IN_DOMAIN] = np.concatenate([sets[GOOD][:mixed], test.sets[IN_DOMAIN][rest[: JUDGED - mixed]]])
        used = np.unique(np.concatenate(list(sets.values())))
        judged = [test.texts[at] for at in used]
        budget = min(BUDGET, *(int(held.bytes[at].sum()) for held, at in arms.values()))
        texts = {arm: budgeted(*arms[arm], budget) for arm in ("raw", "refined")}
        tokenizer = train_tokenizer(texts["raw"][:600], VOCABULARY)
        for arm, held in texts.items():
            begun = time.perf_counter()
            bits, model = gpt_bits(held, tokenizer, given.steps, seed, judged)
            spent = time.perf_counter() - begun
            proxy = NgramLanguageModel().fit(held).bits(judged)
            for name, at in sets.items():
                where = np.searchsorted(used, at)
                size = test.bytes[at].sum()
                scores.setdefault(("gpt", name, arm), []).append(bits[where].sum() / size)
                scores.setdefault(("n-gram", name, arm), []).append(proxy[where].sum() / size)
            said = {f"{m} {n} {a}": round(v[-1], 4) for (m, n, a), v in scores.items() if a == arm}
            print(seed, arm, f"{model.shape.parameters:,} weights, {spent:.0f} s", json.dumps(said), flush=True)
    for model in ("gpt", "n-gram"):
        for name in (GOOD, IN_DOMAIN):
            gains = np.array(scores[model, name, "raw"]) - np.array(scores[model, name, "refined"])
            found = corrected_resampled_t(gains, 1 / 9)
            print(
                f"{model:7s} {name:26s} lift {found.mean:+.4f} [{found.low:+.4f}, {found.high:+.4f}] {gains.round(4)}"
            )


if __name__ == "__main__":
    main()
