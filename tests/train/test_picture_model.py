import numpy as np
import pytest

from karat.train.picture_model import CNNModel

CONV = np.zeros((2, 3, 3, 3), np.float32)
CONV[0, 0, 1, 1] = CONV[1, 1, 1, 1] = 1  # the first channel, and the second, as they are
HEAD = np.array([[1.0, -1.0, 0.5], [0.0, 2.0, 4.0]])
BIAS = np.array([0.25, 0.5, 0.0])


def model(outputs=3, classes=3, present=None):
    present = np.arange(outputs) if present is None else np.array(present)
    return CNNModel(((CONV, np.zeros(2, np.float32)),), HEAD[:, :outputs], BIAS[:outputs], present, classes)


def test_of_two_classes_the_margin_leads_to_the_second():
    head, bias = model(2, 2).margins()
    assert head.tolist() == [[-2.0], [2.0]]
    assert bias.tolist() == [0.25]


def test_of_more_every_class_has_its_own():
    head, bias = model().margins()
    assert (head == HEAD).all()
    assert (bias == BIAS).all()


def pixels(red, green):
    return np.tile(np.array([red, green, 0], np.float32), (1, 32 * 32))


def test_logits_are_the_mean_of_what_the_last_convolution_passes():
    pytest.importorskip("torch")
    features = np.concatenate([pixels(191.5, 127.5), pixels(0, 255.5)])
    # the first: channels of 1 and 0; the second: below nothing, which passes nothing, and 2
    assert model().logits(features) == pytest.approx(np.array([HEAD[0] + BIAS, 2 * HEAD[1] + BIAS]), abs=1e-5)
    assert model().logits(features[:0]).shape == (0, 3)


def test_a_class_training_did_not_meet_has_no_chance():
    pytest.importorskip("torch")
    answer = model(2, 4, present=[1, 3]).predict(pixels(191.5, 127.5))
    said = np.exp([1.25, -0.5])
    assert answer == pytest.approx(np.array([[0, said[0], 0, said[1]]]) / said.sum(), abs=1e-5)
