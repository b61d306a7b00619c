"""Answers as JSON are the same at once and some values at a time."""

import json
from pathlib import Path

import numpy as np
import pytest

from karat.deploy import answer_text
from karat.deploy.answer_text import render
from karat.deploy.signature import Signature


def test_a_long_answer_is_written_in_pieces(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signature = Signature.load(run / "model" / "schema.json")
    label = np.array(["no", "是", "no"], object)
    values = {"label": label, "probabilities": np.array([[0.5, np.nan]] * 3, np.float32)}
    for outputs in ({"label": False, "probabilities": False}, {"label": True, "probabilities": False}, {"label": True}):
        whole, size = render({"id": "é"}, values, signature, outputs)
        with monkeypatch.context() as patch:
            patch.setattr(answer_text, "VALUES_AT_ONCE", 2)
            pieces, length = render({"id": "é"}, values, signature, outputs)
        assert json.loads(pieces[:length]) == json.loads(whole[:size])
        assert pieces[length or len(pieces) :] == whole[size or len(whole) :]
