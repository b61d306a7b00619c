"""Where personal data stands in texts."""

import itertools
import random

import pytest

from karat.core.errors import OptionError
from karat.quality.confidentiality.entities import ENTITIES
from karat.quality.confidentiality.spans import _matches, find


def found(text, **how):
    return [(span["entity"], text[span["start"] : span["end"]]) for span in find([text], **how).to_pylist()]


def luhn_digit(digits):
    total = 0
    for at, digit in enumerate(reversed(digits)):
        doubled = int(digit) * 2 if at % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def resident_id(first):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first + "10X98765432"[sum(int(a) * b for a, b in zip(first, weights, strict=True)) % 11]


RESIDENT = resident_id("11010519900307123")
CARD = "622202000000001" + luhn_digit("622202000000001")
CASES = [
    ("写信给 li.ming@example.com.cn 吧", "e-mail", "li.ming@example.com.cn"),
    ("a@b.io,c@d.org", "e-mail", "a@b.io"),
    (f"身份证号{RESIDENT}，请核对", "resident ID (CN)", RESIDENT),
    (f"卡号：{CARD}。", "bank card", CARD),
    ("my card is 4111 1111 1111 1111.", "bank card", "4111 1111 1111 1111"),
    ("amex 3782 822463 10005 on file", "bank card", "3782 822463 10005"),
    ("手机13812345678联系", "mobile phone (CN)", "13812345678"),
    ("手机１３８１２３４５６７８联系", "mobile phone (CN)", "１３８１２３４５６７８"),
    ("电话：010-62345678", "landline (CN)", "010-62345678"),
    ("call +1 (415) 555-0132 today", "phone", "+1 (415) 555-0132"),
    ("Fax: 345-899-3560x4587", "phone", "345-899-3560x4587"),
    ("SSN 536-90-4399", "social security number (US)", "536-90-4399"),
    ("IBAN DE89370400440532013000", "IBAN", "DE89370400440532013000"),
    ("护照E12345678", "passport (CN)", "E12345678"),
    ("车牌京A12345，沪AD12345", "licence plate (CN)", "京A12345"),
    ("host 203.0.113.77 is down", "IP address", "203.0.113.77"),
    ("the host is 203.0.113.78.", "IP address", "203.0.113.78"),
    ("addr 2001:db8:0:1:1:1:1:1 up", "IP address (v6)", "2001:db8:0:1:1:1:1:1"),
    ("key AKIAIOSFODNN7EXAMPLE leaked", "secret key", "AKIAIOSFODNN7EXAMPLE"),
    ("postgres://admin:hunter2@db/x", "password in a URL", "postgres://admin:hunter2@"),
    # what is malformed beside its word is somebody's all the same
    ("身份证号" + RESIDENT[:-2] + "，少一位", "resident ID (CN)", RESIDENT[:-2]),
    ("卡号：" + CARD[:-1] + str((int(CARD[-1]) + 1) % 10), "bank card", CARD[:-1] + str((int(CARD[-1]) + 1) % 10)),
    ("IBAN DE88 3704 0044 0532 0130 00.", "IBAN", "DE88 3704 0044 0532 0130 00"),
    ("SSN: 000-12-3456", "social security number (US)", "000-12-3456"),
    ("IBAN DE89 3704 0044 0532 0130 00 with thanks", "IBAN", "DE89 3704 0044 0532 0130 00"),
    ("server fe80::1 and", "IP address (v6)", "fe80::1"),
    ("see 2001:db8::ff00:42:8329, up", "IP address (v6)", "2001:db8::ff00:42:8329"),
    ("我的微信号是abc_1234，加我", "WeChat ID", "abc_1234"),
    ("加微信 zhang_san88 领取", "WeChat ID", "zhang_san88"),
    ("QQ：123456789", "QQ number", "123456789"),
    ("医保卡号：A1234567890。", "medical insurance number (CN)", "A1234567890"),
    ("往来港澳通行证C12345678", "travel permit (CN)", "C12345678"),
    ("军官证号：南字第2001988号", "officer ID (CN)", "南字第2001988号"),
    ("税号：91110108551385082", "social credit code (CN)", "91110108551385082"),
    ("My driver's license number is 5130634", "driver's licence", "5130634"),
    ("车架号 LSVAU033X72000001。", "vehicle identification number", "LSVAU033X72000001"),
    ("开户账号：0200 0033 0901 4123 456", "bank account", "0200 0033 0901 4123 456"),
]


@pytest.mark.parametrize(("text", "entity", "stretch"), CASES)
def test_each_kind_is_found_to_the_character(text, entity, stretch):
    assert (entity, stretch) in found(text)


