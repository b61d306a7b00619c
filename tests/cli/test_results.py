"""What the calls give back: views of a run folder, and what was undone."""

from pathlib import Path

import pyarrow as pa
import pytest

import karat
from karat.cli.results import Assessment, Cleaned, Labels, Run, _counted
from karat.core.errors import OptionError

CITIES = ["Oslo", "Bergen", " Oslo ", "Oslo"] * 20


@pytest.fixture(scope="module")
def cleaned() -> Cleaned:
    return karat.clean(pa.table({"age": [str(20 + k % 41) for k in range(80)], "city": CITIES}), workers=1)


def test_every_file_of_the_folder_has_a_view(cleaned: Cleaned) -> None:
    assert cleaned.data["city"].to_pylist().count("Oslo") == 60
    assert cleaned.ledger["before"].to_pylist() == [" Oslo "] * 20
    assert set(cleaned.findings["row"].to_pylist()) >= {2, 6}
    assert cleaned.accounting["in"] == 80
    assert cleaned.quarantine.num_rows == 0
    assert cleaned.schema.names == ("age", "city") or list(cleaned.schema.names) == ["age", "city"]
    assert set(cleaned.scores) == {"before", "after"}
    assert cleaned.review.num_rows == 0


def test_changes_are_taken_back_whole_or_by_check(cleaned: Cleaned) -> None:
    (check,) = set(cleaned.ledger["check"].to_pylist())
    assert cleaned.undo()["city"].to_pylist() == CITIES
    assert cleaned.undo([check])["city"].to_pylist() == CITIES
    assert cleaned.undo([])["city"].to_pylist().count(" Oslo ") == 0
    with pytest.raises(OptionError, match="check in the ledger 'Nothing' not found"):
        cleaned.undo(["Nothing"])


def test_a_folder_is_saved_elsewhere_and_opened_again(cleaned: Cleaned, tmp_path: Path) -> None:
    place = cleaned.save(tmp_path / "copy")
    again = Cleaned(place)
    assert again.data.equals(cleaned.data)
    assert again.save(place) == place
    assert cleaned.arrow.data.equals(cleaned.data)


def test_the_temporary_folder_goes_with_the_last_result() -> None:
    result = karat.assess(pa.table({"a": [str(k) for k in range(30)]}), workers=1)
    path, view = result.path, result.arrow
    del result
    assert path.exists()
    del view
    assert not path.exists()


def test_a_result_is_told_in_a_line(cleaned: Cleaned) -> None:
    text = repr(cleaned)
    assert text.startswith("<Cleaned of data: 80 records · ")
    assert " · 20 changes · " in text
    assert "consistency 1.00" in text
    assessed = repr(Assessment(cleaned.path))
    assert assessed.startswith("<Assessment of data: 80 records · ")
    assert "change" not in assessed
    assert cleaned._repr_markdown_().strip()
    assert "<" in cleaned._repr_html_()


def test_without_a_proof_there_is_no_lift(cleaned: Cleaned) -> None:
    assert Run(cleaned.path).lift is None
    assert repr(Run(cleaned.path)).startswith("<Run of data: ")


def test_numbers_with_their_noun() -> None:
    assert [_counted(n, "record") for n in (0, 1, 1234)] == ["0 records", "1 record", "1,234 records"]


def test_labels_hand_on_what_the_arrow_result_has() -> None:
    labels = karat.label.aggregate({"item": ["a", "a", "b"], "voter": ["x", "y", "x"], "label": ["p", "p", "q"]})
    assert isinstance(labels, Labels)
    assert labels.classes == labels.arrow.classes
    with pytest.raises(AttributeError):
        labels._nothing  # noqa: B018
    with pytest.raises(AttributeError):
        labels.nothing  # noqa: B018
