"""Personal data in made sentences: forms of 26 kinds in Chinese and English, and what only looks like it.

    python benchmarks/personal_data_made.py

Numbers are made with check digits that fit, by other code than Karat's; one in five is spoiled by a digit and stands
beside its word. False alarms are counted on versions, order numbers, ISBN, hashes, SKUs and decimals, 200 of each, half
of them in Chinese sentences. With KARAT_DATA, names and addresses are measured on pii-synth, by halves of its
templates: rules were written on the even ones.
"""

import json
import os
import sys
from collections import Counter, defaultdict
from pathlib import Path
from random import Random

from karat.quality.confidentiality.names_and_addresses import ADDRESS, PERSON, names_and_addresses
from karat.quality.confidentiality.spans import find

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def luhn(digits: str) -> str:
    doubled = [int(d) * 2 if at % 2 == 0 else int(d) for at, d in enumerate(reversed(digits))]
    return digits + str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def resident(digits: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11]


def credit(begin: str) -> str:
    total = sum(pow(3, at, 31) * SIGNS.index(sign) for at, sign in enumerate(begin))
    return begin + SIGNS[-total % 31]


def iban(country: str, own: str) -> str:
    number = int("".join(str(int(sign, 36)) for sign in f"{own}{country}00"))
    return f"{country}{98 - number % 97:02}{own}"


def grouped(text: str, size: int = 4) -> str:
    return " ".join(text[at : at + size] for at in range(0, len(text), size))


def kinds(chance: Random) -> dict[str, tuple[str, str]]:
    """By kind a sentence with ``{}`` and a number of it."""

    def digits(count: int) -> str:
        return "".join(chance.choice("0123456789") for _ in range(count))

    def letters(count: int) -> str:
        return "".join(chance.choice("abcdefghijkmnpqrstuvwxyz") for _ in range(count))

    born = f"{chance.randint(1950, 2009)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    person = resident(chance.choice(["110105", "320106", "440305", "510107"]) + born + digits(3))
    card = luhn(chance.choice(["622202", "621700", "622848"]) + digits(chance.choice([9, 12])))
    return {
        "手机": (
            chance.choice(["手机号{}。", "请拨打{}联系我", "电话：{}，谢谢"]),
            f"1{chance.choice('35789')}{digits(9)}",
        ),
        "座机": ("座机{}，上班时间", f"0{chance.choice(['10', '21', '755', '571'])}-{chance.randint(2, 8)}{digits(7)}"),
        "邮箱": ("发到{}吧", f"{letters(6)}{digits(2)}@{letters(5)}.com"),
        "身份证": (chance.choice(["身份证号：{}", "我的身份证号码是{}，请核对", "公民身份号码 {}"]), person),
        "银行卡": (chance.choice(["卡号{}", "银行卡号：{}。", "转到工资卡 {} 里"]), card),
        "分组银行卡": ("银行卡 {} 已绑定", grouped(card)),
        "护照": ("护照号码{}", chance.choice(["E", "G", "EA"]) + digits(8)[:8]),
        "港澳通行证": ("往来港澳通行证号：{}", f"C{digits(8)}"),
        "回乡证": ("回乡证{}，有效", f"{chance.choice('HM')}{digits(10)}"),
        "台胞证": ("台胞证号 {}", digits(8)),
        "军官证": (
            chance.choice(["军官证号：{}", "持军官证{}入场"]),
            f"{chance.choice('军南沈空海')}字第{digits(7)}号",
        ),
        "医保": (
            chance.choice(["医保卡号：{}", "医保号{}", "社保卡号是{}"]),
            chance.choice(["", "A", "B"]) + digits(10),
        ),
        "微信": (chance.choice(["微信号：{}", "加我微信 {}", "我的微信是{}，常联系"]), f"{letters(5)}_{digits(3)}"),
        "QQ": (
            chance.choice(["QQ：{}", "加QQ{}聊", "我的QQ号是{}"]),
            f"{chance.randint(1, 9)}{digits(chance.randint(5, 9))}",
        ),
        "车牌": ("车牌{}的车", f"{chance.choice('京沪粤浙')}{chance.choice('ABCD')}{digits(5)}"),
        "驾驶证": (chance.choice(["驾驶证号{}", "驾驶证档案编号：{}"]), digits(12)),
        "车架号": ("车架号：{}", f"LSV{chance.choice('ABFG')}{digits(13)}"),
        "信用代码": (chance.choice(["统一社会信用代码：{}", "税号{}，开专票"]), credit("91" + digits(6) + digits(9))),
        "对公账号": ("开户账号：{}", digits(19)),
        "IP": (
            "来自{}的访问",
            f"{chance.randint(11, 223)}.{chance.randint(0, 255)}.{chance.randint(0, 255)}.{chance.randint(10, 254)}",
        ),
        "IPv6": ("from {} at night", f"2001:db8:{letters(0)}{digits(3)}::{digits(2)}"),
        "IBAN words": ("IBAN {} please by Friday", grouped(iban("DE", digits(18)))),
        "SSN": ("her SSN is {}", f"{chance.randint(100, 660)}-{chance.randint(10, 99)}-{chance.randint(1000, 9999)}"),
        "US licence": ("My driver's license number is {}", digits(7)),
        "URL password": ("clone https://{}", f"{letters(4)}:{letters(8)}@host.example"),
        "key": ("key {} leaked", "AKIA" + "".join(chance.choice("ABCDEFGHJKLMNPQR234567") for _ in range(16))),
    }


