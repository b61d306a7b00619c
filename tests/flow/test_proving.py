"""Rooms 6 and 7: the truth read beside the data, what is stated, and why there may be no proof."""

from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.patch import changes, no_changes
from karat.core.schema import Column, Role, Schema
from karat.flow import proving
from karat.flow.dataset import Dataset
from karat.flow.proving import (
    FEWEST,
    _Drawn,
    _in_words,
    _ledger,
    _proved,
    evaluated_in_words,
    read_truth,
    stated,
    trained_in_words,
)

SCHEMA = Schema((Column("a", Role.NUMBER, "int64"), Column("y", Role.TARGET)))
DATA = Dataset.of(Block(np.arange(2), pa.table({"a": ["1", "2"], "y": ["p", "q"]}), SCHEMA))


def test_the_truth_is_read_with_the_roles_of_the_data_by_position() -> None:
    truth = read_truth(pa.table({"other": ["3", None], "name": ["p", "p"]}), DATA)
    assert truth.schema is SCHEMA
    assert truth.text("y").to_pylist() == ["p", "p"]
    assert truth.numbers("a")[0] == 3
    with pytest.raises(InputError, match="3 columns against 2"):
        read_truth(pa.table({"a": ["1"], "b": ["1"], "c": ["1"]}), DATA)


def test_what_the_summary_says_of_a_certificate() -> None:
    whole = {"metric": "AUC", "lift": 0.1, "folds": [1, 2], "verdict": "worth it"}
    assert stated(whole) == {"metric": "AUC", "lift": 0.1, "verdict": "worth it"}


def test_the_rooms_lines() -> None:
    level = {"value": 0.71}
    summary = {
        "metric": "AUC",
        "raw": {"value": 0.7},
        "plain": level,
        "refined": {"value": 0.72},
        "verdict": "worth it",
    }
    assert evaluated_in_words(summary) == "AUC 0.700 raw · 0.710 baseline cleaning · 0.720 cleaned: worth it"
    ships = {"learner": "boosted", "best": "boosted", "metric": "AUC", "value": {"value": 0.75}}
    said = evaluated_in_words(summary | {"ships": ships})
    assert said.endswith("worth it · exported: boosted, AUC 0.750 on held-out records")
    said = evaluated_in_words(summary | {"ships": ships | {"best": "large"}})
    assert said.endswith("AUC 0.750 on held-out records, simpler than large and as good")
    assert evaluated_in_words(summary | {"ships": ships | {"value": {"value": None}}}) == evaluated_in_words(summary)
    assert _in_words(summary) == evaluated_in_words(summary)
    assert _in_words({"closed": "too few"}) == "no proof: too few"
    assert (
        trained_in_words({"learners": ["linear", "boosted"], "headline": "boosted"})
        == "linear · boosted; the effect of cleaning is measured with boosted"
    )


def test_documents_are_drawn_without_blanks_and_keep_their_numbers() -> None:
    drawn = _Drawn()
    assert drawn.texts()[0].to_pylist() == []
    texts = pa.chunked_array([["a", "", None, "b"]])
    drawn.add(texts, np.array([4, 5, 6, 7]), np.array([True, True, True, False]))
    drawn.add(texts, np.array([8, 9, 10, 11]), np.ones(4, bool))
    result, rows = drawn.texts()
    assert (result.to_pylist(), rows.tolist()) == (["a", "a", "b"], [4, 8, 11])


class Documents:
    """So many documents in one part; those past a number are removed."""

    def __init__(self, size: int, kept: int) -> None:
        self.text, self.size, self.kept = "t", size, kept
        self.parts = SimpleNamespace(documents=size, __len__=lambda _: 1)
        self.parts = type("Parts", (), {"documents": size, "__len__": lambda _: 1})()

    def part(self, at: int, place) -> tuple[Block, pa.Table, np.ndarray]:
        table = pa.table({"t": [f"text {k}" for k in range(self.size)]})
        block = Block(np.arange(self.size), table, Schema((Column("t", Role.TEXT),), kind="text"))
        return block, pa.table({"t": [f"TEXT {k}" for k in range(self.size)]}), np.arange(self.size) < self.kept


@pytest.fixture
def on(tmp_path):
    def of(ledger: pa.Table, proof=None):
        pq.write_table(ledger, tmp_path / "ledger.parquet")
        listener = SimpleNamespace(tick=lambda *_: None)
        settings = SimpleNamespace(seed=0, store=SimpleNamespace(versions=True))
        job = SimpleNamespace(proof=proof or object(), settings=settings, listener=listener, data="x")
        return SimpleNamespace(job=job, place=lambda _: tmp_path, folder=SimpleNamespace(path=tmp_path))

    return of


LEDGER = changes(3, row=[5, 6, 7], action="drop", check="C", keeper=[1, None, 99])


def test_why_there_is_no_proof_of_documents(on, tmp_path) -> None:
    assert _proved(on(no_changes()), Documents(9, 9), 1, tmp_path) == {"closed": "nothing was changed"}
    few = _proved(on(LEDGER), Documents(50, FEWEST - 1), 1, tmp_path)
    assert few == {"closed": f"it needs {FEWEST} documents, and {FEWEST - 1} are left"}

    def refused(*_):
        raise InputError("all alike", "Look")

    closed = _proved(on(LEDGER, SimpleNamespace(prove_texts=refused)), Documents(50, FEWEST), 1, tmp_path)
    assert closed["closed"].startswith("all alike")


def test_the_proof_gets_both_states_and_which_documents_are_copies(on, tmp_path) -> None:
    asked = []

    def proved(before, after, alike, job):
        asked.append((before, after, alike))
        raise InputError("enough", "")

    _proved(on(LEDGER, SimpleNamespace(prove_texts=proved)), Documents(50, 30), 1, tmp_path)
    (before, after, alike) = asked[0]
    assert before[0].to_pylist()[:2] == ["text 0", "text 1"]
    assert after[0].to_pylist()[:2] == ["TEXT 0", "TEXT 1"]
    assert (len(before[1]), len(after[1])) == (50, 30)
    assert alike.tolist() == [[5, 1]]  # one has no keeper, and the keeper of another is not among them


def test_of_many_bytes_a_share_is_drawn(on, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "SAMPLE_BYTES", 500)
    before, after = proving._sampled(on(LEDGER), Documents(400, 400), 1000)
    assert 140 < len(before[1]) < 260
    assert before[1].tolist() == after[1].tolist()
    again, _ = proving._sampled(on(LEDGER), Documents(400, 400), 1000)
    assert again[1].tolist() == before[1].tolist()


def test_a_run_without_a_ledger_has_none(on, tmp_path) -> None:
    assert _ledger(on(LEDGER)).column_names == ["row", "column", "check"]
    (tmp_path / "ledger.parquet").unlink()
    on_it = SimpleNamespace(place=lambda _: tmp_path)
    assert _ledger(on_it) is None


def test_leaks_in_words() -> None:
    from karat.flow.proving import leaks_in_words

    one = {"columns": ["paid"], "metric": "AUC", "with": 0.998, "without": 0.955, "low": 0.0, "high": 0.1}
    assert leaks_in_words([one, one | {"columns": ["paid", "status"]}]) == [
        "AUC 0.998 with paid, 0.955 without: was it known before the outcome?",
        "AUC 0.998 with paid and status, 0.955 without: were they known before the outcome?",
    ]
