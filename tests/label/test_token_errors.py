import numpy as np
import pytest

from karat.core.errors import InputError
from karat.label.token_errors import is_tokens, token_errors

NAMES = ["O", "人", "地"]


def planted(texts=300):
    rng = np.random.default_rng(4)
    labels, expected, turned = [], [], []
    for _ in range(texts):
        truth = rng.integers(0, 3, rng.integers(3, 9))
        wrong = rng.random(len(truth)) < 0.1
        scores = np.exp(rng.normal(0, 1, (len(truth), 3)) + 5 * np.eye(3)[truth])
        expected.append(scores / scores.sum(axis=1, keepdims=True))
        labels.append([NAMES[at] for at in np.where(wrong, (truth + 1) % 3, truth)])
        turned.extend(wrong)
    return labels, expected, np.array(turned)


def test_tokens_are_records_of_their_own():
    labels, expected, turned = planted()
    table = token_errors(labels, expected, classes=NAMES)
    flags = table["is_error"].to_numpy()
    assert 2 * (flags & turned).sum() / (flags.sum() + turned.sum()) > 0.85
    assert table["row"].to_pylist() == [at for at, text in enumerate(labels) for _ in text]
    assert table["token"].to_pylist() == [at for text in labels for at in range(len(text))]
    assert table["given"].to_pylist() == [label for text in labels for label in text]
    assert all(a != b for a, b in zip(table["given"].to_pylist(), table["suggested"].to_pylist(), strict=True))


def test_a_text_without_tokens_takes_no_place():
    labels, expected, _ = planted(20)
    plain = token_errors(labels, expected, classes=NAMES)
    table = token_errors([labels[0], [], *labels[1:]], [expected[0], np.zeros((0, 3)), *expected[1:]], classes=NAMES)
    assert table["score"].equals(plain["score"])
    assert 1 not in table["row"].to_pylist()
    assert table["token"].equals(plain["token"])


def test_a_budget_is_kept():
    labels, expected, _ = planted(30)
    assert token_errors(labels, expected, classes=NAMES, budget=2)["is_error"].to_pylist().count(True) == 2


def test_labels_and_probabilities_go_text_by_text():
    third = np.ones((1, 3)) / 3
    with pytest.raises(InputError, match="2 texts and 1 arrays"):
        token_errors([["O"], ["O"]], [third], classes=NAMES)
    with pytest.raises(InputError, match=r"2 texts have another number .*text 1: 1 labels, 2 rows"):
        token_errors([["O"], ["O"], ["O"]], [third, np.ones((2, 3)) / 3, np.ones((3, 3)) / 3], classes=NAMES)


def test_arrays_of_tokens_are_recognised():
    assert is_tokens(np.zeros((2, 4, 3)))
    assert not is_tokens(np.zeros((2, 3)))
    assert is_tokens([np.zeros((4, 3)), np.zeros((1, 3))])
    assert not is_tokens([[0.5, 0.5]])
    assert not is_tokens([])
