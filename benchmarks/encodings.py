"""How often an encoding is told rightly, wrongly or not at all: names and places of 34 locales in 110 codec pairs.

    pip install faker
    python benchmarks/encodings.py            # words beyond ASCII in a file: right, refused, wrong

The words are made by Faker, which had no part in the letter costs.
"""

import random
import sys
from collections import Counter

import faker  # type: ignore[import-not-found]

from karat.collect.encoding import detect
from karat.core.errors import InputError

LATIN = "cp1252 iso8859_1 cp850 cp437 mac_roman"
EASTERN = "cp1250 iso8859_2 cp852 mac_latin2"
BALTIC = "cp1257 iso8859_13 cp775 iso8859_4"
CYRILLIC = "cp1251 koi8_r iso8859_5 cp866 mac_cyrillic"
LOCALES = {
    "ar_AA": "cp1256 iso8859_6 cp720 cp864", "az_AZ": "cp1254 iso8859_9", "bg_BG": f"{CYRILLIC} cp855",
    "cs_CZ": EASTERN, "da_DK": f"{LATIN} cp865", "de_DE": f"{LATIN} iso8859_15", "el_GR": "cp1253 iso8859_7 cp737 cp869",
    "es_ES": LATIN, "et_EE": "cp1257 iso8859_13 iso8859_15 cp775", "fa_IR": "cp1256", "fi_FI": LATIN,
    "fr_FR": f"{LATIN} iso8859_15 cp863", "he_IL": "cp1255 iso8859_8 cp862", "hr_HR": f"{EASTERN} mac_croatian",
    "hu_HU": EASTERN, "is_IS": "cp1252 cp861 mac_iceland", "it_IT": LATIN, "ja_JP": "cp932 euc_jp shift_jis iso2022_jp",
    "ko_KR": "cp949 euc_kr johab", "lt_LT": BALTIC, "lv_LV": BALTIC, "nl_NL": LATIN, "no_NO": f"{LATIN} cp865",
    "pl_PL": EASTERN, "pt_PT": f"{LATIN} cp860", "ro_RO": "iso8859_16 iso8859_2 cp852 cp1250", "ru_RU": CYRILLIC,
    "sk_SK": EASTERN, "sl_SI": EASTERN, "sv_SE": LATIN, "th_TH": "cp874 tis_620 iso8859_11",
    "tr_TR": "cp1254 iso8859_9 cp857 mac_turkish", "uk_UA": "cp1251 koi8_u iso8859_5 mac_cyrillic cp1125",
    "vi_VN": "cp1258", "zh_CN": "gb18030 gbk gb2312", "zh_TW": "big5 cp950 big5hkscs",
}  # fmt: skip


def table(source: faker.Faker, codec: str, words: int, seed: int) -> bytes:
    """A file with a few words beyond ASCII, among those that are not."""
    rng = random.Random(seed)
    lines, high = [b"name,n"], 0
    while high < words and len(lines) < 200:
        word = rng.choice([source.last_name, source.first_name, source.city])().replace(",", " ")
        try:
            data = f"{word},{rng.randint(1, 999)}".encode(codec)
        except UnicodeError:
            continue
        lines.append(data)
        high += not (data.isascii() and word.isascii())
    return b"\n".join(lines) + b"\n" if high else b""


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    counts: dict[int, Counter[str]] = {}
    wrong: Counter[str] = Counter()
    for locale, codecs in LOCALES.items():
        source = faker.Faker(locale)
        source.seed_instance(11)
        for codec in codecs.split():
            for words in (1, 3, 10, 40):
                for seed in range(repeats):
                    data = table(source, codec, words, seed)
                    if not data:
                        continue
                    try:
                        found = detect(data, True, "file")
                        right = data[found.mark :].decode(found.codec, "replace") == data.decode(codec)
                        outcome = "right" if right else "wrong"
                        wrong[f"{locale} {codec} read as {found.codec}, {words} words"] += not right
                    except InputError:
                        outcome = "refused"
                    counts.setdefault(words, Counter())[outcome] += 1
    for words, count in counts.items():
        print(f"{words:>3} words: {dict(count)}")
    print("\n".join(f"wrong: {what} ({times})" for what, times in wrong.items() if times))


if __name__ == "__main__":
    main()
