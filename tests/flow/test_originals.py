"""No planted identifier stands in any file of a run but the vault, and an undone run has them all back."""

import json

import pyarrow.parquet as pq
import pytest

from karat.flow.job import Job
from karat.flow.run import walk
from karat.flow.settings import made_settings
from karat.flow.versions import restored

SECRETS = ("mara.lindqvist@posteo.example", "11010519491231002X", "4111 1111 1111 1111")


@pytest.fixture(scope="module")
def planted(records):
    made = [dict(r, author="nobody") for r in records[0]]
    goods = [at for at, kind in enumerate(records[1]) if kind in ("good", "chinese")]
    for at, secret in zip(goods[3:9], SECRETS * 2, strict=True):
        made[at]["text"] = f"{made[at]['text'][:150]} Contact {secret} soon. 联系 {secret}。{made[at]['text'][150:]}"
    made[goods[9]]["author"] = SECRETS[0]
    made[goods[10]]["text"] = made[goods[10]]["text"] + " It was a cafÃ© in the town."
    return made, goods


@pytest.fixture(scope="module")
def run(tmp_path_factory, planted):
    place = tmp_path_factory.mktemp("pii")
    path = place / "crawl.jsonl"
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in planted[0]))
    settings = made_settings({"workers": 1, "collect": {"kind": "corpus"}}, "the test")
    walk(Job(path, place / "run", "clean", settings))
    from karat.show.report import write_report

    write_report(place / "run")
    return place / "run"


def test_no_secret_stands_outside_the_vault(run):
    files = [path for path in run.rglob("*") if path.is_file() and "vault" not in path.parts]
    texts = []
    for path in files:
        texts.append(path.read_bytes().decode("utf-8", "replace"))
        if path.suffix == ".parquet":
            texts.append(str(pq.read_table(path).to_pylist()))
        if path.suffix == ".arrow":
            import pyarrow as pa

            texts.append(str(pa.ipc.open_file(path).read_all().to_pylist()))
    from karat.store.versions import Store

    for version in (1, 2):
        texts.append(str(Store(run / "store").read(version)[0].to_pylist()))
    for secret in SECRETS:
        assert not [text for text in texts if secret in text], secret
    assert (run / "vault").stat().st_mode & 0o077 == 0
    assert (run / "vault" / "originals.parquet").stat().st_mode & 0o077 == 0


def test_the_ledger_says_where_and_what_kind(run, planted):
    ledger = [row for row in pq.read_table(run / "ledger.parquet").to_pylist() if row["check"] == "PersonalData"]
    row = planted[1][3]
    first = next(entry for entry in ledger if entry["row"] == row)
    assert first["after"] == "<EMAIL>"
    assert first["before"] is None
    text = planted[0][row]["text"]
    assert text[first["span_start"] : first["span_end"]] == SECRETS[0]


def test_repairs_stand_in_the_ledger_with_before_and_after(run):
    ledger = pq.read_table(run / "ledger.parquet").to_pylist()
    assert [(e["before"], e["after"]) for e in ledger if e["check"] == "BrokenCharacters"] == [("Ã©", "é")]


def test_undo_brings_every_value_back_and_after_forgetting_it_does_not(run, planted):
    restored(run, 1)
    rows = pq.read_table(run / "data.parquet").drop_columns(["_row"]).to_pylist()
    assert rows == planted[0]
    from karat.store.vault import Vault

    assert Vault(run / "vault").forget() == 7
    restored(run, 1)
    assert SECRETS[0] not in str(pq.read_table(run / "data.parquet").to_pylist())
