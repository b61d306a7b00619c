"""What the words around a number say it is."""

import pytest

from karat.quality.confidentiality.labels import (
    LABEL,
    NEAR,
    column_of_things,
    is_something_else,
    labels_a_phone,
    labels_a_thing,
    labels_groups,
)

NUMBER = "555 123 4567"


def at(text, number=NUMBER):
    begin = text.index(number)
    return begin, begin + len(number)


@pytest.mark.parametrize(
    "text",
    [f"my phone is {NUMBER}", f"电话：{NUMBER}", f"{NUMBER} (fax)", f"please call {NUMBER}", f"our number {NUMBER}"],
)
def test_words_that_speak_of_a_telephone(text):
    assert labels_a_phone(text, *at(text))


@pytest.mark.parametrize("text", [f"the number of parts is {NUMBER}", f"part {NUMBER}", f"{NUMBER} faxes"])
def test_words_that_do_not(text):
    assert not labels_a_phone(text, *at(text))


def test_a_word_counts_only_when_it_is_near():
    near = "call " + "x" * (NEAR - 5) + NUMBER
    far = "call " + "x" * NEAR + NUMBER
    assert labels_a_phone(near, *at(near))
    assert not labels_a_phone(far, *at(far))
    assert labels_a_phone(far, *at(far), near=NEAR + 9)


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        (f"{NUMBER} ext 5", True),
        (f"reach me at {NUMBER}", True),
        (f"sms: {NUMBER}", True),
        (f"made of {NUMBER}", False),
        (f"{NUMBER} officers", False),
        (f"that {NUMBER}", False),
    ],
)
def test_groups_of_digits_by_the_words_beside_them(text, speaks):
    assert labels_groups(text, *at(text)) == speaks


@pytest.mark.parametrize(
    ("text", "is_thing"),
    [
        ("order no. ", True),
        ("version ", True),
        ("Invoice number: ", True),
        ("tracking code is ", True),
        ("订单号：", True),
        ("第", True),
        ("§ ", True),
        ("border ", False),
        ("ordered ", False),
        ("order it from ", False),
        ("my phone ", False),
        ("", False),
    ],
)
def test_words_that_number_a_thing(text, is_thing):
    assert labels_a_thing(text + NUMBER, len(text)) == is_thing


def test_a_label_of_a_thing_ends_right_before_the_number():
    assert labels_a_thing("x" * 99 + " order " + NUMBER, 106)
    assert not labels_a_thing("order" + " " * LABEL + NUMBER, 5 + LABEL)


@pytest.mark.parametrize(
    ("name", "entity", "things"),
    [
        ("order_id", "bank card", True),
        ("tracking number", "phone", True),
        ("version", "IP address", True),
        ("order_id", "e-mail", False),
        ("customer", "phone", False),
    ],
)
def test_a_column_of_numbers_of_things(name, entity, things):
    assert column_of_things(name, entity) == things


@pytest.mark.parametrize(
    ("name", "text", "number", "other"),
    [
        ("IP address", "version 10.20.30.40", "10.20.30.40", True),
        ("IP address", "server 1.2.3.4", "1.2.3.4", False),
        ("IP address", "see 1.2.3.4", "1.2.3.4", True),  # each part below ten
        ("IP address", "see 1.2.3.14", "1.2.3.14", False),
        ("IP address", "Mozilla/10.20.30.40", "10.20.30.40", True),
        ("IP address", "connect to version 10.20.30.40", "10.20.30.40", True),
        ("mobile phone (CN)", "https://a.org/b/13812345678", "13812345678", True),
        ("mobile phone (CN)", "https://a.org/b?n=13812345678", "13812345678", False),
        ("mobile phone (CN)", "order 13812345678", "13812345678", True),
        ("mobile phone (CN)", "at 13812345678", "13812345678", False),
        ("e-mail", "order a@b.org", "a@b.org", False),
        ("bank card", "order 378282246310005", "378282246310005", False),  # as long as cards in use
        ("bank card", "order 4111111111119", "4111111111119", True),
        ("bank card", "https://a.org/b/4111111111111111", "4111111111111111", True),
        ("social security number (US)", "123-45-6789-0", "123-45-6789", True),
        ("social security number (US)", "0-123-45-6789", "123-45-6789", True),
        ("social security number (US)", "is 123-45-6789", "123-45-6789", False),
        ("passport (CN)", "part G1234567", "G1234567", True),
        ("passport (CN)", "code G1234567", "G1234567", True),  # one letter and digits: a word must say it
        ("passport (CN)", "passport G1234567", "G1234567", False),
        ("passport (CN)", "护照G1234567", "G1234567", False),
        ("passport (CN)", "code E12345678", "E12345678", False),
        ("passport (CN)", "part E12345678", "E12345678", True),
    ],
)
def test_a_stretch_that_is_something_else(name, text, number, other):
    assert is_something_else(name, text, *at(text, number)) == other
