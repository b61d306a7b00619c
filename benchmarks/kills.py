"""Kills every command that writes, at random moments and at every write, and asks whether anything was lost.

    python benchmarks/kills.py [--kills 200] [--seed 0] [--only clean,append,...] [--seconds 280]

Commands: ``clean``, ``clean`` with answers, ``clean`` of documents, ``run``, ``store append``, and the posts of the
review page. A child of a warm parent runs the command; it counts its writes, flushes, renames, removals and links (an
audit hook and wrapped calls) and kills itself before one of them, or is killed after a random time. A third of the kills
falls evenly over all steps, a third over the steps of the commit, a third over the time; signals 9, 15 and 2 take turns.
Half of the runs go into a folder that has an earlier version. Then the same command is run again: it must end in the
bits of a run that was not disturbed, and ``karat verify`` must be content. A refusal counts as clean where the version
of before opens and verifies.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
LIMIT_S = 120
SAME = (
    "data.parquet",
    "findings.parquet",
    "ledger.parquet",
    "quarantine.parquet",
    "review.parquet",
    "scores.json",
    "accounting.json",
    "schema.json",
    "checks.json",
    "splits.parquet",
    "model/model.onnx",
)
EVENTS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate", "sqlite3.connect"}
NOW = ("--now", "2026-01-01", "--workers", "1", "--quiet")
REVIEWED = 6  # cases that are decided on the page


class Steps:
    """Counts what a process does to the disk, and kills it at one of the steps."""

    def __init__(self, at: int, how: int) -> None:
        self.at, self.how, self.count, self.in_commit, self.commits = at, how, 0, 0, []

    def step(self) -> None:
        self.count += 1
        if self.in_commit:
            self.commits.append(self.count)
        if self.count == self.at:
            os.kill(os.getpid(), self.how)
            time.sleep(0.05)  # a signal that Python handles is handled between two instructions

    def around(self, home: object, name: str) -> None:
        """A call is a step before and a step after."""
        whole = getattr(home, name)

        def call(*arguments: object, **options: object) -> object:
            self.step()
            answer = whole(*arguments, **options)
            self.step()
            return answer

        setattr(home, name, call)

    def watch(self) -> None:
        from karat.flow import journal
        from karat.store.lance_files import Lance

        for home, name in ((os, "fsync"), (shutil, "rmtree"), (pq, "write_table")):
            self.around(home, name)
        for name in ("fragment", "seal", "point"):
            self.around(Lance, name)

        def heard(event: str, arguments: tuple[object, ...]) -> None:
            writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
            if event in EVENTS or writes:
                self.step()

        sys.addaudithook(heard)
        whole = journal.Change.commit

        def commit(change: object, *arguments: object) -> None:
            self.in_commit += 1
            try:
                whole(change, *arguments)
            finally:
                self.in_commit -= 1

        journal.Change.commit = commit


def child(work: Callable[[], None], said: Path, at: int = 0, how: int = 9, after: float = 0.0) -> int:
    """Do some work in a process of its own, killed at a step or after a time; its status, below 0 for a signal."""
    said.unlink(missing_ok=True)
    process = os.fork()
    if not process:
        try:
            _inside(work, said, at, how)
        finally:
            os._exit(70)
    if after:
        time.sleep(after)
        os.kill(process, how)
    until = time.monotonic() + LIMIT_S
    while time.monotonic() < until:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return 99


def _inside(work: Callable[[], None], said: Path, at: int, how: int) -> None:
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    steps = Steps(at, how)
    steps.watch()
    status = 70
    try:
        work()
        status = 0
    except SystemExit as done:
        status = done.code if isinstance(done.code, int) else 1
    except KeyboardInterrupt:
        status = 130
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    if not at:
        os.write(2, f"\nSTEPS {json.dumps([steps.count, steps.commits])}\n".encode())
    os._exit(status)


def karat(*arguments: object) -> Callable[[], None]:
    """A command, as the command line does it."""

    def work() -> None:
        from karat.cli.main import main

        sys.argv = ["karat", *map(str, arguments)]
        main()

    return work


def decide(run: Path) -> Callable[[], None]:
    """Post decisions to the review page until ``REVIEWED`` cases are decided; every answer is said once it is told."""

    def work() -> None:
        import httpx
        from starlette.testclient import TestClient

        from karat.cli.main import _begin
        from karat.show.review.app import application
        from karat.show.review.session import Board

        _begin()
        board = Board(run)
        app = application(board, "token", ("127.0.0.1:8470",))
        cookies = {"karat_review_8470": "token", "karat_who": "anna"}
        web = TestClient(app, base_url="http://127.0.0.1:8470", cookies=cookies, follow_redirects=False)
        keys = board.desk.queue.narrow("key")[:REVIEWED].tolist()
        for at, key in enumerate(keys):
            if board.desk.verdicts(at).get("anna"):
                continue
            case = board.desk.queue.case(at)
            form = {"key": str(key), "verdict": "accept" if case["kind"] == "next" or at % 2 else "reject"}
            form |= {"cell.1": "Rome"} if case["kind"] == "next" and at % 2 else {}
            answer: httpx.Response = web.post("/decide", data=form, headers={"origin": "http://127.0.0.1:8470"})
            assert answer.status_code == 303, (answer.status_code, answer.text)
            print("SAVED", key, flush=True)
        board.close()

    return work


def table(path: Path, first: int, records: int) -> Path:
    """A small table with misspellings, numbered from ``first``."""
    chance = random.Random(first)
    cities = [("Rome", "00100"), ("Oslo", "01500"), ("Bern", "03000"), ("Lima", "15001")]
    lines = ["id,city,zip,amount"]
    for at in range(first, first + records):
        city, code = chance.choice(cities)
        lines.append(f"{at},{city}{'x' if at % 37 == 0 else ''},{code},{chance.gauss(100, 10):.2f}")
    path.write_text("\n".join(lines) + "\n")
    return path


def crawl(folder: Path) -> Path:
    """Three small files of documents, with copies."""
    folder.mkdir()
    words = [
        "the",
        "house",
        "of",
        "a",
        "river",
        "that",
        "is",
        "and",
        "with",
        "have",
        "from",
        "town",
        "people",
        "water",
        "small",
        "light",
    ]
    for at in range(3):
        chance = random.Random(at)
        lines = []
        for number in range(12):
            text = ". ".join(" ".join(chance.choices(words, k=12)).capitalize() for _ in range(8)) + "."
            lines += [json.dumps({"text": text, "url": f"http://a.org/{at}/{number}"})] * (2 if number % 5 == 0 else 1)
        (folder / f"{at}.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def bits(run: Path) -> dict[str, str]:
    """``_bits`` by a process of its own: the store's library must not be awake where processes are forked."""
    said = run.with_name("bits.said")

    def work() -> None:
        print("BITS", json.dumps(_bits(run)), flush=True)

    assert child(work, said) == 0, said.read_text()
    return dict(json.loads(next(line for line in said.read_text().splitlines() if line.startswith("BITS"))[5:]))