NOT = [
    "编号" + RESIDENT[:-1] + ("1" if RESIDENT[-1] != "1" else "2"),
    "条码：" + CARD[:-1] + str((int(CARD[-1]) + 1) % 10),
    "4111 1111 1111 1112",
    "DE89370400440532013001",
    "version 1.2.3.4.5 of 2024-03-07 12:30:15",
    "ISBN 978-3-16-148410-0 cost 1,234,567.89 in 1999 - 2004",
    "000-12-3456 and 666-12-3456 and 912-34-5678",
    "@home or me@ or @you.com",
    "the 300.300.1.1 thing and 1.2.3",
    "1234567890123456789012345678901234567890",
    "微信支付到账，关注微信公众号 Karat 和 wechat pay",
    "std::vector a::b at 12:30:45 and face::add",
    "the card 12 was here, postcard 123456",
    "京字第一号，国办字第12号",
]


@pytest.mark.parametrize("text", NOT)
def test_what_only_looks_like_it_is_left_alone(text):
    kinds = {entity for entity, _ in found(text)}
    assert not kinds & {"resident ID (CN)", "bank card", "IBAN", "social security number (US)", "e-mail", "IP address"}


def test_spans_rise_and_do_not_overlap():
    text = f"{RESIDENT} {CARD} a@b.io 13812345678 " * 20
    spans = find([text]).to_pylist()
    assert len(spans) == 80
    assert all(one["end"] <= two["start"] for one, two in itertools.pairwise(spans))


def test_rows_are_positions_and_nulls_are_passed_over():
    assert find([None, "nothing", "x@y.com", ""])["row"].to_pylist() == [2]


def test_chosen_kinds_only():
    text = f"a@b.io and {CARD}"
    assert found(text, entities=["bank card"]) == [("bank card", CARD)]
    with pytest.raises(OptionError, match="e-mail"):
        find([text], entities=["email"])


THINGS = [
    "updated to 10.4.22.7 yesterday",
    "Release: 12.30.4.18",
    "see clause 7.1.2.5 below",
    "7.1.2.5 applies",
    "Editor/91.0.44.12 was used",
    "runs 118.0.5993.117 since May",
    "windows build 10.0.17763.5329",
    "model 307-44-1209 is sold out",
    "307-44-1209-B",
    "ask us about order number 6150927384",
    "serial no. 615-092-7384",
    "tracking number 940-011-0200",
    "contact from 20250614 on",
    "they called, at second 1577134800",
    "the number of users is 12345678",
    "35.6895 -139.6917",
    "limits 10 20 30 40 50",
    "won 21-15 15-21 21-19",
    "on 02.01.26 14.30",
    "during engineering 6150927384",
    "the P1234567 part, S1234567 in stock",
    "运单号：13812345678",
    "https://shop.example/item/13912345678",
    "https://shop.example/item/4111111111111111",
    "npm i pack@4.17.21",
]


@pytest.mark.parametrize("text", THINGS)
def test_numbers_of_things_are_nobodys(text):
    assert found(text) == []


PEOPLE = [
    ("paid for the order with 4111111111111111", "bank card", "4111111111111111"),
    ("ping 8.8.8.8", "IP address", "8.8.8.8"),
    ("old version on host 10.2.33.4", "IP address", "10.2.33.4"),
    ("in order to book, 212-555-1234", "phone", "212-555-1234"),
    ("about my order: ring 02079460958", "phone", "02079460958"),
    ("my number is 2125551234", "phone", "2125551234"),
    ("2125551234-Fax", "phone", "2125551234"),
    ("71 33 52 22 office", "phone", "71 33 52 22"),
    ("passport S1234567", "passport (CN)", "S1234567"),
]


@pytest.mark.parametrize(("text", "entity", "stretch"), PEOPLE)
def test_the_nearest_word_decides(text, entity, stretch):
    assert found(text) == [(entity, stretch)]


@pytest.mark.parametrize("name", ["IBAN", "IP address"])
def test_looking_around_digits_alone_finds_what_looking_everywhere_does(name):
    draw = random.Random(2)
    parts = [
        "DE89 3704 0044 0532 0130 00",
        "GB82WEST12345698765432",
        "host 10.1.2.3",
        "ping 1.2.3.4.5",
        "12 DE",
        "x1",
        ". ",
    ]
    texts = ["".join(draw.choice(parts) for _ in range(draw.randint(1, 9))) for _ in range(2_000)]
    entity = ENTITIES[name]
    everywhere = [
        (row, span.start, span.end) for row, text in enumerate(texts) for span in _matches(entity, text, 0, len(text))
    ]
    assert len(everywhere) > 200
    assert [(f["row"], f["start"], f["end"]) for f in find(texts, [name]).to_pylist()] == everywhere


def test_full_width_signs_are_read_like_plain_ones():
    wide = {code - 0xFEE0: code for code in range(0xFF01, 0xFF5F)}
    plain = ["mail a.b@c.cn now", "卡号: 4111111111111111。", "host 10.1.2.3, tel (020) 7946 0018", "nothing"]
    assert find([text.translate(wide) for text in plain]).to_pylist() == find(plain).to_pylist()
