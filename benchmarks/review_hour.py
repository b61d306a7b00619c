"""An hour of review in one go: 200 decisions of every kind, over HTTP and, where Playwright is installed, by key.

    python benchmarks/review_hour.py [CASES]

Makes a run folder with CASES (100,000) cells and 2,000 cases of each other kind (labels, records, pairs, votes in
conflict, records to check whole), starts the page as a process of its own, and replays what a person does: accept,
reject, write another value, skip, choose a label, keep the other record, decide all that are alike, undo, go back,
leave a note, remove a record, confirm one, switch a check off and on, tick twenty lines, search the list.
"""

import json
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from review_page import KEY, Page, make, times

from karat.core.schema import Column, Role, Schema

OTHERS = 2_000
DECISIONS = 200
KINDS = ("cell", "label", "record", "pair", "conflict", "next")


def more_kinds(folder, cases):
    """Beside the cells, cases of each other kind."""
    rng = np.random.default_rng(1)
    schema = Schema(
        (
            Column("town", Role.TARGET),
            Column("age", Role.NUMBER, "int64"),
            Column("note", Role.TEXT),
        ),
        task="classification",
    )
    for place in (folder, folder / ".work" / "0" / "collect"):
        (place / "schema.json").write_text(json.dumps(schema.to_json()))
    cells = pq.read_table(folder / "review.parquet")
    rows = rng.permutation(cases)[: 2 * OTHERS]
    whole = {
        "row": rows,
        "column": pa.nulls(2 * OTHERS, pa.string()),
        "check": np.repeat(["ConflictingLabels", "NearDuplicateRecords"], OTHERS),
        "action": np.repeat("drop", 2 * OTHERS),
        "value": [None] * OTHERS + [str(row) for row in (rows[OTHERS:] + 1) % cases],
        "suggestion": pa.nulls(2 * OTHERS, pa.string()),
        "confidence": rng.uniform(0.5, 1, 2 * OTHERS),
        "message": np.repeat("evidence", 2 * OTHERS),
    }
    pq.write_table(pa.concat_tables([cells, pa.table(whole, schema=cells.schema)]), folder / "review.parquet")
    items = [f"i{at}" for at in range(OTHERS)]
    votes = {"item": items, "label": rng.choice(["a", "b", "c"], OTHERS), "confidence": rng.uniform(0.3, 0.8, OTHERS)}
    pq.write_table(pa.table(votes), folder / "labels.parquet")
    pq.write_table(
        pa.table({"item": items, "text": [f"a text {at}" for at in range(OTHERS)]}), folder / "items.parquet"
    )
    pq.write_table(pa.table({"row": rows[:OTHERS], "why": ["unsure"] * OTHERS}), folder / "next.parquet")


def replayed(web):
    """Each act once in turn until there are enough; milliseconds by act."""
    took = {}

    def timed(name, work):
        began = time.perf_counter()
        text = work()
        took.setdefault(name, []).append(1000 * (time.perf_counter() - began))
        return text

    def key(kind):
        return KEY.search(timed(f"next {kind}", lambda: web.get(f"/work?kind={kind}")))[1].decode()

    def decide(kind, **form):
        name = " ".join(map(str, [kind, *form.values()]))[:28]
        timed(name, lambda: web.post("/decide", key=key(kind), kind=kind, **form))

    def ticked(text):
        return re.findall(rb'name="case" value="(-?\d+)"', text)[:20]

    def decide_many():
        keys = ticked(timed("list", lambda: web.get("/cases?kind=cell&together=0")))
        form = [*(("case", key.decode()) for key in keys), ("verdict", "accept"), ("kind", "cell"), ("together", "0")]
        timed("20 ticked lines", lambda: web.post_pairs("/decide-many", form))

    def wide(what):
        timed(what, lambda: web.post("/decide-wide", key=key("cell"), wide=what, kind="cell"))

    acts = [
        *[lambda verdict=verdict: decide("cell", verdict=verdict) for verdict in ("accept", "reject", "skip")],
        lambda: decide("cell", verdict="edit", answer="33"),
        lambda: decide("label", verdict="accept"),
        lambda: decide("label", pick="Berlin"),
        lambda: decide("record", verdict="accept"),
        lambda: decide("record", verdict="reject"),
        lambda: decide("pair", verdict="accept"),
        lambda: decide("pair", side="right"),
        lambda: decide("pair", verdict="reject"),
        lambda: decide("conflict", pick="b"),
        lambda: decide("next", verdict="accept"),
        lambda: decide("cell", everything="accept"),
        lambda: timed("undo", lambda: web.post("/undo")),
        lambda: timed("back", lambda: web.get("/back?at=5")),
        lambda: timed("note", lambda: web.post("/note", key=key("cell"), note="asked")),
        lambda: wide("remove-record"),
        lambda: wide("keep-record"),
        lambda: wide("never"),
        lambda: timed("undo", lambda: web.post("/undo")),
        decide_many,
        lambda: timed("search", lambda: web.get(f"/cases?q=record+{len(took)}")),
    ]  # fmt: skip
    done = 0
    while done < DECISIONS:
        acts[done % len(acts)]()
        done += 1
    return took


class Sender:
    """A connection that also sends a name twice."""

    def __init__(self, web):
        self.get, self.post, self._web = web.get, web.post, web

    def post_pairs(self, path, pairs):
        from urllib.parse import urlencode

        told = {"content-type": "application/x-www-form-urlencoded"}
        return self._web._answered("POST", path, urlencode(pairs), told)


def by_key(page):
    """Milliseconds from a key to the next case on the screen; empty without Playwright."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return []
    changed = "o => { const e = document.querySelector('input[name=key]'); return e && e.value !== o }"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        tab = browser.new_page()
        base = f"http://127.0.0.1:{page.port}"
        tab.goto(f"{base}/?token=token")
        tab.goto(f"{base}/work?kind=cell")
        tab.fill("input[name=name]", "王芳")
        tab.keyboard.press("Enter")
        tab.wait_for_selector(".case")

        def press(at):
            before = tab.get_attribute("input[name=key]", "value")
            tab.keyboard.press("arsxo"[at % 5])
            tab.wait_for_function(changed, arg=before)

        took = times(press, DECISIONS)
        browser.close()
    return took


def told(name, took):
    ranked = sorted(took)
    print(f"| {name} | {np.median(ranked):.0f} | {np.percentile(ranked, 95):.0f} | {ranked[-1]:.0f} | {len(ranked)} |")


def main():
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    folder = Path(tempfile.mkdtemp(prefix="review-"))
    try:
        make(folder, cases)
        more_kinds(folder, cases)
        page = Page(folder)
        print(
            f"{cases:,} cells and {OTHERS:,} cases of each other kind, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n"
        )
        print("| what | median ms | 95 % ms | worst ms | n |\n|---|---|---|---|---|")
        took = replayed(Sender(page.web("anna")))
        for name in sorted(took):
            told(name, took[name])
        told("**all over HTTP**", [one for some in took.values() for one in some])
        if keys := by_key(page):
            told("**Chromium: key to next case**", keys)
        page.end()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