def _bits(run: Path) -> dict[str, str]:
    """What must be the same: files by their digests, versions by what they hold, decisions as they count."""
    from karat.flow.decisions import outcomes
    from karat.store.versions import Store

    files = {name: run / name for name in SAME if (run / name).is_file()}
    state = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    store = Store(run / "store")
    contents = {version.number: version.content for version in store.log()}
    state |= {f"version {name}": contents[number] for name, number in store.named().items()}
    if (run / "lift.json").exists():
        proof = json.loads((run / "lift.json").read_text())
        state["lift.json"] = json.dumps(
            [proof.get(key) for key in ("raw", "refined", "lift", "low", "high", "verdict")]
        )
    decided = [(o.decision.key, o.decision.answer, o.who) for o in outcomes(run)]
    return state | ({"decisions": repr(decided)} if decided else {})


class Case:
    """One command, what has to be there before it, and the state it must end in."""

    def __init__(self, name: str, home: Path, chance: random.Random) -> None:
        self.name, self.home, self.chance = name, home, chance
        self.said = home / f"{name}.said"
        self.before = home / f"{name}-before"  # the folder as the command finds it
        self.run = home / f"{name}-run"
        self.first = table(home / f"{name}.csv", 0, 300)
        started = time.perf_counter()
        self._prepare()
        self.fresh()
        started = time.perf_counter()
        assert child(self.work(), self.said) in (0, 1), self.said.read_text()
        self.seconds = time.perf_counter() - started
        line = next(line for line in self.said.read_text().splitlines() if line.startswith("STEPS"))
        self.steps, self.commits = json.loads(line[6:])
        self.wanted = bits(self.run)
        self.old = bits(self.before) if self.before.exists() else {}

    def _prepare(self) -> None:
        if self.name in ("append", "review"):
            assert child(karat("clean", self.first, "--out", self.before, *NOW), self.said) == 0
        self.more = table(self.home / f"{self.name}-more.csv", 300, 40)
        if self.name == "answers":
            said = ["row,column,value", "37,city,Rome", "74,city,Oslo", "5,,", "9,,"]
            (self.home / "said-by-ann.csv").write_text("\n".join(said) + "\n")
        if self.name == "texts":
            crawl(self.home / "crawl")
        if self.name == "run":
            self.first = table(self.home / "run.csv", 0, 60)

    def work(self) -> Callable[[], None]:
        out = ("--out", self.run, *NOW)
        return {
            "clean": karat("clean", self.first, *out),
            "answers": karat("clean", self.first, "--answers", self.home / "said-by-ann.csv", *out),
            "texts": karat("clean", self.home / "crawl", "--kind", "text", "--allow", "all", *out),
            "run": karat("run", self.first, "--target", "city", "--budget", "1s", *out),
            "append": karat("store", "append", self.run, self.more),
            "review": decide(self.run),
        }[self.name]

    def fresh(self, earlier: bool = False) -> None:
        """The folder as the command finds it; ``earlier``: with a version of other settings."""
        shutil.rmtree(self.run, ignore_errors=True)
        place = self.before if self.before.exists() else self.home / f"{self.name}-earlier"
        if earlier and not place.exists():
            data = self.home / "crawl" if self.name == "texts" else self.first
            call = karat("clean", data, "--allow", "all", "--seed", "7", "--out", place, *NOW)
            assert child(call, self.said) in (0, 1), self.said.read_text()
        if place == self.before or earlier:
            shutil.copytree(place, self.run)

    def kill(self, number: int) -> str:
        """One kill; "" where it ends well, else what is wrong."""
        how = SIGNALS[number % 3]
        self.fresh(earlier=number % 2 == 1)
        old = bits(self.run) if self.run.exists() else {}
        at = (
            self.chance.choice(self.commits) if number % 3 == 0 and self.commits else self.chance.randint(1, self.steps)
        )
        if number // 3 % 3 == 2:
            status = child(self.work(), self.said, how=how, after=self.chance.uniform(0.01, self.seconds))
        else:
            status = child(self.work(), self.said, at=at, how=how)
        said = self.said.read_text("utf-8", "replace") if self.said.exists() else ""
        saved = [line for line in said.splitlines() if line.startswith("SAVED")]
        told = self.name == "append" and "records in" in said
        if not told:
            again = child(self.work(), self.said)
            said = self.said.read_text("utf-8", "replace").strip()
            if again not in (0, 1):
                fine = bool(old) and bits(self.run) == old and child(karat("verify", self.run), self.said) == 0
                return f"{'refused' if fine else 'LOST'}: killed {status}, again {again}: {said[-400:]}"
        state = bits(self.run)
        if wrong := sorted(key for key in self.wanted if state.get(key) != self.wanted[key]):
            return f"OTHER BITS: killed {status} at {at}: {wrong}"
        if self.name == "review" and (lost := self._unsaved(saved)):
            return f"LOST: {lost}"
        if child(karat("verify", self.run), self.said):
            return f"VERIFY: killed {status} at {at}: {self.said.read_text()[-600:]}"
        return ""

    def _unsaved(self, saved: list[str]) -> list[str]:
        """Decisions that were told to be saved and are not there, or are there twice."""
        from karat.flow.decisions import FILE, Decisions

        store = Decisions(self.run / FILE)
        keys = Counter(decision.key for _, decision in store.since(0))
        store.close()
        return [line for line in saved if keys[int(line.split()[1])] != 1] + [str(k) for k, n in keys.items() if n != 1]


