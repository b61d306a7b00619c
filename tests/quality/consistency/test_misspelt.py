"""Typing errors told from values that look alike anyway."""

from karat.quality.consistency._misspelt import alike, same_writing, typo_weight


def test_one_or_two_edits_of_a_longer_word_look_alike():
    assert alike("Kalamazoo", "Klamazoo")
    assert alike("北京市朝阳区", "北京市朝阴区")
    assert not alike("MA", "MI")
    assert not alike("Pottstown", "Phoenixville")


def test_case_width_and_spaces_are_another_writing_and_signs_are_not():
    assert same_writing("ＡＢ  12", "ab 12")
    assert not same_writing("-5", "5")
    assert not same_writing("8 PM", "8 AM")


def test_codes_that_look_alike_anyway_make_no_typing_error_likely():
    words = ["Stroke", "Hip fracture", "Brain injury", "Amputation", "Burns", "Cancer", "Asthma", "Diabetes"]
    assert typo_weight(words) > 2
    assert typo_weight([f"LUPA00{at}" for at in range(100, 160)]) == 0.0
