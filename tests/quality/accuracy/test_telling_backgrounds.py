import numpy as np

from karat.quality.accuracy.telling_backgrounds import TellingBackgrounds
from tests.quality._pictures import as_bytes, block_of, found_by


def pictures(telling):
    chance = np.random.default_rng(0)
    cells, labels = [], []
    for at in range(120):
        held = chance.integers(0, 256, (24, 24, 3))
        label = "ship" if at % 3 == 0 else "cat"
        if telling == "border" and label == "ship":
            held[:3] = held[-3:] = held[:, :3] = held[:, -3:] = 250
        if telling == "size" and label == "ship":
            held = np.kron(held, np.ones((2, 2, 1)))
        cells.append(as_bytes(held))
        labels.append(label)
    order = chance.permutation(120)
    return block_of([cells[at] for at in order], labels=[labels[at] for at in order])


def test_a_border_and_a_size_that_tell_the_class_are_found():
    said = [one["message"] for one in found_by(TellingBackgrounds(), pictures("border"))]
    assert any("colour of the border" in one for one in said)
    found = found_by(TellingBackgrounds(), pictures("size"))
    assert any("the size alone tells the label of 100%" in one["message"] for one in found)
    assert {(one["row"], one["column"]) for one in found} == {(None, "label")}


def test_pictures_that_differ_in_nothing_but_what_they_show_are_fine():
    assert found_by(TellingBackgrounds(), pictures("")) == []
