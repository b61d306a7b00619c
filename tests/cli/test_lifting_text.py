"""Two versions of a corpus are paired by number, by position or by what stands in them; else the user is told."""

import numpy as np
import pyarrow as pa
import pytest

from karat.cli import lifting_text
from karat.cli.lifting_text import _paired
from karat.core.errors import InputError
from karat.flow.loading import documents

A = [f"text {at}" for at in range(6)]


def test_by_number():
    after = pa.table({"_row": [4, 1], "text": ["edited", "text 1"]})
    _, other = _paired(documents(A), documents(after), free=False)
    assert other.rows.tolist() == [4, 1]


def test_by_position_when_counts_agree():
    _, other = _paired(documents(A), documents([text.upper() for text in A]), free=False)
    assert other.rows.tolist() == list(range(6))


def test_by_content():
    _, other = _paired(documents(A), documents(["text 5", "text 2"]), free=False)
    assert other.rows.tolist() == [5, 2]
    with pytest.raises(InputError, match="1 documents of B are not in A"):
        _paired(documents(A), documents(["text 5", "new"]), free=False)
    _, free = _paired(documents(A), documents(["text 5", "new"]), free=True)
    assert free.rows[0] == 5
    assert free.rows[1] > 5


def test_blank_documents_are_passed_over():
    texts, rows, numbered = documents(["a", "", "b"])
    assert (texts.to_pylist(), rows.tolist(), numbered) == (["a", "b"], [0, 2], False)


def test_texts_that_were_trained_on_do_not_judge():
    one, two = _paired(documents(A), documents(A), free=False)
    given = lifting_text.Documents(pa.array(["text 1", "fresh"], pa.large_string()), np.arange(2))
    assert lifting_text._unseen(given, one, two).texts.to_pylist() == ["fresh"]
    with pytest.raises(InputError, match="is also in one of the versions"):
        lifting_text._unseen(one, one)


def test_what_a_run_masked_is_masked_in_the_file_it_is_compared_with(tmp_path):
    from karat.flow.settings import made_settings, written

    run = tmp_path / "run"
    run.mkdir()
    (run / "karat.toml").write_text(written(made_settings({"clean": {"personal_data": "mask"}}, "a test")))
    masks = lifting_text._masker(tmp_path / "raw.jsonl", run)
    assert masks(pa.array(["write to a@b.example"], pa.large_string())).to_pylist() == ["write to <EMAIL>"]
    assert lifting_text._masker(run, f"{run}@2") is None
    assert lifting_text._masker(tmp_path / "raw.jsonl", tmp_path / "other.jsonl") is None
