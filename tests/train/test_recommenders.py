from karat.train.recommenders import headline, recommenders


def names(learners):
    return [type(learner).__name__ for learner in learners]


def test_the_simplest_come_first():
    efforts = [learner.effort for learner in recommenders(500, 20_000)]
    assert len(efforts) > 3
    assert efforts == sorted(efforts)
    assert names(recommenders(500, 20_000)) == names(recommenders(500, 20_000))


def test_a_huge_catalogue_leaves_out_what_would_not_fit():
    small, huge = set(names(recommenders(500, 20_000))), set(names(recommenders(3_000_000, 20_000)))
    assert huge - {"HeadEASE"} == small - {"EASE"}
    assert "HeadEASE" not in small
    assert "EASE" not in huge


def test_the_headline_suits_its_catalogue_and_is_made_for_proofs_where_it_can_be():
    first = headline(500)
    assert first.part == "robust"
    assert names([first])[0] in names(recommenders(500, 0))
    assert names([headline(3_000_000)])[0] in names(recommenders(3_000_000, 0))
    assert names([headline(3_000_000)]) != names([first])
