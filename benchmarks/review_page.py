"""The review page with a million waiting cases: a real server, a real browser, a kill, and two people at once.

    python benchmarks/review_page.py [CASES]

Makes a run folder with CASES (1,000,000) generated cases and as many records, starts the page as a process of its own
and measures over HTTP and, where Playwright and a Chromium are installed, from key press to changed page.
"""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from karat.core.schema import Column, Role, Schema

SERVER = """
import sys
from pathlib import Path
from karat.show.review.serving import review
review(Path(sys.argv[1]), port=0, token="token", ready=lambda address: print(address, flush=True))
"""
TOWNS = np.array(["London", "Paris", "北京", "上海", "New York", "Berlin"])
PATHS = (
    "/",
    "/cases",
    "/cases?page=20000",
    "/cases?check=OutOfRange&column=age&page=300",
    "/cases?state=done",
    "/people",
)
KEY = re.compile(rb'name="key" value="(-?\d+)"')


def make(folder, cases):
    """A run folder with so many cases and records."""
    rng = np.random.default_rng(0)
    schema = Schema((Column("town", Role.CATEGORY), Column("age", Role.NUMBER, "int64"), Column("note", Role.TEXT)))
    collect = folder / ".work" / "0" / "collect"
    collect.mkdir(parents=True)
    records = {
        "_row": np.arange(cases),
        "town": TOWNS[rng.integers(0, 6, cases)],
        "age": rng.integers(0, 99, cases).astype(str),
        "note": np.char.add("a note of some length that nobody reads, number ", np.arange(cases).astype(str)),
    }
    table = pa.table(records)
    with pa.ipc.new_file(str(collect / "raw.arrow"), table.schema) as writer:
        writer.write_table(table, max_chunksize=65_536)
    pq.write_table(table, folder / "data.parquet")
    for place in (folder, collect):
        (place / "schema.json").write_text(json.dumps(schema.to_json()))
    review = {
        "row": np.arange(cases),
        "column": np.where(rng.random(cases) < 0.5, "town", "age"),
        "check": np.where(rng.random(cases) < 0.5, "UnusualSpelling", "OutOfRange"),
        "action": np.repeat("set", cases),
        "value": np.char.add(TOWNS[rng.integers(0, 6, cases)], rng.integers(0, 2000, cases).astype(str)),
        "suggestion": TOWNS[rng.integers(0, 6, cases)],
        "confidence": np.round(rng.uniform(0.5, 1, cases), 4),
        "message": np.char.add("differs from 1,234 records with the same code; record ", np.arange(cases).astype(str)),
    }
    pq.write_table(pa.table(review), folder / "review.parquet")
    (folder / "run.json").write_text(json.dumps({"name": "big", "rooms": {}}))
    (folder / "accounting.json").write_text(json.dumps({"in": cases, "kept": cases, "removed": {}, "quarantined": 0}))


