"""Typing errors told from values that look alike anyway."""

from karat.quality.consistency._misspelt import edits, same_writing, typo_weights


def test_one_or_two_edits_of_a_longer_word_look_alike():
    assert edits("Kalamazoo", "Klamazoo") == 1
    assert edits("Kalamazoo", "Kalmaazo") == 2
    assert edits("北京市朝阳区", "北京市朝阴区") == 1
    assert edits("MA", "MI") == 0
    assert edits("Pottstown", "Phoenixville") == 0


def test_case_width_and_spaces_are_another_writing_and_signs_are_not():
    assert same_writing("ＡＢ  12", "ab 12")
    assert not same_writing("-5", "5")
    assert not same_writing("8 PM", "8 AM")


def test_codes_that_look_alike_anyway_make_no_typing_error_likely():
    words = ["Stroke", "Hip fracture", "Brain injury", "Amputation", "Burns", "Cancer", "Asthma", "Diabetes"]
    assert min(typo_weights(words)[1:]) > 2
    assert max(typo_weights([f"LUPA00{at}" for at in range(100, 160)])) <= 0.7
    years = typo_weights([f"{year}-{year + 3}" for year in range(1988, 2018, 2)])
    assert years[1] > 2 > years[2]
