"""Writes ``src/karat/collect/letters.json``: what the letters of each language cost, in tenths of a nat.

Source: the letter and letter-pair frequencies in the language models of lingua-language-detector 1.3.5 (Apache-2.0),
counted there on the Wortschatz corpora of Leipzig University; Chinese is split into simplified and traditional forms
with the tables of OpenCC (Apache-2.0). Run it with the folder of the unpacked wheel:

    pip download --no-deps lingua-language-detector==1.3.5; unzip lingua*.whl -d lingua
    pip install brotli opencc-python-reimplemented
    python benchmarks/letter_costs.py lingua
"""

import json
import math
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import brotli  # type: ignore[import-not-found]
from opencc import OpenCC  # type: ignore[import-not-found]

LANGUAGES = [
    "ar",
    "az",
    "be",
    "bg",
    "bs",
    "ca",
    "cs",
    "cy",
    "da",
    "de",
    "el",
    "en",
    "eo",
    "es",
    "et",
    "eu",
    "fa",
    "fi",
    "fr",
    "ga",
    "he",
    "hr",
    "hu",
    "id",
    "is",
    "it",
    "kk",
    "la",
    "lt",
    "lv",
    "mk",
    "mn",
    "nb",
    "nn",
    "pl",
    "pt",
    "ro",
    "ru",
    "sk",
    "sl",
    "sq",
    "sr",
    "sv",
    "th",
    "tr",
    "uk",
    "ur",
    "vi",
    "nl",
]
# The letters beyond a to z of the languages in Latin script (Unicode CLDR, main exemplar characters). The corpora also
# hold texts in wrongly guessed encodings (Czech with ø for ř), so that other letters count as a rare loan at most.
OWN = {
    "az": "çəğıöşüi̇", "bs": "čćđšž", "ca": "àçéèíïóòúü", "cs": "áčďéěíňóřšťúůýž", "cy": "âêîôûŵŷáéíóúàèìòùäëïöüÿ",
    "da": "æøåéó", "de": "äöüßé", "en": "éï", "eo": "ĉĝĥĵŝŭ", "es": "áéíñóúü", "et": "äõöšžü", "eu": "ñçü",
    "fi": "åäöšž", "fr": "àâæçéèêëîïôœùûüÿ", "ga": "áéíóú", "hr": "čćđšž", "hu": "áéíóöőúüű", "id": "é",
    "is": "áæðéíóöþúý", "it": "àèéìíîòóùú", "la": "āēīōūæ", "lt": "ąčėęįšųūž", "lv": "āčēģīķļņšūž", "nb": "æøåéòóô",
    "nl": "áéëèíïóöúüâêç", "nn": "æøåéòóô", "pl": "ąćęłńóśźż", "pt": "àáâãçéêíóôõúüò", "ro": "ăâîșțşţ",
    "sk": "áäčďéíĺľňóôŕšťúýž", "sl": "čšžćđ", "sq": "çë", "sv": "åäöéà", "tr": "âçğıîöşüûi̇",
}  # fmt: skip
LOAN = 1e-5  # e.g. é in German: 5e-5, á 1e-5, ø 3e-6
STEP = 5  # costs are rounded to half a nat
MIN_LETTER, MIN_PAIR, MIN_HAN = 2e-6, 2e-5, 1e-6  # rarer ones cost what an unknown one costs
TARGET = Path(__file__).parents[1] / "src" / "karat" / "collect" / "letters.json"


def frequencies(folder: Path, language: str, kind: str) -> dict[str, float]:
    """Relative frequencies; of pairs, that of the second letter behind the first."""
    packed = (folder / "lingua" / "language-models" / language / f"{kind}.json.br").read_bytes()
    grams = json.loads(brotli.decompress(packed))["ngrams"]
    return {gram: float(Fraction(share)) for share, names in grams.items() for gram in names.split()}


def by_cost(shares: dict[str, float]) -> dict[str, str]:
    """Cost to all the letters or pairs that have it, one after the other."""
    out: dict[int, list[str]] = {}
    for gram, share in sorted(shares.items()):
        out.setdefault(round(-10 * math.log(share) / STEP) * STEP, []).append(gram)
    return {str(cost): "".join(out[cost]) for cost in sorted(out)}


def main() -> None:
    folder = Path(sys.argv[1])
    letters, pairs = {}, {}
    for language in sorted(LANGUAGES):
        single = {a: p for a, p in frequencies(folder, language, "unigrams").items() if p >= MIN_LETTER}
        own = OWN.get(language)
        single = {a: p if own is None or a.isascii() or a in own else min(p, LOAN) for a, p in single.items()}
        double = frequencies(folder, language, "bigrams")
        letters[language] = by_cost(single)
        pairs[language] = by_cost({ab: p for ab, p in double.items() if p * single.get(ab[0], 0.0) >= MIN_PAIR})
    chinese = frequencies(folder, "zh", "unigrams")
    for language, table in (("zh-cn", "t2s"), ("zh-tw", "s2t")):
        change, shares = OpenCC(table), Counter[str]()
        for char, share in chinese.items():
            shares[change.convert(char)[:1]] += share
        letters[language] = by_cost({char: share for char, share in shares.items() if share >= MIN_HAN})
    for language in ("ja", "ko"):
        single = frequencies(folder, language, "unigrams")
        letters[language] = by_cost({char: share for char, share in single.items() if share >= MIN_HAN})
    source = " ".join((__doc__ or "").split("\n\n")[1].split("Run it")[0].split())
    TARGET.write_text(json.dumps({"source": source, "letters": letters, "pairs": pairs}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