class Page:
    """The server as a process of its own."""

    def __init__(self, folder):
        began = time.perf_counter()
        self.process = subprocess.Popen([sys.executable, "-c", SERVER, str(folder)], stdout=subprocess.PIPE)
        self.port = int(re.search(rb":(\d+)/", self.process.stdout.readline())[1])
        self.web("anna").get("/static/karat.svg")
        self.seconds_to_start = time.perf_counter() - began

    def web(self, who):
        return Web(self.port, who)

    def megabytes(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return {name: int(re.search(rf"{name}:\s+(\d+)", status)[1]) / 1024 for name in ("VmRSS", "VmHWM", "RssAnon")}

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait()
        self.process.stdout.close()


class Web:
    """One person's connection."""

    def __init__(self, port, who):
        self.line = http.client.HTTPConnection("127.0.0.1", port)
        self.headers = {"cookie": f"karat_review_{port}=token; karat_who={who}"}

    def get(self, path):
        return self._answered("GET", path, None, {})

    def post(self, path, **form):
        told = {"content-type": "application/x-www-form-urlencoded", "hx-request": "true"}
        return self._answered("POST", path, urlencode(form), told)

    def _answered(self, method, path, body, headers):
        self.line.request(method, path, body, self.headers | headers)
        answer = self.line.getresponse()
        text = answer.read()
        assert answer.status < 400, (path, answer.status, text[:200])
        return text


def times(work, count):
    took = []
    for at in range(count):
        began = time.perf_counter()
        work(at)
        took.append((time.perf_counter() - began) * 1000)
    return took


def told(name, took):
    worst = sorted(took)[min(len(took) - 1, int(0.99 * len(took)))]
    print(f"| {name} | {statistics.median(took):.0f} | {worst:.0f} | {max(took):.0f} | {len(took)} |", flush=True)


def over_http(page):
    web = page.web("anna")
    for path in PATHS:
        told(f"HTTP `{path}`", times(lambda _: web.get(path), 20))  # noqa: B023
    told("HTTP next case", times(lambda _: web.get("/work"), 50))
    key = KEY.search(web.get("/work"))[1]

    def decide(at):
        nonlocal key
        key = KEY.search(web.post("/decide", key=key.decode(), verdict=("accept", "reject")[at % 2]))[1]

    told("HTTP decision on the disk, next case in the answer", times(decide, 300))
    told("HTTP undo", times(lambda _: web.post("/undo"), 50))


def in_browser(page):
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("| (Playwright is not installed) | | | | |")
        return
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    changed = "o => { const e = document.querySelector('input[name=key]'); return e && e.value !== o }"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page()
        tab.goto(f"http://127.0.0.1:{page.port}/?token=token")
        tab.goto(f"http://127.0.0.1:{page.port}/work")
        tab.fill("input[name=name]", "王芳")
        tab.keyboard.press("Enter")
        tab.wait_for_selector(".case")

        def press(at):
            before = tab.get_attribute("input[name=key]", "value")
            tab.keyboard.press("ar"[at % 2])
            tab.wait_for_function(changed, arg=before)

        told("Chromium: key pressed → next case on the screen", times(press, 60))
        told(
            "Chromium: list loaded",
            times(lambda at: tab.goto(f"http://127.0.0.1:{page.port}/cases?page={1 + 997 * at}"), 20),
        )
        told("Chromium: work page loaded", times(lambda _: tab.goto(f"http://127.0.0.1:{page.port}/work"), 20))
        browser.close()


def killed(folder, page, people=2, seconds=4.0):
    """People decide as fast as they can until the server is killed; what they were told is saved must be there."""
    heard = {f"p{at}": [] for at in range(people)}

    def work(who):
        web = page.web(who)
        with contextlib.suppress(http.client.HTTPException, OSError):
            key = KEY.search(web.get("/work"))[1].decode()
            while True:
                after = web.post("/decide", key=key, verdict="accept")
                heard[who].append(int(key))
                key = KEY.search(after)[1].decode()

    threads = [threading.Thread(target=work, args=(who,)) for who in heard]
    for one in threads:
        one.start()
    time.sleep(seconds)
    page.end(signal.SIGKILL)
    for one in threads:
        one.join()
    with contextlib.closing(sqlite3.connect(folder / "decisions.sqlite")) as file:
        kept = set(file.execute("SELECT who, key FROM decision WHERE who LIKE 'p_'"))
    said = [(who, key) for who, keys in heard.items() for key in keys]
    both = set.intersection(*(set(keys) for keys in heard.values()))
    print(f"\nkill -9 after {seconds:.0f} s, {people} people at once: {len(said):,} decisions were told to be saved, "
          f"{sum(one not in kept for one in said)} of them lost; {len(both)} cases decided by both "
          f"({len(said) / seconds:.0f} decisions/s)")  # fmt: skip


def main():
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    folder = Path(tempfile.mkdtemp(prefix="review-"))
    try:
        make(folder, cases)
        page = Page(folder)
        print(f"{cases:,} cases, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        print(f"\nfirst start {page.seconds_to_start:.1f} s, at most {page.megabytes()['VmHWM']:,.0f} MiB")
        page.end()
        page = Page(folder)
        print(
            f"later starts {page.seconds_to_start:.1f} s\n\n| what | median ms | 99 % ms | worst ms | n |\n|---|---|---|---|---|"
        )
        over_http(page)
        in_browser(page)
        print(
            f"\nmemory {page.megabytes()['RssAnon']:,.0f} MiB of its own, {page.megabytes()['VmRSS']:,.0f} with mapped files"
        )
        killed(folder, page)
        page = Page(folder)
        print(f"start after the kill {page.seconds_to_start:.1f} s")
        page.end()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
