"""A corpus walks down to shards: every kept document is in them, token for token, and each form is described."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest

pytest.importorskip("tokenizers")
import karat
from karat.prepare.tokens import load_tokenizer


@pytest.fixture(scope="module")
def run(records, tmp_path_factory):
    import pyarrow as pa

    home = tmp_path_factory.mktemp("shards")
    table = pa.Table.from_pylist([{"text": record["text"]} for record in records[0]])
    options = {"shards": True, "vocabulary": 400, "sequence_length": 32, "held_out": 0.1, "versions": False}
    karat.clean(
        table, kind="corpus", out=home / "run", workers=1, allow=["NearDuplicateTexts", "DuplicateTexts"], **options
    )
    return home / "run"


def test_every_kept_document_is_in_the_shards(run):
    index = json.loads((run / "shards" / "index.json").read_text())
    tokenizer = load_tokenizer(run / "shards")
    texts = []
    for split in ("train", "validation"):
        data = np.memmap(run / "shards" / "bin" / f"{split}.bin", dtype=index["dtype"], mode="r")
        assert len(data) == index["tokens"][split]
        ends = np.flatnonzero(data == index["end"])
        begins = [0, *(ends[:-1] + 1)]
        texts += [tokenizer.decode(data[a:b].tolist()) for a, b in zip(begins, ends, strict=True)]
    assert index["documents"]["validation"] > 0
    assert sorted(texts) == sorted(pq.read_table(run / "data.parquet")["text"].to_pylist())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_every_form_is_described(run):
    mlcroissant = pytest.importorskip("mlcroissant")
    for form in ("bin", "megatron", "parquet", "datasets"):
        place = run / "shards" / form / "croissant.json"
        described = json.loads(place.read_text())
        held = {path.relative_to(place.parent).as_posix() for path in place.parent.rglob("*") if path.is_file()}
        assert {file["contentUrl"] for file in described["distribution"]} == held - {"croissant.json"}
        assert not mlcroissant.Dataset(str(place)).metadata.ctx.issues.errors
