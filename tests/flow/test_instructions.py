"""A chat file down the corridor: judged as turns, test sets kept out, written back in its own shape."""

import json
import sys

import numpy as np
import pytest

from karat.cli.main import main
from karat.core.errors import InputError
from karat.core.registry import units
from karat.core.state import freeze, thaw
from karat.flow import dataset, engine
from karat.flow.dataset import Dataset
from karat.flow.instructions import with_test_sets

CHECKS = {code: unit for code, unit in units("check").items() if unit.kinds == frozenset({"chat"})}
TALK = [
    "Which of the old towers by the river was built first, and who paid for it in the end?",
    "How do I keep basil alive on a windowsill that gets no sun before the late afternoon?",
    "Explain to a child why the moon seems to follow the car when we drive home at night.",
]


def chat(question, answer, **more):
    return {"conversations": [{"from": "human", "value": question}, {"from": "gpt", "value": answer}], **more}


def records():
    made = [
        chat(f"{TALK[i % 3]} Number {i}.", f"It is a long story, told {i} times. It ends well.", id=i)
        for i in range(60)
    ]
    made.insert(7, chat("", "Nobody asked.", id="x"))
    made.insert(20, chat("Say it again, will you, on this fine day?", "It is a long story. It ends in the", id=None))
    made.append(chat(TALK[1] + " Number 1.", "It is a long story, told 1 times. It ends well.", id=1))
    return made


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A function that cleans a file on the command line, in this process, and says where the run lies."""

    def cleaned(text, name):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        monkeypatch.setattr(sys, "argv", ["karat", "clean", str(path), "--out", str(tmp_path / "run"), "--quiet"])
        with pytest.raises(SystemExit) as done:
            main()
        assert not done.value.code
        return tmp_path / "run"

    return cleaned


def test_lines_go_back_as_they_came_but_for_what_is_dropped(run):
    lines = [json.dumps(one, ensure_ascii=False, separators=(",", ": ")) for one in records()]
    out = run("\n".join([*lines[:5], "{broken", *lines[5:]]) + "\n", "chat.jsonl")
    kept = (out / "data.jsonl").read_text(encoding="utf-8").splitlines()
    assert kept == [line for at, line in enumerate(lines) if at not in (7, 20, 62)]
    books = json.loads((out / "accounting.json").read_text(encoding="utf-8"))
    assert (books["in"], books["kept"], books["quarantined"], sum(books["removed"].values())) == (64, 60, 1, 3)
    assert json.loads((out / "schema.json").read_text(encoding="utf-8"))["kind"] == "chat"


def test_a_document_goes_back_as_a_document(run):
    out = run(json.dumps(records()), "chat.json")
    assert json.loads((out / "data.json").read_text(encoding="utf-8")) == [
        one for at, one in enumerate(records()) if at not in (7, 20, 62)
    ]


def test_questions_of_a_test_set_are_dropped(tmp_path, run):
    (tmp_path / "test.jsonl").write_text(json.dumps({"question": TALK[2] + " Number 5."}) + "\n", encoding="utf-8")
    (tmp_path / "chat.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records()), encoding="utf-8")
    spec = f'[collect]\ndata = "{tmp_path}/chat.jsonl"\n[clean]\ntest_sets = ["{tmp_path}/test.jsonl"]\n'
    books = json.loads((run(spec, "karat.toml") / "accounting.json").read_text(encoding="utf-8"))
    assert books["removed"]["QuestionsInTestSet"] == 1


def test_a_test_set_without_texts_is_refused(tmp_path, chat_block):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="the columns a, b, and none of questions or texts"):
        with_test_sets(Dataset.of(chat_block(records()[:3])), [str(tmp_path / "t.csv")])


@pytest.mark.parametrize("size", [7, 25])
@pytest.mark.parametrize("workers", [1, 2])
def test_no_check_depends_on_blocks_or_workers_and_every_state_can_be_written_down(
    size, workers, chat_block, monkeypatch
):
    from karat.quality.contamination import TestSet

    tests = [TALK[2] + " Number 5."]
    extra = {"test_sets": TestSet.of(tests, 5), "test_questions": tests}
    made = [one | {"id": str(one["id"])} for one in records()]
    block = chat_block(made, **extra)

    def said():
        data = Dataset(block.schema, table=block.table, rows=block.rows, extra=extra)
        learned = engine.learn(data, [unit() for unit in CHECKS.values()], workers=workers)
        return learned, [one for _, part in engine.judge(data, learned, workers=workers) for one in part.to_pylist()]

    _, whole = said()
    monkeypatch.setattr(dataset, "BLOCK_RECORDS", size)
    learned, parts = said()
    order = lambda one: (one["row"], str(one["column"]), one["check"])  # noqa: E731
    assert sorted(parts, key=order) == sorted(whole, key=order)
    assert {one["check"] for one in whole} >= {
        "EmptyTurns",
        "TruncatedAnswers",
        "NearDuplicateQuestions",
        "QuestionsInTestSet",
    }
    for code, check in learned.checks.items():
        state = thaw(freeze(learned.states[code]))
        assert check.judge(state, block).equals(check.judge(learned.states[code], block))
    assert np.isfinite([one["confidence"] for one in parts]).all()
