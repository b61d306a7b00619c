"""CPU time of one record alone: reading it, the checks, the model; records seen before, and records with new numbers.

    python benchmarks/serve_checks.py RUN FILE.csv [--records 300]

RUN is a folder made by ``karat run``, FILE.csv its records. Each figure is the mean over the records after as many
others; every record is read, judged and answered in turn, as a server does it.
"""

import argparse
import csv
import json
import time
from pathlib import Path

from serve_throughput import request_of

from karat.deploy.judging import Service
from karat.deploy.plain_requests import PlainReader
from karat.deploy.request_records import RequestRecords

STAGES = ("reading", "checks", "model")


def staged(service: Service, reader: PlainReader, bodies: list[bytes]) -> dict[str, float]:
    """Mean CPU-milliseconds of each stage."""
    signature, clock = service.predictor.signature, time.thread_time
    spent = dict.fromkeys(STAGES, 0.0)
    for body in bodies:
        start = clock()
        asked = reader.read(body)
        if asked is None:
            raise SystemExit("a record is not read as a plain request")
        records = RequestRecords([asked], service.door.schema)
        records.unreadable()
        feeds = records.feeds(signature)
        read = clock()
        service.door.judge(records)
        judged = clock()
        service.predictor.run(feeds, 1)
        for stage, seconds in zip(STAGES, (read - start, judged - read, clock() - judged), strict=True):
            spent[stage] += seconds
    return {stage: seconds / len(bodies) * 1e3 for stage, seconds in spent.items()}


def moved(record: dict[str, str], at: int, by: float) -> dict[str, str]:
    """The record with its larger numbers moved a little, so that they are mostly new."""
    large = {name for name, text in record.items() if text.replace(".", "", 1).isdigit() and float(text) >= 100}
    return record | {name: f"{float(record[name]) + (at % 7 + 1) * by:g}" for name in large}


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--records", type=int, default=300)
    options = parser.parse_args()
    signature = json.loads((options.run / "model" / "schema.json").read_text(encoding="utf-8"))
    with options.file.open(newline="", encoding="utf-8-sig") as opened:
        records = [record for _, record in zip(range(2 * options.records), csv.DictReader(opened), strict=False)]
    first, second = records[: options.records], records[options.records :]
    service = Service.load(options.run)
    service.tried()
    reader = PlainReader(service.predictor.signature)
    print("| records | reading ms | checks ms | model ms | checks of model | of reading and model |")
    print("|---|---|---|---|---|---|")
    for what, some in (
        ("first", first),
        ("others", second),
        ("seen", second),
        ("new numbers", [moved(record, at, 1.0) for at, record in enumerate(second)]),
        ("numbers off the column's grid", [moved(record, at, 0.01) for at, record in enumerate(second)]),
    ):
        spent = staged(service, reader, [request_of(signature, record).split(b"\r\n\r\n", 1)[1] for record in some])
        read, checks, model = (spent[stage] for stage in STAGES)
        print(
            f"| {what} | {read:.3f} | {checks:.3f} | {model:.3f} | {checks / model:.2f} | {checks / (read + model):.2f} |"
        )


if __name__ == "__main__":
    main()
