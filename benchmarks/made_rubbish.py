"""Rubbish of eighteen kinds made of good texts, in whatever language they are."""

from __future__ import annotations

import base64
import random
import re
import string

SENTENCE = re.compile(r"(?<=[.!?。！？])\s*|\n")
NOISE = "~^|\\{}[]<>*#@%&$§¢°;:,.!'`_-=+1Il0O5S8B"
ANY = string.ascii_letters + string.digits


def rubbish(texts: list[str], chance: random.Random) -> dict[str, str]:
    """One text of each kind that can be made of the good texts of one language."""
    text = chance.choice(texts)
    words = text.split()
    letters = [sign for sign in "".join(texts)[:20_000].lower() if sign.isalpha()] or ["x"]
    parts = [part for part in SENTENCE.split(text) if len(part) > 20][: chance.randint(1, 4)] or [text[:80]]
    keys = [word.strip(".,;:!?").lower() for word in words if len(word) > 4] or ["word"]
    spaced = len(words) > 50
    made = {
        "random letters": " ".join(_word(letters, chance, 3, 9) for _ in range(120)),
        "random signs": " ".join(_word(ANY, chance, 3, 14) for _ in range(90)),
        "base64": base64.b64encode(chance.randbytes(900)).decode(),
        "hexadecimal": "\n".join(chance.randbytes(32).hex() for _ in range(20)),
        "repeated lines": "\n".join(chance.choice(parts) for _ in range(chance.randint(12, 40))),
        "repeated sentences": " ".join(chance.choice(parts) for _ in range(chance.randint(12, 40))),
        "cut snippets": "\n".join(_snippet(texts, chance) for _ in range(12)),
        "keywords": chance.choice([", ", " ", " | "]).join(
            " ".join(chance.sample(keys, min(len(keys), 2))) for _ in range(60)
        ),
        "links": "\n".join(
            f"http://www.{_word(ANY, chance, 4, 8)}.example/{at} {' '.join(words[:2])}" for at in range(30)
        ),
        "noisy scan": "".join(
            chance.choice(NOISE) if sign != " " and chance.random() < 0.18 else sign for sign in text[:1_200]
        ),
        "template": "\n".join(_filled(parts[0], chance) for _ in range(20)),
        "menu": "\n".join(chance.sample(keys, min(len(keys), 30))).title(),
        "numbers": "\n".join(" ".join(f"{chance.random():.3f}" for _ in range(6)) for _ in range(30)),
    }
    if spaced:
        chance.shuffle(shuffled := words[:200])
        made |= {
            "shuffled words": " ".join(shuffled),
            "glued": "".join(words)[:1_500],
            "spaced": " ".join("".join(words)[:500]),
        }
    if sum(sign > "\x7f" for sign in text[:1_500]) > 15:
        wrong = text[:1_500].encode().decode(chance.choice(["cp1252", "latin-1", "cp1251"]), "replace")
        made |= {"read as another encoding": wrong, "lost letters": re.sub(r"[^\x00-\x7f]", "?", text[:1_500])}
    return made


def _word(letters: str | list[str], chance: random.Random, low: int, high: int) -> str:
    return "".join(chance.choice(letters) for _ in range(chance.randint(low, high)))


def _snippet(texts: list[str], chance: random.Random) -> str:
    text = chance.choice(texts).replace("\n", " ")
    begin = chance.randint(0, max(0, len(text) - 120))
    return text[begin : begin + chance.randint(60, 120)] + chance.choice(["...", "…", " [...]"])


def _filled(sentence: str, chance: random.Random) -> str:
    return re.sub(r"\S+", lambda word: word[0] if chance.random() < 0.93 else str(chance.randint(1, 999)), sentence)
