import numpy as np
import pytest

from karat.core.errors import InputError
from karat.label.multi_label_errors import is_multi_label, multi_label_errors


def planted(size=400):
    rng = np.random.default_rng(0)
    truth = rng.random((size, 4)) < 0.3
    turned = rng.random((size, 4)) < 0.03
    expected = 1 / (1 + np.exp(-(np.where(truth, 4.0, -4.0) + rng.normal(0, 1, truth.shape))))
    return (truth ^ turned).astype(int), expected, truth, turned


def test_a_label_too_many_or_too_few_is_found_and_corrected():
    labels, expected, truth, turned = planted(2000)
    table = multi_label_errors(labels, expected)
    flags, wrong = table["is_error"].to_numpy(), turned.any(axis=1)
    assert 2 * (flags & wrong).sum() / (flags.sum() + wrong.sum()) > 0.85
    rows = np.flatnonzero(flags & (turned.sum(axis=1) == 1))
    right = [table["suggested"][int(row)].as_py() == np.flatnonzero(truth[row]).tolist() for row in rows]
    assert np.mean(right) > 0.9
    assert table.column_names == ["row", "given", "suggested", "score", "is_error"]
    assert table["row"].to_pylist() == list(range(2000))
    assert table["given"][0].as_py() == np.flatnonzero(labels[0]).tolist()


def test_marks_and_collections_of_names_are_the_same_answer():
    labels, expected, _, _ = planted()
    names = ["a", "乙", "c", "d"]
    table = multi_label_errors([{names[at] for at in np.flatnonzero(row)} for row in labels], expected, classes=names)
    plain = multi_label_errors(labels, expected)
    assert table["score"].equals(plain["score"])
    assert table["is_error"].equals(plain["is_error"])
    assert table["suggested"].to_pylist() == [[names[at] for at in row] for row in plain["suggested"].to_pylist()]
    places = multi_label_errors([np.flatnonzero(row).tolist() for row in labels], expected)
    assert places.equals(plain)


def test_the_most_doubtful_answer_is_turned_even_where_little_is_doubted():
    labels, expected, _, _ = planted()
    table = multi_label_errors(labels, expected)
    changed = [set(a) ^ set(b) for a, b in zip(table["given"].to_pylist(), table["suggested"].to_pylist(), strict=True)]
    assert min(map(len, changed)) == 1


def test_a_record_is_doubted_as_its_worst_answer_is_and_small_doubts_do_not_add_up():
    labels, expected, _, _ = planted()
    few = multi_label_errors(labels[:, :2], expected[:, :2])["score"].to_numpy()
    more = multi_label_errors(labels, expected)["score"].to_numpy()
    assert (more >= few - 1e-12).all()
    assert ((more >= 0) & (more <= 1)).all()


def test_a_budget_is_kept():
    labels, expected, _, _ = planted()
    assert multi_label_errors(labels, expected, budget=3)["is_error"].to_pylist().count(True) == 3


@pytest.mark.parametrize(
    ("labels", "classes", "message"),
    [
        ([["a"], ["x", "y"]], ["a", "b"], r"2 labels are not among the 2 classes \(row 1: 'x'\)"),
        ([["x"], ["a"]], ["a", "b"], r"1 label is not among the 2 classes \(row 0: 'x'\)"),
        ([["a"]] * 3, ["a", "b"], "3 labels and 2 rows"),
        ([["a"]] * 2, ["a"], "classes names 1, and pred_probs has 2 columns"),
        (np.zeros((2, 3)), None, "given has 3 columns, and there are 2 classes"),
        (np.array([[0, 1], [2, 3]]), None, r"2 values of given are not 0 or 1 \(row 1\)"),
    ],
)
def test_what_does_not_fit_is_refused(labels, classes, message):
    with pytest.raises(InputError, match=message):
        multi_label_errors(labels, [[0.1, 0.2]] * 2, classes=classes)


@pytest.mark.parametrize(
    ("labels", "answer"),
    [
        (np.zeros((2, 3), int), True),
        (np.zeros(3, int), False),
        ([[0], [1]], True),
        ([{"a"}, set()], True),
        ([("a",)], True),
        (["a", "b"], False),
        ([], False),
        (np.array([None, ["a"]], object), False),
        (np.array([["a"], None], object), True),
    ],
)
def test_several_labels_a_record_are_recognised(labels, answer):
    assert is_multi_label(labels) is answer
