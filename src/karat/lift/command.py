"""A certificate for any program: it is run on each arm's records, and the metric it writes is read."""

import json
import math
import os
import shlex
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from karat import kinds
from karat.core.block import Block
from karat.core.errors import InputError, OptionError
from karat.core.executor import Tick
from karat.core.patch import no_changes
from karat.core.registry import is_error
from karat.flow.refine import joined, patched
from karat.lift import verdict
from karat.lift.arms import plain
from karat.lift.certificate import Certificate
from karat.lift.command_doubts import doubts
from karat.lift.pairing import aligned, difference
from karat.lift.placebo import placebo, repeated
from karat.lift.procedure import cost_since, cpu_seconds
from karat.lift.recipe import Scores, content_key

FOLDS = 5  # the same as scikit-learn's default of cv
TIMEOUT_SECONDS = 3_600.0  # cost: a program that hangs is ended after an hour; timeout_seconds says otherwise
ARMS = ("raw", "plain", "refined", "placebo")
NO_TEST = (
    "the program brings its own test: training records are redrawn, and the test's own chance is not in the interval"
)


@dataclass(frozen=True)
class CommandLine:
    """A command line with ``{data}`` and ``{seed}``, and ``{test}`` where it takes test records.

    Parameters
    ----------
    command : str
        Split as a shell would, without a shell.
    reads : Path
        The JSON file of numbers that it writes.
    metric : str
        Which number; "" when there is but one.
    timeout_seconds : float
        A run that takes longer is ended, with all it started.
    """

    command: str
    reads: Path
    metric: str = ""
    timeout_seconds: float = TIMEOUT_SECONDS

    def __post_init__(self) -> None:
        if "{data}" not in self.command:
            raise OptionError(
                f"--command {self.command!r} does not contain {{data}}", "Write it like 'python train.py {data} {seed}'"
            )
        if not str(self.reads) or str(self.reads) == ".":
            raise OptionError("--reads names no file", "Write it like --reads metrics.json")

    @property
    def takes_test(self) -> bool:
        """Is it given test records?"""
        return "{test}" in self.command

    def run(self, data: Path, test: Path | None, seed: int) -> tuple[str, float]:
        """Run once; the name of the metric and its value.

        Raises
        ------
        InputError
            When the program cannot be started, fails, hangs, or writes no number.
        """
        filling = {"{data}": str(data), "{seed}": str(seed), "{test}": str(test)}
        words = []
        for word in shlex.split(self.command):
            for mark, value in filling.items():
                word = word.replace(mark, value)  # noqa: PLW2901 - a word may hold several marks
            words.append(word)
        before = _written_at(self.reads)
        self._finished(words)
        if _written_at(self.reads) in (None, before):
            raise InputError(
                f"{self._short} did not write {self.reads}",
                "Let it write the metric there, or name the file with --reads",
            )
        return self._number()

    @property
    def _short(self) -> str:
        return f"--command {self.command!r}"

    def _finished(self, words: list[str]) -> None:
        try:
            process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)  # noqa: S603 - the user's own command
        except OSError as error:
            raise InputError(f"{self._short} cannot be started: {error.strerror or error}", "Check its name") from None
        try:
            said, _ = process.communicate(timeout=self.timeout_seconds)
        except subprocess.TimeoutExpired:
            _end(process)
            raise InputError(
                f"{self._short} still ran after {self.timeout_seconds:g} seconds",
                "Make it quicker, or give it more time",
            ) from None
        except BaseException:
            _end(process)
            raise
        if process.returncode:
            lines = said.decode(errors="replace").strip().splitlines()
            last = f"status {process.returncode}" + (f" and {lines[-1][:200]!r}" if lines else "")
            raise InputError(f"{self._short} failed: {last}", "Run it by hand to see why")

    def _number(self) -> tuple[str, float]:
        try:
            values = json.loads(self.reads.read_text(encoding="utf-8"))
        except (ValueError, OSError) as error:
            raise InputError(f"{self.reads} is not JSON: {error}", 'Let the program write {"accuracy": 0.9}') from None
        entries = values if isinstance(values, dict) else {"metric": values}
        numbers = {
            str(k): float(v) for k, v in entries.items() if isinstance(v, (int, float)) and not isinstance(v, bool)
        }
        name = self.metric or (next(iter(numbers)) if len(numbers) == 1 else "")
        if name not in numbers:
            present = f"{', '.join(sorted(numbers)) or 'no number'}"
            raise InputError(
                (
                    f"{self.reads} has no number called {name!r}, only {present}"
                    if name
                    else f"{self.reads} has not one number but {present}"
                ),
                "Name one with --metric",
            )
        if not math.isfinite(numbers[name]):
            raise InputError(f"{name} in {self.reads} is {numbers[name]}", "Let the program write a finite number")
        return name, numbers[name]


