"""Near-duplicates with verification, beside datatrove's MinHash and rensa at the same bands (14 x 8, 5-word shingles).

    python benchmarks/near_duplicates.py --texts FILE.parquet [--rival PYTHON] [--growth]

FILE has a column `text` of English texts; it is grown to the sizes wanted by copies in which three words of ten are
replaced (and, in one text of twenty, one word of two hundred: the near-duplicates). Each arm runs in a process of its
own, warmed up on a small piece, at two sizes, in turns; the figure is the slope between the sizes. `--rival` is a
Python with datatrove[io,processing]==0.10.1, spacy 3.8 and rensa==0.5.0; without it one is made in a temporary folder.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BANDS, ROWS, WIDTH = 14, 8, 5
RIVALS = ["datatrove[io,processing]==0.10.1", "spacy==3.8.*", "rensa==0.5.0", "pyarrow"]
SIZES = {"karat": (50, 200), "karat default": (50, 200), "rensa": (50, 200), "datatrove": (2, 8)}


def grow(source: Path, megabytes: float, out: Path) -> None:
    """Texts of about so many megabytes: the source, and copies with other words in it."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    chance = np.random.default_rng(7)
    texts = pq.read_table(source, columns=["text"])["text"].combine_chunks().cast(pa.large_string())
    split = pc.utf8_split_whitespace(texts)
    words = split.values.dictionary_encode()
    ids, offsets = words.indices.to_numpy(), split.offsets.to_numpy()
    known = words.dictionary.cast(pa.string())
    lengths = np.diff(offsets)
    written, schema = 0, pa.schema({"text": pa.large_string()})
    with pq.ParquetWriter(out, schema) as writer:
        while written < megabytes * 1e6:
            rate = np.where(chance.random(len(lengths)) < 0.05, 0.005, 0.3 if written else 0.0)
            change = chance.random(len(ids)) < np.repeat(rate, lengths)
            made = np.where(change, chance.permutation(ids), ids)
            lists = pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), known.take(pa.array(made)))
            part = pc.binary_join(lists, " ").cast(pa.large_string())
            size = pc.binary_length(part).to_numpy()
            fits = int(np.searchsorted(np.cumsum(size), megabytes * 1e6 - written)) + 1
            writer.write_table(pa.table({"text": part.slice(0, fits)}, schema))
            written += int(size[:fits].sum())


def run_karat(path: Path, bands: int, rows: int) -> dict:
    import numpy as np
    import pyarrow.parquet as pq

    from karat.clean.duplicate_pairs import by_position
    from karat.clean.duplicates_in_text import duplicates
    from karat.clean.signatures import as_arrow, sign

    texts = as_arrow(pq.read_table(path)["text"])

    def whole(given) -> int:
        signatures = sign(given, bands, rows, 2)
        return duplicates(signatures, by_position(given, np.arange(len(given))), 0.8).num_rows

    whole(texts.slice(0, 2000))
    begin = time.perf_counter()
    gone = whole(texts)
    return {"seconds": time.perf_counter() - begin, "texts": len(texts), "dropped": gone}


def run_rensa(path: Path) -> dict:
    import re

    import pyarrow.parquet as pq
    from rensa import RMinHash, RMinHashLSH

    texts = pq.read_table(path)["text"].to_pylist()
    cut = shingling = 0.0

    def shingles(text: str) -> list[str]:
        words = re.findall(r"\w+", text.lower())
        return [" ".join(words[i : i + WIDTH]) for i in range(max(1, len(words) - WIDTH + 1))]

    lsh = RMinHashLSH(0.8, BANDS * ROWS, BANDS)
    flagged = 0
    RMinHash.digest_matrix_from_token_sets([shingles(text) for text in texts[:500]], BANDS * ROWS, 42)
    begin = time.perf_counter()
    for at in range(0, len(texts), 5000):
        cut = time.perf_counter()
        sets = [shingles(text) for text in texts[at : at + 5000]]
        shingling += time.perf_counter() - cut
        matrix = RMinHash.digest_matrix_from_token_sets(sets, BANDS * ROWS, 42)
        flagged += sum(lsh.insert_matrix_and_query_duplicate_flags(matrix))
    seconds = time.perf_counter() - begin
    return {"seconds": seconds, "without shingling": seconds - shingling, "texts": len(texts), "dropped": flagged}


