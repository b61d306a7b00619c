"""Every line of the README is tried: each command parses, both languages name the same ones, and what is quick is run."""

import re
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import typer

import karat
from karat.cli import main  # noqa: F401  the commands
from karat.cli.app import app

ROOT = Path(karat.__file__).parents[2]
PAGES = ("README.md", "README.zh-CN.md")
# These take minutes, wait for requests, or need PyTorch: their commands are parsed here and run in tests of their own
NEEDS_MORE = ("recipe.yaml", "--rubric")  # a recipe of a person's own, a language model that answers
NOT_RUN = ("run", "lift", "serve", "review", "train", "mcp", "watch", "drift", "learn")


def commands(page):
    """The command lines of a page, without their comments."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [shlex.split(line, comments=True) for line in re.findall(r"^    (karat .*)$", text, re.MULTILINE)]


def python_blocks(page):
    return re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)


def parsed(words):
    """Parses a command line as the program would, and runs nothing."""
    for path in (ROOT / "src" / "karat" / "cli").glob("*command*.py"):
        __import__(f"karat.cli.{path.stem}")
    group, rest = typer.main.get_command(app), list(words)
    context = group.context_class(group, info_name="karat")
    while hasattr(group, "commands"):
        name, command, rest = group.resolve_command(context, rest)
        assert command is not None, name
        group = command
    return group.make_context(words[0], list(rest), parent=context)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_page_parses(page):
    lines = commands(page)
    assert len(lines) > 25
    for line in lines:
        parsed(line[1:])


def test_a_wrong_line_would_be_seen():
    with pytest.raises(Exception, match="--tagret"):
        parsed(["run", "loans.csv", "--tagret", "y"])


def test_both_languages_name_the_same_commands():
    english, chinese = ([" ".join(words) for words in commands(page)] for page in PAGES)
    assert set(english) ^ set(chinese) == set()


def loans(size, seed):
    chance = np.random.default_rng(seed)
    age, income = chance.integers(18, 80, size), np.round(chance.normal(5000, 900, size), 2).astype(str).astype(object)
    income[::50] = "N/A"
    default = np.where(age + chance.normal(0, 6, size) > 48, "yes", "no")
    town = chance.choice(["Boston", "Austin", "Denver"], size)
    return pd.DataFrame({"name": [f"P{at}" for at in range(size)], "age": age, "income": income, "town": town,
                         "default": default})  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The files that the README names, small."""
    place = tmp_path_factory.mktemp("readme")
    for at, name in enumerate(("loans", "tomorrow", "before", "after", "people", "others", "new")):
        loans(900, at).to_csv(place / f"{name}.csv", index=False)
    votes = [(f"i{at}", voter, ("a", "b")[at % 2]) for at in range(40) for voter in ("x", "y", "z")]
    pd.DataFrame(votes, columns=["item", "voter", "label"]).to_csv(place / "votes.csv", index=False)
    documents = [
        {"text": f"Page {at}. " + f"It tells of the town and of its {at} rivers and hills. " * 12} for at in range(60)
    ]
    pd.DataFrame(documents).to_json(place / "crawl.jsonl", orient="records", lines=True)
    with pa.output_stream(str(place / "crawl.jsonl.zst"), compression="zstd") as packed:
        packed.write((place / "crawl.jsonl").read_bytes())
    turns = [
        [{"role": "user", "content": f"What is {at}?"}, {"role": "assistant", "content": f"It is {at}."}]
        for at in range(40)
    ]
    pd.DataFrame({"messages": turns}).to_json(place / "chat.jsonl", orient="records", lines=True)
    karat.clean(str(place / "loans.csv"), target="default", out=place / "runs" / "loans")
    karat.assess(str(place / "loans.csv"), target="default", out=place / "contract")
    return place


def test_what_is_quick_is_run_line_by_line(folder, command, monkeypatch):
    monkeypatch.chdir(folder)
    assert command("assess", "loans.csv", "--write-contract", "c.yaml", "--out", "learned").status == 0
    lines = [line[1:] for line in commands("README.md") if line[1] not in NOT_RUN and not set(line) & set(NEEDS_MORE)]
    assert len(lines) > 15
    for words in lines:
        done = command(*words)
        assert done.status in (0, 1), (words, done.stderr)  # 1: a gate or the guard spoke, which is an answer
        assert "fault in Karat" not in done.stderr


@pytest.mark.parametrize("page", PAGES)
def test_the_python_of_the_page_runs(page, folder, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(karat, "run", karat.clean, raising=False)  # the proof takes minutes and is tested elsewhere
    (block,) = python_blocks(page)
    given = np.repeat([0, 1], 30)
    names = {
        "df": loans(240, 9),
        "votes": {"item": ["a", "a", "b"], "voter": ["x", "y", "x"], "label": ["1", "1", "2"]},
        "given": given,
        "probs": np.column_stack([1 - given * 0.9 - 0.05, given * 0.9 + 0.05]),
        "texts": ["one long text about a town and its river", "one long text about a town and its river", "other"],
    }
    lines = [line for line in block.splitlines() if not line.startswith("print(run.lift")]
    exec("\n".join(lines), names)
    assert names["read"].data.num_rows == 900
    assert {"found", "refined", "labels", "suspect", "pairs", "kept", "cleaner"} <= set(names)
