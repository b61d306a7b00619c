from karat.clean.drop_duplicate_images import DropDuplicateImages
from karat.flow.refine import refine
from karat.quality.consistency.duplicate_images import DuplicateImages
from tests.quality._pictures import as_bytes, block_of, good_pictures


def test_a_copy_under_the_same_label_waits_to_be_dropped_and_one_under_another_does_not():
    cells = [as_bytes(one) for one in good_pictures(5)]
    block = block_of([*cells, cells[1], cells[2]], labels=["a", "b", "a", "b", "a", "b", "b"])
    held = refine(block, checks=[DuplicateImages()], fixes=[DropDuplicateImages()])
    assert held.patches == {}
    (line,) = held.waiting.to_pylist()
    assert (line["row"], line["keeper"], line["action"]) == (5, 1, "drop")
