import numpy as np
import pyarrow as pa

from karat.label.suspect_votes import suspect_votes


def test_the_most_doubtful_votes_come_first_and_doubts_below_the_level_are_left_out():
    names = (pa.array(["a", "b"]), pa.array(["x", "y"]), pa.array(["p", "q"]))
    codes = (np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([1, 0, 1]))
    table = suspect_votes(names, codes, pa.array(["p", "p"]), np.array([0.95, 0.9, 0.99]))
    assert table.to_pylist() == [
        {"item": "b", "voter": "x", "label": "q", "expected": "p", "doubt": 0.99},
        {"item": "a", "voter": "x", "label": "q", "expected": "p", "doubt": 0.95},
    ]
