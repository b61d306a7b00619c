"""``Cleaned.undo`` on documents: all changes, those of a check that removed some, and no edit alone."""

import pytest

import karat
from karat.core.errors import OptionError

LINE = "Document {0} tells of the river and the town, and of what people did there when {0} boats came in at night."


@pytest.fixture(scope="module")
def cleaned():
    texts = [LINE.format(at) + " It goes on for a while, and then it ends with a full stop." for at in range(200)]
    texts[5] = texts[4]
    texts[7] = "The cafÃ© by the river is open, write to jane.doe@example.com and she will tell you more of it all."
    return texts, karat.clean(texts, kind="text", allow=["NearDuplicateTexts"])


def test_without_a_name_every_document_comes_back_as_it_came(cleaned):
    texts, result = cleaned
    assert result.data.num_rows < len(texts)
    assert result.undo()["text"].to_pylist() == texts


def test_a_check_that_removed_documents_is_taken_back_alone(cleaned):
    texts, result = cleaned
    removed = [row for row in result.ledger.to_pylist() if row["action"] == "drop" and row["row"] == 5]
    back = result.undo([removed[0]["check"]])["text"].to_pylist()
    assert back.count(texts[4]) == 2
    assert len(back) > result.data.num_rows
    assert "jane.doe@example.com" not in "".join(back)


def test_edits_are_not_taken_back_one_check_at_a_time(cleaned):
    _, result = cleaned
    with pytest.raises(OptionError, match=r"BrokenCharacters edited documents.*Call undo\(\)"):
        result.undo(["BrokenCharacters"])
