"""Misspellings: planted slips are found, rare but right values are left alone."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.accuracy.spelling import Misspellings


def _block(cells: list[str], role: Role = Role.CATEGORY) -> Block:
    return Block(np.arange(len(cells)), pa.table({"c": pa.array(cells, pa.string())}), Schema((Column("c", role),)))


def judged(cells: list[str], role: Role = Role.CATEGORY) -> dict[str, str]:
    """Value to suggestion, of the findings at 0.5 or above."""
    block = _block(cells, role)
    found = Misspellings().judge(Misspellings().learn(block), block)
    assert isinstance(found, pa.Table)
    return {f["value"]: f["suggestion"] for f in found.to_pylist() if f["confidence"] >= 0.5}


@pytest.mark.parametrize(
    ("frequent", "slips"),
    [
        (
            ["birmingham", "montgomery", "huntsville"],
            {"birminghxm": "birmingham", "montgomrey": "montgomery", "huntsvile": "huntsville"},
        ),
        (
            ["人民医院", "中心医院", "协和医院门诊部"],
            {"人民q医院": "人民医院", "中k心医院": "中心医院", "协和院医门诊部": "协和医院门诊部"},
        ),
    ],
)
def test_slips_are_mended(frequent: list[str], slips: dict[str, str]) -> None:
    assert judged(frequent * 60 + list(slips)) == slips


@pytest.mark.parametrize(
    ("frequent", "rare"),
    [
        (["Nigeria", "Ghana", "Senegal", "Kenya"], ["Niger", "Kenia"]),
        (["John", "Mark", "Maria", "Anna", "Erik"], ["Jon", "Marc", "Marie", "Anne", "Erika"]),
        (["Merida", "Cordoba", "Leon"], ["Mérida", "Córdoba", "León"]),
        (["张伟", "王芳", "李娜", "人民医院"], ["张炜", "王方", "李纳", "人民医阮"]),
    ],
)
def test_rare_names_one_letter_from_frequent_ones_are_left_alone(frequent: list[str], rare: list[str]) -> None:
    assert judged(frequent * 100 + rare) == {}


def test_a_word_inside_a_value() -> None:
    cells = [f"{n} patients" for n in range(200)] + ["7 patixnts"]
    assert judged(cells) == {"7 patixnts": "7 patients"}


def test_numbers_in_codes_and_rare_values_are_left_alone() -> None:
    assert judged(["model-100", "model-200"] * 50 + ["model-300", "model-201", "zebra"]) == {}


def test_close_frequent_values_forbid_to_mend_close_rare_ones() -> None:
    names = ["smith", "smyth", "jones", "jonas", "brown", "braun", "meyer", "meier", "clark", "clerk"]
    assert (
        judged(names * 20 + ["maier", "klark", "jonis", "brawn", "smitz", "white", "green", "wood", "king", "hill"])
        == {}
    )


def test_one_edit_in_many_words_is_a_rule() -> None:
    tests = ["pain", "scan", "dose", "film", "hand", "foot", "lung"]
    assert judged([f"al_{t}" for t in tests] * 30 + [f"ak_{t}" for t in tests]) == {}


def test_prose_is_not_spelt() -> None:
    prose = "the river ran past the old mill and the houses of the village " * 3
    assert judged([prose] * 60 + [prose.replace("mill", "milk")], Role.TEXT) == {}


def test_short_words_of_a_value_may_be_words_of_their_own() -> None:
    cells = ["Nebe. Nosu. Bunu.", "Dobu. Zuge. Kila.", "Rami. Pelo. Tisa."] * 60 + ["Feke. Noku. Wira."]
    assert judged(cells) == {}


def test_a_lonely_word_beside_a_frequent_one_is_no_slip() -> None:
    frequent = ["methane", "ethanol", "butane", "Golf GTI", "Nigeria", "John"]
    assert judged([*frequent * 60, "ethane", "butene", "methanol", "Golf GTD", "Niger", "Jon"]) == {}


def test_codes_that_lie_close_by_design_are_left_alone() -> None:
    teams = ["NYA", "NYN", "CHA", "CHN", "SLN", "SLA", "BOS", "BSN", "MIL", "MIN"]
    assert judged([*teams * 20, "MIA", "NY1", "CHB", "SDN"]) == {}


def test_among_many_slips_a_broken_code_is_found_without_a_suggestion() -> None:
    codes = [f"LUPA00{at:04}" for at in range(1000, 1200)]
    names = ["framework plan", "resource plan", "management area"] * 60
    slips = ["framwork plan", "resuorce plan", "managemnet area", "frameworkk plan", "resource pwlan"]
    found = judged([*codes, *names, *slips, "LUPA0j01201", "LUPA001"])
    assert found == dict(
        zip(
            slips,
            ["framework plan", "resource plan", "management area", "framework plan", "resource plan"],
            strict=True,
        )
    ) | {"LUPA0j01201": "LUPA001201"}


def test_a_text_cut_at_the_width_of_its_column_is_not_misspelt() -> None:
    names = ["rehabilitation hospital", "general hospital of the town"] * 40
    assert judged([*names, "general hospital of the tow", "north rehabilitation hospita"]) == {}


def test_one_sign_in_the_place_of_every_hurt_letter_explains_the_same_slip_again_and_again() -> None:
    rng = np.random.default_rng(2)
    names = ["".join(rng.choice(list("abcdefghijklm"), 9)) for _ in range(8)]
    slips = [name[:at] + "x" + name[at + 1 :] for name in names for at in range(2, 8, 2)]
    block = _block(names * 100 + slips * 3 + [slips[0]] * 9)
    found = Misspellings().judge(Misspellings().learn(block), block)
    assert isinstance(found, pa.Table)
    repeated = [f["confidence"] for f in found.to_pylist() if f["value"] == slips[0]]
    assert len(repeated) == 12
    assert min(repeated) >= 0.64  # .60 where any letter is as likely to be put in


def test_two_letters_exchanged_are_another_code() -> None:
    dice = np.random.default_rng(3)
    codes = sorted({"".join(pair) for pair in dice.choice(list("ABCDEGILMNRST"), (160, 2))})
    assert judged(dice.choice(codes, 800, p=dice.dirichlet(np.full(len(codes), 0.5))).tolist()) == {}


def test_a_true_word_beside_a_short_list_is_a_suspicion_and_slips_there_are_fixed() -> None:
    listed = ["none"] * 900 + ["guarantor"] * 50 + ["co-applicant"] * 40
    block = _block([*listed, "zone", "noen", "guarantr", "co-aplicant", "guarnator", "co-apxlicant"])
    found = Misspellings().judge(Misspellings().learn(block), block).to_pylist()
    sure = {f["value"]: (f["suggestion"], f["confidence"]) for f in found}
    assert sure["zone"][1] < 0.5
    assert sure["guarantr"][1] > 0.8
    assert sure["guarnator"][1] > 0.8


def test_a_true_word_among_many_words_is_no_slip() -> None:
    words = [f"{a}{b}" for a in "bcdfglmnprst" for b in ("ane", "olute", "irect", "amble")]
    assert "zone" not in judged(["none"] * 300 + words * 4 + ["zone"])


RIGHT = ["birmingham", "montgomery", "huntsville", "tuscaloosa", "registered nurse", "security officer"]
SLIPS = [
    *("birminghxm", "montgomrey", "huntsvile", "tuscalosoa", "birmigham", "montgomerry", "hunstville", "tucaloosa"),
    *("registerd nurse", "secuirty officer", "reigstered nurse", "tuscaaloosa"),
]


def test_capitals_in_codes_and_numbers_behind_words_tell_things_apart() -> None:
    often = ["Pres-R", "NL", "220", "DC-9", "operator "] * 60
    found = judged(RIGHT * 60 + SLIPS + often + ["Pres-RC", "NSL", "C220", "C-9", "operator 3"])
    assert found.keys() == set(SLIPS)


def test_names_that_are_hardly_rarer_than_names_close_to_them_are_their_own() -> None:
    names = ["lorcas", "roger", "jared", "willum", "lorcan", "rogor", "jarod", "willam", "brandon", "brendon"]
    found = judged(RIGHT * 60 + SLIPS + names * 10 + ["loras"] * 4 + ["gared"] * 3)
    assert found.keys() == set(SLIPS)


def test_several_slips_are_single_signs_and_not_another_word() -> None:
    often = ["quality analyst", "preparation for m.s. examination", "phlebotomist", "team leader"] * 30
    found = judged(RIGHT * 60 + SLIPS + often + ["preparation for m.f.a. examination", "phelbotomisst", "team lead "])
    assert found.keys() == {*SLIPS, "phelbotomisst"}


@pytest.mark.parametrize(
    ("frequent", "rare"),
    [
        (["methane", "ethanol", "butane"], ["ethane", "butene"]),
        (
            ["sodium chlorate", "calcium sulfate", "zinc nitrate"],
            ["sodium chlorite", "calcium sulfite", "zinc nitrite"],
        ),
        (["marten", "linnet", "martin"], ["martes"]),
    ],
)
def test_names_one_letter_apart_that_are_all_spelt_like_words_are_their_own(frequent, rare) -> None:
    assert judged(frequent * 130 + rare) == {}