NAMES = ("clean", "answers", "append", "review", "texts", "run")


def main() -> None:
    warnings.filterwarnings("ignore", "lance is not fork-safe")
    parse = argparse.ArgumentParser()
    parse.add_argument("--kills", type=int, default=200)
    parse.add_argument("--first", type=int, default=0)
    parse.add_argument("--seed", type=int, default=0)
    parse.add_argument("--only", default=",".join(NAMES))
    parse.add_argument("--seconds", type=float, default=float("inf"), help="begin no further kill after so long")
    wanted = parse.parse_args()
    _warm()
    bad, stop = 0, time.monotonic() + wanted.seconds
    for name in wanted.only.split(","):
        scratch = tempfile.mkdtemp(prefix="karat-kills-")  # a child that is interrupted would clean up a managed one
        try:
            case = Case(name, Path(scratch), random.Random(f"{wanted.seed} {name} {wanted.first}"))
            began, ends = time.time(), Counter()
            for number in range(wanted.first, wanted.first + wanted.kills):
                if time.monotonic() > stop:
                    break
                wrong = case.kill(number)
                ends[wrong.split(":")[0] or "same bits"] += 1
                if wrong:
                    print(f"{name} {number}: {wrong}", flush=True)
            share = len(case.commits) / case.steps
            kills = sum(ends.values())
            bad += kills - ends["same bits"] - (ends["refused"] if ends["refused"] <= kills / 20 else 0)
            print(
                f"{name:<8} {kills} kills: {dict(ends)}; {case.steps} steps, {share:.0%} of them in the commit; "
                f"undisturbed {case.seconds:.1f} s; {time.time() - began:.0f} s",
                flush=True,
            )
        finally:
            shutil.rmtree(scratch)
    sys.exit(bool(bad))


def _warm() -> None:
    """Import once, and read what is read once, for all children."""
    import lance  # noqa: F401  imported, not used: its runtime may not be awake when a process is forked
    import sklearn.ensemble  # noqa: F401
    import starlette.testclient  # noqa: F401

    import karat.cli.commands
    import karat.cli.label_commands
    import karat.cli.review_commands
    import karat.cli.run_commands
    import karat.cli.store_commands
    import karat.flow.appending
    import karat.flow.modelling
    import karat.flow.run
    import karat.show.report
    import karat.show.review.app  # noqa: F401
    from karat.cli import wiring
    from karat.core.registry import units
    from karat.flow.job import Job
    from karat.flow.settings import made_settings

    for kind in ("check", "fix", "learner", "transform", "metric"):
        units(kind)
    scratch = Path(tempfile.mkdtemp(prefix="karat-kills-"))
    data = table(scratch / "warm.csv", 0, 40)
    wiring.walked(Job(data, scratch / "run", "assess", made_settings({"workers": 1}, "kills")))
    shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
