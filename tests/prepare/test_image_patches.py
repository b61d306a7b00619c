import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

from karat.prepare.duplicates import tied_records
from karat.prepare.features import Preparation
from karat.prepare.image_patches import ImagePatches
from karat.train.least_squares import LeastSquares
from tests.quality._pictures import as_bytes, block_of


def digits(count=500):
    held = load_digits()
    cells = [as_bytes(Image.fromarray((one * 15).astype(np.uint8)).resize((24, 24))) for one in held.images[:count]]
    return block_of(cells, labels=[str(label) for label in held.target[:count]]), held.target[:count]


def test_a_linear_model_on_patches_reads_digits():
    block, target = digits()
    train, test = np.arange(400), np.arange(400, 500)
    fitted = Preparation(block.schema).fit(block, train)
    model = LeastSquares(10).fit(fitted.apply(block, train), target[train])
    assert (model.predict(fitted.apply(block, test)).argmax(axis=1) == target[test]).mean() >= 0.9


def test_features_are_the_same_for_other_blocks_and_fixed_in_number():
    block, _ = digits(120)
    fitted = ImagePatches("bytes", patches=16).fit(block)
    whole = fitted.apply(block)
    assert whole.shape == (120, fitted.width) == (120, len(fitted.names))
    assert whole.dtype == np.float32
    part = fitted.apply(block.take(np.arange(20, 50)))
    np.testing.assert_allclose(part, whole[20:50], atol=1e-4)


def test_a_picture_that_cannot_be_read_is_the_average():
    block, _ = digits(40)
    broken = block_of([b"no picture", None], labels=["1", "2"])
    assert not ImagePatches("bytes", patches=8).fit(block).apply(broken).any()


def test_copies_stay_on_one_side_of_a_split():
    block, _ = digits(30)
    cells = block.table.column("bytes").to_pylist()
    tied = tied_records(block_of([*cells, cells[4]], labels=["1", "2"] * 15 + ["1"]))
    assert tied[30] == tied[4]