def run_datatrove(path: Path) -> dict:
    import logging
    import os

    os.environ["HF_HUB_OFFLINE"] = "1"
    import pyarrow.parquet as pq
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import (
        MinhashDedupBuckets,
        MinhashDedupCluster,
        MinhashDedupFilter,
        MinhashDedupSignature,
    )
    from datatrove.pipeline.dedup.minhash import MinhashConfig
    from datatrove.pipeline.readers import ParquetReader
    from datatrove.pipeline.writers import ParquetWriter
    from datatrove.utils.hashing import HashConfig
    from loguru import logger

    logger.remove()
    logging.disable(logging.CRITICAL)
    config = MinhashConfig(
        n_grams=WIDTH, num_buckets=BANDS, hashes_per_bucket=ROWS, hash_config=HashConfig(precision=64)
    )
    texts = pq.read_table(path)

    def whole(table, work: Path) -> int:
        data = work / "data"
        data.mkdir(parents=True)
        half = table.num_rows // 2
        for k, part in enumerate((table.slice(0, half), table.slice(half))):
            pq.write_table(part.append_column("id", [[str(i) for i in range(part.num_rows)]]), data / f"{k}.parquet")
        read = ParquetReader(str(data))
        steps = [
            ([read, MinhashDedupSignature(str(work / "sigs"), config)], 2),
            ([MinhashDedupBuckets(str(work / "sigs"), str(work / "buckets"), config=config)], BANDS),
            ([MinhashDedupCluster(str(work / "buckets"), str(work / "remove"), config=config)], 1),
            ([read, MinhashDedupFilter(str(work / "remove")), ParquetWriter(str(work / "kept"))], 2),
        ]
        for k, (pipeline, tasks) in enumerate(steps):
            LocalPipelineExecutor(pipeline, tasks=tasks, workers=2, logging_dir=str(work / f"log{k}")).run()
        return table.num_rows - sum(pq.read_metadata(p).num_rows for p in (work / "kept").glob("*.parquet"))

    with tempfile.TemporaryDirectory() as folder:
        whole(texts.slice(0, 20), Path(folder) / "warm")
        begin = time.perf_counter()
        gone = whole(texts, Path(folder) / "work")
        return {"seconds": time.perf_counter() - begin, "texts": texts.num_rows, "dropped": gone}


def child(python: str, arm: str, path: Path) -> dict:
    """One arm on one file in a process of its own; its answer and the peak memory of its tree."""
    import psutil

    started = subprocess.Popen(
        [python, __file__, "--arm", arm, "--texts", str(path)], stdout=subprocess.PIPE, text=True
    )
    watched, peak, used = psutil.Process(started.pid), 0, {}
    begin = time.perf_counter()
    while started.poll() is None:
        try:
            tree = [watched, *watched.children(recursive=True)]
            peak = max(peak, sum(p.memory_info().rss for p in tree))
            used.update({p.pid: sum(p.cpu_times()[:2]) for p in tree})
        except psutil.Error:
            pass
        time.sleep(0.1)
    lines = [line for line in started.stdout.read().splitlines() if line.startswith("{")]
    if not lines:
        sys.exit(f"{arm} failed on {path}")
    return {
        **json.loads(lines[-1]),
        "whole": time.perf_counter() - begin,
        "peak": peak / 1e6,
        "cpu": sum(used.values()),
    }


def make_rival(folder: Path) -> str:
    python = folder / "rival" / "bin" / "python"
    subprocess.run(["uv", "venv", "-q", "--python", "3.11", str(folder / "rival")], check=True)
    subprocess.run(["uv", "pip", "install", "-q", "--python", str(python), *RIVALS], check=True)
    return str(python)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--rival")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--arms", nargs="+", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--growth", action="store_true", help="10 MB to 1 GB as well")
    parser.add_argument("--arm", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.arm:
        arms = {
            "karat": lambda p: run_karat(p, BANDS, ROWS),
            "karat default": lambda p: run_karat(p, 25, 5),
            "rensa": run_rensa,
            "datatrove": run_datatrove,
        }
        answer = arms[args.arm](args.texts)
        print(json.dumps(answer))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rival = args.rival or make_rival(folder)
        files = {}

        def at(size: float) -> Path:
            if size not in files:
                files[size] = folder / f"{size}.parquet"
                grow(args.texts, size, files[size])
            return files[size]

        best: dict = {}
        for turn in range(args.rounds):
            for small in (True, False):
                for arm in args.arms:
                    sizes = SIZES[arm]
                    size = sizes[0 if small else 1]
                    answer = child(sys.executable if "karat" in arm else rival, arm, at(size))
                    told = {k: round(v, 3) if isinstance(v, float) else v for k, v in answer.items()}
                    print(f"round {turn} {arm:14} {size:5} MB  {told}", flush=True)
                    if answer["seconds"] < best.get((arm, size), {"seconds": 1e9})["seconds"]:
                        best[arm, size] = answer
        print("arm             slope MB/s   MB per CPU-second   end to end MB/s   peak MB")
        for arm in args.arms:
            small, large = SIZES[arm]
            a, b = best[arm, small], best[arm, large]
            slope = (large - small) / (b["seconds"] - a["seconds"])
            effort = (large - small) / (b["cpu"] - a["cpu"])
            print(f"{arm:14} {slope:10.2f} {effort:14.2f} {large / b['whole']:14.2f} {b['peak']:14.0f}")
            if arm == "rensa":
                slope = (large - small) / (b["without shingling"] - a["without shingling"])
                print(f"{'  shingles free':14} {slope:9.2f}")
        if args.growth:
            for arm, sizes in (("karat", (10, 100, 1000)), ("rensa", (10, 100))):
                for size in sizes:
                    answer = child(sys.executable if "karat" in arm else rival, arm, at(size))
                    told = "{seconds:8.2f} s, {cpu:8.2f} CPU-seconds, peak {peak:7.0f} MB".format(**answer)
                    print(f"growth {arm:8} {size:5} MB {told}", flush=True)


if __name__ == "__main__":
    main()
