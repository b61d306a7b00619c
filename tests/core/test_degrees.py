"""Shared words of degree: they keep their order, and each is read by several files."""

from pathlib import Path

import karat
from karat.core import degrees

NAMES = [name for name in vars(degrees) if name.isupper()]


def test_they_keep_their_order():
    assert (
        0
        < degrees.RARELY
        < degrees.SELDOM
        < degrees.A_TENTH
        < degrees.A_FEW
        < 0.5
        < degrees.MOST
        < degrees.ALMOST_ALL
        < degrees.NEARLY_ALL
        < 1
    )
    assert 1 < degrees.REPEATEDLY < degrees.FULL_CELL < degrees.SMALL_SAMPLE < degrees.SAMPLE < degrees.LARGE_SAMPLE
    assert abs(degrees.SELDOM + degrees.NEARLY_ALL - 1) < 1e-12
    assert degrees.LARGE_SAMPLE < degrees.SHAPE_SAMPLE < degrees.MIXED_SAMPLE
    assert abs(degrees.A_TENTH + degrees.ALMOST_ALL - 1) < 1e-12
    assert abs(degrees.A_FEW + degrees.MOST - 1) < 1e-12
    assert degrees.SAMPLE == 4 * degrees.FULL_CELL


def test_each_is_shared():
    texts = [path.read_text(encoding="utf-8") for path in Path(karat.__file__).parent.rglob("*.py")]
    readers = {name: sum("core.degrees import" in text and f" {name}" in text for text in texts) for name in NAMES}
    assert [name for name, count in readers.items() if count < 2] == []
