"""How codes are built, and which break it by one typing error."""

import numpy as np

from karat.quality.accuracy._templates import Templates


def guids(size: int) -> list[str]:
    signs = np.random.default_rng(3).integers(0, 16, (size, 32))
    texts = ["".join(f"{sign:x}" for sign in row) for row in signs]
    return [f"{t[:8]}-{t[8:12]}-{t[12:16]}-{t[16:20]}-{t[20:]}" for t in texts]


def test_a_sign_that_the_code_never_has_is_taken_out() -> None:
    built = Templates(dict.fromkeys([f"LUP-ID-{at:03}" for at in range(1, 60)], 1))
    broken = {text: built.ask(text) for text in ("LUP-ID-0j01", "LUPI-D-018", "LUP-ID018", "LUP-ID-01", "LUP-ID-017")}
    assert {text: one.right for text, one in broken.items() if one} == {
        "LUP-ID-0j01": "LUP-ID-001",
        "LUPI-D-018": "LUP-ID-018",
        "LUP-ID018": "LUP-ID-018",
        "LUP-ID-01": None,  # which digit is missing is not known
    }


def test_guids_of_another_length_are_broken_and_those_of_theirs_are_not() -> None:
    own = guids(80)
    built = Templates(dict.fromkeys(own, 1))
    assert built.mixed
    assert built.ask(own[0].replace("-", "", 1)).right == own[0]
    assert built.ask(own[1][:-1]).right is None
    assert built.ask(guids(81)[80]) is None


def test_a_way_of_building_that_many_have_is_no_slip() -> None:
    built = Templates(dict.fromkeys([f"A{at}" for at in range(990, 1100)], 1))
    assert built.ask("A991") is None


def test_a_running_number_has_as_many_digits_as_it_needs() -> None:
    built = Templates(dict.fromkeys([f"County {at}" for at in range(150)], 1))
    assert not built.broken
    assert built.ask("Countyy 77") is not None
    built = Templates(dict.fromkeys([f"N{at}" for at in range(104)], 1))
    assert not built.broken
