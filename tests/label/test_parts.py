from karat.label.parts import label_of, number, plain


def test_numbers_also_as_texts_and_nothing_else():
    assert (number("1.5"), number(2), number("x"), number(None), number(True), number("inf")) == (
        1.5,
        2,
        None,
        None,
        None,
        None,
    )
    assert (plain(3.0), plain(0.1234567)) == (3, 0.123457)


def test_a_label_alone_in_a_list_is_that_label():
    assert label_of({"label": "a"}) == label_of({"labels": ["a"]}) == "a"
    assert label_of({}) == label_of({"label": None}) == ""