def _written_at(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_ino


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the program and all it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def run_command(
    a: Block,
    b: Block,
    program: CommandLine,
    *,
    key: str = "",
    seed: int = 0,
    repeats: int = 1,
    progress: Tick | None = None,
    cache: Path | None = None,
) -> Certificate:
    """The certificate of B over A by any program.

    With ``{test}`` in the command the records are folded as in ``versions`` and the test records, from A, are handed
    over as CSV. Without, the program brings its own test; four fifths of the records train in each run.

    Parameters
    ----------
    a, b : Block
        Before and after; a target is needed for nothing but even folds.
    key : str
        A column that names records, where there is no ``_row``.
    repeats : int
        Repeats of ``FOLDS`` runs an arm.
    progress : callable or None
        Called with (done, all) runs.
    cache : Path or None
        A folder that keeps what the runs gave.
    """
    clock, cpu = time.perf_counter(), cpu_seconds()
    before, after, _ = aligned(a, b, key)
    scores, folds, metric = Scores(cache), [], ""
    pairs = _folds(before, seed, repeats)
    names = {
        "command": program.command,
        "before": content_key(before),
        "after": content_key(after),
        "metric": program.metric,
    }
    with tempfile.TemporaryDirectory(prefix="karat-") as folder:
        for at, (repeat, fold, train, test) in enumerate(pairs):
            entry: dict[str, Any] = {"repeat": repeat, "fold": fold, "train": len(train), "test": len(test)}
            entry |= {"scores": {}, "changed": False}
            test_records = before.take(test)
            arms = _arms(before, after, train, test, np.random.default_rng([seed, repeat, fold]))
            for number, (arm, records) in enumerate(arms):
                entry["changed"] |= arm == "refined" and content_key(records) != content_key(before.take(train))
                run = partial(_run, program, Path(folder), records, test_records, seed + at)
                metric, value = scores.get(["command", names, seed, repeat, fold, arm], run)
                entry["scores"][arm] = [value] if arm == "placebo" else value
                if progress:
                    progress(at * len(ARMS) + number + 1, len(pairs) * len(ARMS))
            folds.append(entry)

        def probe(name: str, records: Block, test: Block) -> float:
            run = partial(_run, program, Path(folder), records, test, seed + len(pairs) - 1)
            return float(scores.get(["command", names, seed, "probe", name], run)[1])

        warnings = tuple(doubts(folds, before.take(train), test_records, probe, takes_test=program.takes_test))
    certificate = _certificate(folds, metric, program, names, seed, lower=is_error(metric))
    return replace(certificate, notes=(*warnings, *certificate.notes), cost=cost_since(clock, cpu))


def _run(program: CommandLine, folder: Path, records: Block, test: Block, seed: int) -> list[Any]:
    from pyarrow import csv

    csv.write_csv(records.table, folder / "train.csv")
    if program.takes_test:
        csv.write_csv(test.table, folder / "test.csv")
    return list(program.run(folder / "train.csv", folder / "test.csv" if program.takes_test else None, seed))


def _folds(block: Block, seed: int, repeats: int) -> list[tuple[int, int, np.ndarray, np.ndarray]]:
    if block.schema.target is not None:
        return list(kinds.of(block.schema.kind).splits(block, seed=seed, repeats=repeats, folds=FOLDS).pairs())
    out = []
    for repeat in range(repeats):
        fold = np.random.default_rng([seed, repeat]).permutation(np.arange(len(block)) % FOLDS)
        out += [(repeat, k, np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(FOLDS)]
    return out


def _arms(
    before: Block, after: Block, train: np.ndarray, test: np.ndarray, rng: np.random.Generator
) -> Iterator[tuple[str, Block]]:
    """The training records of each arm. Records only in the newer version train in its arm alone."""
    raw, test_rows = before.take(train), before.rows[test]
    refined = after.take(~np.isin(after.rows, test_rows))
    patch = joined(difference(raw, refined)) if len(refined) else no_changes()
    state = patched(raw, placebo(raw, patch, rng))
    fresh = refined.take(~np.isin(refined.rows, before.rows))
    if len(fresh):
        table = pa.concat_tables([state.table, repeated(raw, fresh, rng).table]).combine_chunks()
        state = Block(np.concatenate([state.rows, fresh.rows]), table, raw.schema)
    yield from zip(ARMS, (raw, plain(raw)[0], refined, state), strict=True)


def _certificate(
    folds: list[dict[str, Any]], metric: str, program: CommandLine, names: dict[str, str], seed: int, *, lower: bool
) -> Certificate:
    if lower:
        for fold in folds:
            fold["scores"] = {k: [-v[0]] if isinstance(v, list) else -v for k, v in fold["scores"].items()}
    notes: tuple[str, ...] = () if program.takes_test else (NO_TEST,)
    if lower:
        notes += ("lower is better: scores are shown with their sign turned",)
    return Certificate(
        protocol="command",
        metric=metric,
        **verdict.figures(folds),
        folds=tuple(folds),
        notes=notes,
        recipe={"command": program.command, "reads": str(program.reads)},
        seeds={"seed": seed},
        splits={"folds": FOLDS, "repeats": len(folds) // FOLDS, "tests": program.takes_test},
        versions={"before": names["before"], "after": names["after"]},
    )