SPOILED = {"身份证", "银行卡", "分组银行卡", "信用代码", "SSN"}  # kinds with a checksum, and a word beside them


def forms(count: int = 200) -> None:
    chance, found, total, missed = Random(7), Counter(), Counter(), defaultdict(list)
    for at in range(count):
        for kind, (frame, made) in kinds(chance).items():
            number = made[:-1] if kind in SPOILED and at % 5 == 0 else made
            text = frame.replace("{}", number)
            begin = text.index(number)
            spans = find([text]).to_pylist()
            covered = sum(max(0, min(s["end"], begin + len(number)) - max(s["start"], begin)) for s in spans)
            total[kind] += 1
            whole = covered >= len(number) - (kind == "URL password") * len("host.example")
            found[kind] += whole
            if not whole:
                missed[kind].append(text)
    for kind in total:
        print(f"  {kind:12} {found[kind]:4} of {total[kind]}  {'; '.join(missed[kind][:2])}")
    print(f"forms: {len(total)} kinds, recall {sum(found.values()) / sum(total.values()):.4f}")


def lookalikes(chance: Random) -> dict[str, tuple[str, str]]:
    def digits(count: int) -> str:
        return "".join(chance.choice("0123456789") for _ in range(count))

    def hexed(count: int) -> str:
        return "".join(chance.choice("0123456789abcdef") for _ in range(count))

    version = ".".join(str(chance.randint(0, 99)) for _ in range(chance.choice([3, 4])))
    order = f"20{chance.randint(10, 29)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}{digits(chance.choice([6, 8, 10]))}"
    isbn = f"978-{chance.randint(0, 7)}-{digits(2)}-{digits(6)}-{digits(1)}"
    sku = chance.choice(
        [f"{chance.choice('ABKSX')}{digits(3)}-{digits(4)}-{chance.choice('SML')}", f"SKU{digits(8)}", digits(12)]
    )
    return {
        "versions": (
            chance.choice(["版本号 {}", "升级到{}版本", "version {} is out", "build {} installed", "固件版本：{}"]),
            version,
        ),
        "order numbers": (
            chance.choice(["订单号：{}", "订单 {} 已发货", "order {} shipped", "运单号{}", "invoice no. {}"]),
            order,
        ),
        "ISBN": (
            chance.choice(["ISBN {}", "书号：{}", "the book, ISBN {}, sells", "国际标准书号{}"]),
            chance.choice([isbn, isbn.replace("-", "")]),
        ),
        "hashes": (
            chance.choice(["md5 {}", "校验码：{}", "commit {} broke it", "哈希值{}"]),
            hexed(chance.choice([32, 40, 64])),
        ),
        "SKUs": (chance.choice(["SKU {}", "货号：{}", "item {} sold out", "商品编码 {}", "part no {}"]), sku),
        "decimals": (
            chance.choice(["价格{}元", "total {} EUR", "经度{}，纬度", "约为{}", "score {} points"]),
            chance.choice(
                [
                    f"{digits(3).lstrip('0') or 1}.{digits(6)}",
                    f"{chance.randint(1, 999)},{digits(3)},{digits(3)}.{digits(2)}",
                ]
            ),
        ),
    }


def false_alarms(count: int = 200) -> None:
    chance, wrong, examples = Random(11), Counter(), defaultdict(list)
    for _ in range(count):
        for kind, (frame, number) in lookalikes(chance).items():
            text = frame.replace("{}", number)
            if find([text]).num_rows:
                wrong[kind] += 1
                examples[kind].append((text, find([text])["entity"].to_pylist()))
    for kind in lookalikes(chance):
        print(f"  {kind:14} {wrong[kind]:3} of {count} flagged  {examples[kind][:3]}")


def people_in_english() -> None:
    path = Path(os.environ["KARAT_DATA"]) / "pii-synth" / "pii.jsonl"
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    halves = [[record for record in records if record["template"] % 2 == odd] for odd in (0, 1)]
    for name, half in (("all", records), ("even", halves[0]), ("odd", halves[1])):
        counts = Counter()
        for record in half:
            said = list(names_and_addresses(record["text"]))
            for kind, own in (("PERSON", PERSON), ("STREET_ADDRESS", ADDRESS)):
                true = [(s["start"], s["end"]) for s in record["spans"] if s["type"] == kind]
                mine = [(begin, end) for begin, end, what, _ in said if what == own]
                hits = sum(any(b < e2 and b2 < e for b2, e2 in mine) for b, e in true)
                counts["found"] += hits
                counts["missed"] += len(true) - hits
                counts["false"] += sum(not any(b < e2 and b2 < e for b2, e2 in true) for b, e in mine)
        precision = counts["found"] / (counts["found"] + counts["false"])
        recall = counts["found"] / (counts["found"] + counts["missed"])
        f2 = 5 * precision * recall / (4 * precision + recall)
        print(f"English names and addresses, templates {name:5} P {precision:.3f} R {recall:.3f} F2 {f2:.3f}")


if __name__ == "__main__":
    forms()
    false_alarms()
    if os.environ.get("KARAT_DATA"):
        people_in_english()
    sys.exit(0)
