"""Personal data: precision and recall by entity beside Presidio's, false alarms on wrong check digits, prices in MB/s.

    KARAT_DATA=FOLDER python benchmarks/personal_data.py [--rivals]

A span counts as found when it overlaps one of the same type. Presidio is installed into a temporary environment; its
expressions and checksums run without a language model (spaCy's cannot be had offline), which its names need and the six
types compared here do not. The second set is made up here: Chinese and English sentences with identifiers whose check
digits fit, and the same with digits that do not.
"""

import json
import os
import subprocess
import sys
import tempfile
import venv
from collections import defaultdict
from pathlib import Path
from random import Random
from time import process_time

import pyarrow.parquet as pq

DATA = Path(os.environ["KARAT_DATA"])
TYPES = {
    "e-mail": "EMAIL_ADDRESS",
    "bank card": "CREDIT_CARD",
    "IBAN": "IBAN_CODE",
    "social security number (US)": "US_SSN",
    "IP address": "IP_ADDRESS",
    "IP address (v6)": "IP_ADDRESS",
    "phone": "PHONE_NUMBER",
    "phone (+)": "PHONE_NUMBER",
    "mobile phone (CN)": "PHONE_NUMBER",
    "landline (CN)": "PHONE_NUMBER",
}
PRESIDIO = """
import json, sys, time, spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
class Blank(SpacyNlpEngine):
    def __init__(self):
        super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])
        self.nlp = {"en": spacy.blank("en")}
    def load(self):
        self.nlp = {"en": spacy.blank("en")}
known = RecognizerRegistry()
known.load_predefined_recognizers(languages=["en"])
engine = AnalyzerEngine(nlp_engine=Blank(), registry=known, supported_languages=["en"])
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
begin = time.process_time()
spans = [(row, one.start, one.end, one.entity_type) for row, text in enumerate(texts)
         for one in engine.analyze(text=text, language="en", score_threshold=0.4)]
print(json.dumps({"spans": spans, "seconds": time.process_time() - begin}))
"""


def report(name: str, spans: list[tuple[int, int, int, str]], records: list[dict], seconds: float) -> None:
    told, true = defaultdict(list), defaultdict(list)
    for row, start, end, kind in spans:
        told[kind].append((row, start, end))
    for row, record in enumerate(records):
        for span in record["spans"]:
            true[span["type"]].append((row, span["start"], span["end"]))

    def near(one, others):
        return any(one[0] == other[0] and one[1] < other[2] and other[1] < one[2] for other in others)

    size = sum(len(record["text"].encode()) for record in records) / 1e6
    print(f"\n{name}: {size / seconds:.3f} MB of short texts a CPU second")
    for kind in sorted(set(TYPES.values())):
        hits = sum(near(one, true[kind]) for one in told[kind])
        found = sum(near(one, told[kind]) for one in true[kind])
        p, r = hits / max(1, len(told[kind])), found / max(1, len(true[kind]))
        print(f"  {kind:14} {len(true[kind]):4} planted  precision {p:.3f}  recall {r:.3f}")


def beside_presidio() -> None:
    from karat.quality.confidentiality.spans import find

    path = DATA / "pii-synth" / "pii.jsonl"
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    find(["warm up: 1.2.3.4"])
    begin = process_time()
    found = find([record["text"] for record in records]).to_pylist()
    seconds = process_time() - begin
    spans = [(f["row"], f["start"], f["end"], TYPES.get(f["entity"], f["entity"])) for f in found]
    report("karat", spans, records, seconds)
    if "--rivals" in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            venv.create(folder, with_pip=True)
            python = Path(folder) / "bin" / "python"
            subprocess.run([python, "-m", "pip", "install", "-q", "presidio-analyzer"], check=True)
            script = Path(folder) / "tell.py"
            script.write_text(PRESIDIO)
            done = subprocess.run([python, script, path], check=True, capture_output=True, text=True)
            said = json.loads(done.stdout.strip().splitlines()[-1])
            report("presidio", [tuple(span) for span in said["spans"]], records, said["seconds"])


def luhn(digits: str) -> str:
    doubled = [int(d) * 2 if at % 2 == 0 else int(d) for at, d in enumerate(reversed(digits))]
    return str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def resident(digits: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11]


def made_up(chance: Random) -> dict[str, tuple[str, str | None]]:
    """One identifier of each kind: as it should be, and with a check digit that does not fit."""

    def digits(count: int) -> str:
        return "".join(chance.choice("0123456789") for _ in range(count))

    born = f"{chance.randint(1950, 2009)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    person, card = "110105" + born + digits(3), chance.choice(["622202", "4111", "5105"])
    card += digits(15 - len(card))
    check, last = resident(person), luhn(card)
    letters = "".join(chance.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(5))
    return {
        "resident ID (CN)": (person + check, person + ("1" if check != "1" else "2")),
        "bank card": (card + last, card + str((int(last) + 1) % 10)),
        "mobile phone (CN)": (f"1{chance.choice('3589')}{digits(9)}", None),
        "e-mail": (f"{letters.lower()}{digits(3)}@mail.example.com", None),
        "licence plate (CN)": (f"{chance.choice('京沪粤川')}{chance.choice('ABCDE')}{digits(5)}", None),
        "passport (CN)": (f"E{digits(8)}", None),
        "IP address": (f"10.{chance.randint(0, 255)}.{chance.randint(0, 255)}.{chance.randint(1, 254)}", None),
        "secret key": (f"AKIA{letters}{letters}{letters}Q", None),
    }


FRAMES = ("请联系{}，谢谢。", "他的号码是{}", "contact {} please", "{}是新的", "old value {}.", "（{}）已登记")


def check_digits(count: int = 300) -> None:
    from karat.quality.confidentiality.spans import find

    chance = Random(0)
    found, false, total, wrong = defaultdict(int), defaultdict(int), defaultdict(int), defaultdict(int)
    for _ in range(count):
        for kind, (good, bad) in made_up(chance).items():
            frame = chance.choice(FRAMES)
            kinds = [f["entity"] for f in find([frame.format(good)]).to_pylist()]
            total[kind] += 1
            found[kind] += kind in kinds
            if bad is not None:
                wrong[kind] += 1
                false[kind] += kind in [f["entity"] for f in find([frame.format(bad)]).to_pylist()]
    print("\nmade-up sentences, Chinese and English")
    for kind in total:
        alarms = f"  {false[kind]} of {wrong[kind]} with a wrong check digit flagged" if wrong[kind] else ""
        print(f"  {kind:20} found {found[kind]} of {total[kind]}{alarms}")


def prices() -> None:
    from karat.clean.mask_personal_data import mask
    from karat.clean.repair_unicode import repair
    from karat.quality.confidentiality.spans import find

    news = pq.read_table(DATA / "newsgroups" / "newsgroups.parquet")["text"].slice(0, 8_000)
    print("\nMB a CPU second, newsgroup posts (three addresses each)")
    for name, work in (("find", find), ("mask", mask), ("repair", repair)):
        begin = process_time()
        work(news)
        print(f"  {name:8} {news.nbytes / 1e6 / (process_time() - begin):7.1f}")


if __name__ == "__main__":
    beside_presidio()
    check_digits()
    prices()
