"""Reads corpora: main text of pages against a person's marking, web archives that are broken, speed by format.

    KARAT_DATA=FOLDER python benchmarks/reading.py

Pages: the measure of the benchmark the pages come from, bags of four consecutive words, precision and recall a page,
averaged, F1 of the averages. Archives: documents + records that hold none + quarantined, beside the number of records
that the most lenient reader found. Speed: seconds of CPU time, so that other work on the machine counts less.
"""

import csv
import gzip
import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import mean
from time import process_time

import pyarrow as pa
import pyarrow.parquet as pq

from karat.collect.file_pieces import pieces
from karat.collect.main_text import main_text
from karat.collect.piece_reader import stream

DATA = Path(os.environ["KARAT_DATA"])
WORDS = re.compile(r"\w+")
ONCE_MORE = 5


def grams(text: str | None) -> Counter:
    words = WORDS.findall(text or "")
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)))


def f1(answers: list[str | None], truths: list[str]) -> tuple[float, float, float]:
    precisions, recalls = [], []
    for answer, truth in zip(answers, truths, strict=True):
        told, true = grams(answer), grams(truth)
        both = sum((told & true).values())
        precisions.append(both / max(1, sum(told.values())) if answer else 0.0)
        recalls.append(both / max(1, sum(true.values())))
    p, r = mean(precisions), mean(recalls)
    return 2 * p * r / (p + r), p, r


def extractors() -> dict[str, Callable[[str], str | None]]:
    import trafilatura
    from resiliparse.extract.html2text import extract_plain_text

    return {
        "karat": main_text,
        f"trafilatura {trafilatura.__version__}, defaults": trafilatura.extract,
        "trafilatura, no comments": lambda page: trafilatura.extract(page, include_comments=False),
        "trafilatura, fast": lambda page: trafilatura.extract(page, include_comments=False, fast=True),
        "resiliparse": lambda page: extract_plain_text(page, main_content=True, alt_texts=False),
    }


def articles() -> None:
    home = DATA / "article-extraction"
    with gzip.open(home / "truth.jsonl.gz", "rt", encoding="utf-8") as file:
        truths = [json.loads(line) for line in file]
    pages = [gzip.decompress((home / "html" / f"{t['id']}.html.gz").read_bytes()).decode() for t in truths]
    size = sum(map(len, pages)) / 1e6
    print(f"\n{len(pages)} pages, {size:.0f} MB\nF1     P      R      CPU ms/page  MB/s   extractor")
    for name, extract in extractors().items():
        begin = process_time()
        answers = [extract(page) for page in pages]
        seconds = process_time() - begin
        score, precision, recall = f1(answers, [truth["text"] for truth in truths])
        speed = f"{1000 * seconds / len(pages):8.1f}     {size / seconds:5.1f}"
        print(f"{score:.4f} {precision:.4f} {recall:.4f} {speed}  {name}")


def archives() -> None:
    home = DATA / "web-warc"
    short = 0
    for entry in csv.DictReader((home / "index.csv").read_text(encoding="utf-8").splitlines()):
        kept = broken = passed = 0
        for piece in pieces(home / entry["file"]):
            for part in stream(piece):
                kept += part.table.num_rows
                broken += part.quarantine.num_rows
                passed += sum(part.passed.values())
        seen = kept + broken + passed
        short += seen < int(entry["records"])
        told = f"{entry['records']:>4} known, {seen:4} seen = {kept:3} documents + {passed:3} others + {broken} broken"
        print(f"{told}  {entry['file']} {entry['stops_with'] and '(others stop)'}")
    print(f"{short} archives with fewer records than known")


def speed() -> None:
    texts = pq.read_table(DATA / "newsgroups" / "newsgroups.parquet")["text"].to_pylist()
    texts *= ONCE_MORE
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "a.jsonl"
        lines = (json.dumps({"text": text, "id": at}, ensure_ascii=False) for at, text in enumerate(texts))
        plain.write_text("\n".join(lines) + "\n", encoding="utf-8")
        size = plain.stat().st_size / 1e6
        (Path(folder) / "a.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes(), 1))
        with pa.CompressedOutputStream(str(Path(folder) / "a.jsonl.zst"), "zstd") as out:
            out.write(plain.read_bytes())
        pq.write_table(pa.table({"text": texts}), Path(folder) / "a.parquet")
        for name in ("a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.parquet"):
            begin = process_time()
            records = sum(part.table.num_rows for piece in pieces(Path(folder) / name) for part in stream(piece))
            print(f"{size / (process_time() - begin):6.0f} MB of text a CPU second, {records} records, {name}")


if __name__ == "__main__":
    archives()
    articles()
    speed()
