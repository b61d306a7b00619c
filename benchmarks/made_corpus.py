"""Makes a corpus of any size out of made-up sentences, English and Chinese, with planted copies and rubbish.

``python benchmarks/made_corpus.py OUT.jsonl MEGABYTES [SEED]``. The same bytes for the same arguments.
"""

import json
import sys
from pathlib import Path

import numpy as np

SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "bu",
    "da",
    "de",
    "di",
    "do",
    "du",
    "ka",
    "ke",
    "ki",
    "ko",
    "ku",
    "la",
    "le",
    "li",
    "lo",
    "lu",
    "ma",
    "me",
    "mi",
    "mo",
    "mu",
    "na",
    "ne",
    "ni",
    "no",
    "nu",
    "ra",
    "re",
    "ri",
    "ro",
    "ru",
    "sa",
]
COMMON = [
    "the",
    "of",
    "and",
    "to",
    "a",
    "in",
    "that",
    "is",
    "was",
    "he",
    "for",
    "it",
    "with",
    "as",
    "his",
    "on",
    "be",
    "at",
    "by",
    "had",
    "not",
    "are",
    "but",
    "from",
    "or",
    "have",
    "an",
    "they",
    "which",
]
SIGNS = "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于心学么之都好看起发当没成只如事把还用第样道想作种开美总从无情己面最女但现前些所同日手又行意动方期它头经长儿回位分爱老因很给名法间斯知世什两次使身者被高已亲其进此话常与活正感"
SENTENCES = 150_000


def vocabulary(chance: np.random.Generator) -> list[str]:
    made = {"".join(chance.choice(SYLLABLES, size)) for size in chance.integers(1, 5, 40_000)}
    return sorted(made)


def sentences(chance: np.random.Generator) -> tuple[list[str], list[str]]:
    words = np.array(vocabulary(chance))
    zipf = 1 / np.arange(1, len(words) + 1) ** 0.9
    english = []
    for size in chance.integers(6, 24, SENTENCES).tolist():
        rare = (
            words[chance.choice(len(words), size // 2 + 1, p=zipf / zipf.sum())]
            if len(english) < 2_000
            else words[chance.integers(0, len(words), size // 2 + 1)]
        )
        common = chance.choice(COMMON, size - len(rare) + 1)
        mixed = [w for pair in zip(common, rare, strict=False) for w in pair]
        english.append(" ".join(mixed).capitalize() + ".")
    signs = np.array(list(SIGNS))
    chinese = [
        "".join(signs[chance.integers(0, len(signs), size)]) + "。" for size in chance.integers(8, 40, SENTENCES // 5)
    ]
    return english, chinese


def document(chance: np.random.Generator, pool: list[str], size: int, joint: str) -> str:
    picked = [pool[at] for at in chance.integers(0, len(pool), size)]
    cuts = range(0, size, 5)
    return "\n\n".join(joint.join(picked[at : at + 5]) for at in cuts)


def make(out: Path, megabytes: float, seed: int = 0) -> dict[str, int]:
    """Write the corpus; returns how many documents of each kind there are."""
    chance = np.random.default_rng(seed)
    english, chinese = sentences(chance)
    kinds = {"good": 0, "chinese": 0, "exact": 0, "near": 0, "rubbish": 0}
    earlier: list[str] = []
    written = number = 0
    with out.open("w", encoding="utf-8") as file:
        while written < megabytes * 1_000_000:
            draw = chance.random()
            size = int(np.clip(chance.lognormal(3.4, 0.7), 6, 400))
            if draw < 0.72:
                kind, text = "good", document(chance, english, size, " ")
            elif draw < 0.82:
                kind, text = "chinese", document(chance, chinese, size, "")
            elif draw < 0.86 and earlier:
                kind, text = "exact", earlier[int(chance.integers(len(earlier)))]
            elif draw < 0.92 and earlier:
                words = earlier[int(chance.integers(len(earlier)))].split(" ")
                words[int(chance.integers(len(words)))] = "karatkarat"
                kind, text = "near", " ".join(words)
            else:
                kind, text = "rubbish", "\n".join([f"Menu {number}", "Home | About | Log in"] * int(size // 3 + 2))
            if kind == "good" and (len(earlier) < 5_000 or chance.random() < 0.05):
                if len(earlier) < 5_000:
                    earlier.append(text)
                else:
                    earlier[int(chance.integers(5_000))] = text
            kinds[kind] += 1
            record = {"id": number, "source": f"site{number % 37}.example", "text": text}
            line = json.dumps(record, ensure_ascii=False) + "\n"
            file.write(line)
            written += len(line.encode())
            number += 1
    return kinds


if __name__ == "__main__":
    print(make(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0))
