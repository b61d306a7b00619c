"""A corpus walks on to shards and to the proof, and tomorrow's documents are judged as today's were."""

import json

import pyarrow.parquet as pq
import pytest

from karat.cli.proof import LiftProof
from karat.flow.applying import apply_run
from karat.flow.job import Job
from karat.flow.run import walk
from karat.flow.settings import made_settings


def walked(data, out, upto="run", **clean):
    clean = {"identify_languages": False} | clean
    prepare = {"vocabulary": 300, "sequence_length": 32, "shard_formats": ["bin"]}
    values = {"workers": 1, "collect": {"kind": "corpus"}, "clean": clean, "prepare": prepare}
    proof = LiftProof() if upto == "run" else None
    return walk(Job(data, out, upto, made_settings(values, "the test"), proof=proof))


def written(path, texts):
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    return path


def test_a_run_ends_in_shards_and_a_certificate_in_bits_per_byte(corpus, tmp_path):
    pytest.importorskip("tokenizers")
    on = walked(corpus, tmp_path / "run", allow=["all"])
    assert list(on.rooms) == ["collect", "clean", "label", "store", "prepare", "evaluate"]
    held = json.loads((tmp_path / "run" / "lift.json").read_text())
    assert held["metric"] == "BitsPerByte"
    assert held["versions"]["documents_before"] == 240
    assert held["versions"]["documents_after"] == on.rooms["clean"]["kept"]
    assert held["rerun"] == f"karat lift {tmp_path / 'run'}@1 {tmp_path / 'run'}@2"
    assert (tmp_path / "run" / "shards" / "bin" / "train.bin").stat().st_size > 0


def test_where_nothing_was_changed_there_is_no_proof(records, tmp_path):
    made, kinds = records
    good = [record["text"] for record, kind in zip(made, kinds, strict=True) if kind == "good"][:30]
    (tmp_path / "run" / ".work").mkdir(parents=True)
    (tmp_path / "run" / "lift.json").write_text("{}")  # of an earlier run, about other data
    on = walked(written(tmp_path / "good.jsonl", good), tmp_path / "run")
    assert "evaluate" not in on.rooms
    assert not (tmp_path / "run" / "lift.json").exists()


def test_new_documents_are_judged_with_the_runs_own_limits(records, tmp_path):
    made, kinds = records
    good = [record["text"] for record, kind in zip(made, kinds, strict=True) if kind == "good"]
    short = [" ".join(text.split()[:60]) + "." for text in good[60:66]]
    run = tmp_path / "run"
    clean = {"quality": {"GopherQuality": {"min_words": 80}}, "workers": 1, "collect": {"kind": "corpus"}}
    settings = clean | {"clean": {"identify_languages": False, "max_removed": 0.3}, "store": {"versions": False}}
    walk(Job(written(tmp_path / "today.jsonl", good[:30]), run, "clean", made_settings(settings, "the test")))
    done = apply_run(run, written(tmp_path / "tomorrow.jsonl", [*good[30:60], *short]), tmp_path / "out")
    assert (done["in"], done["kept"], done["quarantined"]) == (36, 30, 0)
    gone = pq.read_table(tmp_path / "out" / "ledger.parquet").to_pylist()
    assert {(entry["row"], entry["check"]) for entry in gone} == {(row, "GopherQuality") for row in range(30, 36)}


def test_what_the_guard_stopped_in_the_run_stays_stopped(records, tmp_path):
    made, kinds = records
    good = [record["text"] for record, kind in zip(made, kinds, strict=True) if kind == "good"]
    run = tmp_path / "run"
    short = [" ".join(text.split()[:30]) + "." for text in good[:60]]
    walked(written(tmp_path / "today.jsonl", [*short[:20], *good[60:80]]), run, "clean")
    done = apply_run(run, written(tmp_path / "tomorrow.jsonl", [*short[20:21], *good[80:120]]), tmp_path / "out")
    assert done["kept"] == done["in"] == 41
