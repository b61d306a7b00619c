"""Personal data by its form and its checksum."""

import pytest

from karat.core.errors import OptionError
from karat.quality.confidentiality.entities import (
    ENTITIES,
    NAMES,
    account,
    address,
    card,
    chosen,
    first,
    luhn,
    masked,
    resident,
    social,
)


@pytest.mark.parametrize(
    ("number", "fits"),
    [
        ("4111 1111 1111 1111", True),
        ("4111 1111 1111 1112", False),
        ("378282246310005", True),
        ("0000000000000000", False),  # one digit only
        ("11111111111", False),
        ("79927398713", False),  # fits, but has eleven digits
        ("799273987130", False),
    ],
)
def test_the_check_digit_of_a_card(number, fits):
    assert luhn(number) == fits


def with_check_digit(digits):
    return next(digits + last for last in "0123456789" if luhn(digits + last))


@pytest.mark.parametrize(
    ("digits", "is_card"),
    [
        ("411111111111111", True),  # sixteen with the check digit
        ("41111111111111", False),  # fifteen
        ("411111111111", True),
        ("41111111111111112", False),
        ("411111111111111123", True),
        ("510510510510510", True),
        ("560510510510510", True),
        ("222010510510510", False),
        ("222110510510510", True),
        ("272010510510510", True),
        ("272110510510510", False),
        ("37828224631000", True),
        ("378282246310001", False),
        ("30569309025904"[:13], True),
        ("305693090259"[:12], False),
        ("353011133330000", True),
        ("213112345678901"[:14], True),
        ("621234567890123", True),
        ("601112345678901", True),
        ("911111111111111", False),
    ],
)
def test_a_card_has_a_length_that_its_issuer_gives_out(digits, is_card):
    assert card(with_check_digit(digits)) == is_card


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("11010519491231002X", True),
        ("11010519491231002x", True),
        ("110105194912310021", False),
        ("440524188001010014", False),  # born in 1880
        ("110105194913310029", False),  # in the thirteenth month
        ("110105194912320024", False),
        ("110105194900310024", False),
    ],
)
def test_a_resident_identity_number(text, fits):
    assert resident(text) == fits


def test_a_date_that_cannot_be_does_not_fit_whatever_the_check_digit():
    for date in ("18991231", "21000101", "19491301", "19490001", "19491232", "19491200"):
        assert not any(resident(f"110105{date}002{digit}") for digit in "0123456789X")
    for date in ("19000101", "20991231"):
        assert sum(resident(f"110105{date}002{digit}") for digit in "0123456789X") == 1


@pytest.mark.parametrize(
    ("text", "is_address"),
    [
        ("192.168.1.1", True),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("300.1.1.1", False),
        ("2001:db8::1", True),
        ("::", False),
    ],
)
def test_an_internet_address(text, is_address):
    assert address(text) == is_address


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("123-45-6789", True),
        ("000-45-6789", False),
        ("666-45-6789", False),
        ("900-45-6789", False),
        ("123-00-6789", False),
        ("123-45-0000", False),
        ("899-01-0001", True),
    ],
)
def test_a_social_security_number(text, possible):
    assert social(text) == possible


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("GB82 WEST 1234 5698 7654 32", True),
        ("gb82west12345698765432", True),
        ("DE89 3704 0044 0532 0130 00", True),
        ("DE88 3704 0044 0532 0130 00", False),
        ("GB82 WEST 1234 5698 7654 3", False),
        ("XX82 WEST 1234 5698 7654 32", False),
    ],
)
def test_a_bank_account_number(text, fits):
    assert account(text) == fits


EXAMPLES = {
    "e-mail": "write to ada.l+x@mail.example.org now",
    "resident ID (CN)": "号码11010519491231002X，",
    "bank card": "paid by 4111-1111-1111-1111",
    "IBAN": "to DE89 3704 0044 0532 0130 00",
    "mobile phone (CN)": "call +86 138 1234 5678",
    "phone": "call (555) 123-4567",
    "landline (CN)": "电话 010-12345678",
    "phone (+)": "call +4915112345678",
    "social security number (US)": "mine is 123-45-6789",
    "licence plate (CN)": "车牌京A12345在",
    "passport (CN)": "passport E12345678",
    "IP address": "from host 192.168.12.11",
    "IP address (v6)": "from 2001:db8::ff00:42:8329",
    "password in a URL": "git clone https://ada:secret@host",
    "secret key": "AKIAABCDEFGHIJKLMNOP",
    "officer ID (CN)": "证件是 南字第2001988号",
    "social credit code (CN)": "代码91110108551385082Q。",
}


@pytest.mark.parametrize("name", ENTITIES)
def test_each_entity_is_read_from_a_sentence(name):
    stretch = first(ENTITIES[name], EXAMPLES[name])
    assert stretch
    assert stretch in EXAMPLES[name]
    assert 0.5 <= ENTITIES[name].certain <= 0.98


def test_stretches_that_are_part_of_more_are_none():
    assert first(ENTITIES["mobile phone (CN)"], "no. 9138123456789") is None
    assert first(ENTITIES["IP address"], "host 1.192.168.12.11") is None
    assert first(ENTITIES["phone (+)"], "call +491511234") is None
    assert first(ENTITIES["bank card"], "paid by 4111-1111-1111-1112") is None


def test_the_first_that_is_no_number_of_a_thing():
    text = "order 4012888888881881 with card 4111 1111 1111 1111"
    assert first(ENTITIES["mobile phone (CN)"], "order 13812345678, call 13912345678") == "13912345678"
    assert first(ENTITIES["bank card"], text) == "4012888888881881", "sixteen digits are a card whatever the words say"


def test_only_some_ask_for_more_than_the_form():
    more = {name for name, entity in ENTITIES.items() if entity.proves_more}
    assert more == {
        "resident ID (CN)",
        "bank card",
        "IBAN",
        "social security number (US)",
        "IP address",
        "IP address (v6)",
        "social credit code (CN)",
    }


def test_entities_by_name_or_all():
    assert {entity.name for entity in chosen(["phone", "e-mail"])} == {"phone", "e-mail"}
    assert {entity.name for entity in chosen([])} == set(NAMES)
    with pytest.raises(OptionError, match=r"kind of personal data.*fone.*phone"):
        chosen(["fone"])


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("ada@mail.org", "ad*@****.***"),
        ("138 1234", "13* ****"),
        ("a", "a"),
        ("", ""),
        ("--", "--"),
        ("张三丰", "张三*"),
    ],
)
def test_a_masked_value_shows_two_signs(text, stars):
    assert masked(text) == stars
