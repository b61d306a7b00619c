from karat.cli.demos.image import FAULTS, digits


def test_the_answer_key_names_what_was_planted(tmp_path):
    key = digits(tmp_path)
    assert {*FAULTS, "wrong label"} == set(key.values())
    assert all((tmp_path / path).exists() for path in key)
    assert len(list(tmp_path.rglob("*.png"))) == 1797 + sum(fault == "copy" for fault in key.values())
