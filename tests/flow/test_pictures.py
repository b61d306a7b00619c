"""Folders of pictures from end to end."""

import json

import pytest

import karat
from tests.quality._pictures import as_bytes, good_pictures


@pytest.fixture(scope="module")
def photos():
    return [as_bytes(one) for one in good_pictures(8)]


def test_without_classes_a_run_ends_before_the_model(tmp_path, photos):
    (tmp_path / "flat").mkdir()
    for at, photo in enumerate([*photos, photos[2]]):
        (tmp_path / "flat" / f"{at}.png").write_bytes(photo)
    karat.run(tmp_path / "flat", out=tmp_path / "out")
    assert not (tmp_path / "out" / "model").exists()
    measures = json.loads((tmp_path / "out" / "scores.json").read_text())["after"]["dimensions"]
    assert all(m["bad"] == 0 for m in measures["completeness"]["measures"])
