"""What a run folder says; what is not there says nothing."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.errors import InputError
from karat.core.finding import FINDINGS
from karat.core.patch import LEDGER
from karat.show.run_files import QUARANTINE_SHOWN, Facts


def test_a_folder_is_known_by_its_run_or_its_findings(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is not a run folder: it has no run\.json"):
        Facts.of(tmp_path)
    with pytest.raises(InputError, match="there is no such folder"):
        Facts.of(tmp_path / "none")
    pq.write_table(FINDINGS.empty_table(), tmp_path / "findings.parquet")
    assert Facts.of(tmp_path).name == tmp_path.name


def test_absent_files_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    facts = Facts.of(tmp_path)
    assert facts.run == facts.scores == facts.accounting == facts.lift == facts.evaluation == {}
    assert facts.schema is None
    assert not facts.of_documents
    assert facts.findings.equals(FINDINGS.empty_table())
    assert facts.ledger.equals(LEDGER.empty_table())
    assert (facts.waiting, facts.quarantine, facts.data, facts.rooms) == (0, [], None, {})
    assert not facts.has("store")


def test_what_a_run_left(clean_run: Path, evil: str) -> None:
    facts = Facts.of(clean_run)
    assert facts.name == evil
    assert facts.rooms["store"] == {"raw": 1, "refined": 2}
    assert facts.schema is not None
    assert facts.schema.names[0] == "age"
    assert (facts.findings.num_rows, facts.ledger.num_rows, facts.waiting) == (4, 2, 0)
    assert facts.data == clean_run / "data.parquet"
    assert facts.has("store")
    (stretch,) = facts.quarantine
    assert stretch["raw"] == evil + "\ufffd"


def test_only_the_first_stretches_and_their_beginning_are_shown(clean_run: Path) -> None:
    stretch = {"line": 1, "error": "x", "raw": b"y" * 500}
    pq.write_table(pa.Table.from_pylist([stretch] * (QUARANTINE_SHOWN + 1)), clean_run / "quarantine.parquet")
    shown = Facts(clean_run).quarantine
    assert len(shown) == QUARANTINE_SHOWN
    assert shown[0]["raw"] == "y" * 400
    blank = pa.table({"line": [1], "raw": pa.nulls(1, pa.binary())})
    pq.write_table(blank, clean_run / "quarantine.parquet")
    assert Facts(clean_run).quarantine[0]["raw"] == ""
    pq.write_table(blank.slice(0, 0), clean_run / "quarantine.parquet")
    assert Facts(clean_run).quarantine == []


def test_a_cell_that_several_checks_ask_about_is_one_case(clean_run: Path) -> None:
    pq.write_table(pa.table({"row": [1, 1, 1, 2], "column": ["a", "a", None, "a"]}), clean_run / "review.parquet")
    assert Facts(clean_run).waiting == 3


def test_documents_have_a_report_of_their_own(clean_run: Path) -> None:
    assert not Facts(clean_run).of_documents
    (clean_run / "corpus.json").write_text(json.dumps({"documents": 3}), encoding="utf-8")
    assert Facts(clean_run).of_documents
