"""Encodings are told apart by what their text looks like, or not at all."""

import pytest

from karat.collect.encoding import detect, ordered
from karat.collect.read import open_data
from karat.core.errors import InputError

WORDS = {
    "de": ("Jürgen Götz Bärbel Köln München Düsseldorf Straße Größe", "cp1252 iso8859_15 cp850 cp437 mac_roman"),
    "es": ("José Peña Núñez Málaga León Cádiz niño año", "cp1252 iso8859_1 cp850 cp437 mac_roman"),
    "fr": ("Hélène François Noël Orléans Besançon forêt", "cp1252 cp850 cp437 mac_roman"),
    "da": ("Søren Jørgen København Ærø Åbenrå fløde", "cp1252 iso8859_1 cp850 cp865 mac_roman"),
    "pl": ("Łukasz Małgorzata Paweł Łódź Kraków Gdańsk Częstochowa", "cp1250 iso8859_2 cp852 mac_latin2"),
    "cs": ("Jiří Tomáš Aleš Lukáš Bořivoj Plzeň Příbram Třebíč Žižkov Šumperk", "cp1250 iso8859_2 cp852"),
    "hu": ("Gergő Győző Erzsébet Győr Szűcs Hódmezővásárhely tűzoltó", "cp1250 iso8859_2 cp852"),
    "tr": ("Ayşe Çağrı Gökçe İstanbul Muğla Şanlıurfa Eskişehir", "cp1254 iso8859_9 cp857"),
    "lt": ("Šarūnas Rūta Gintarė Šiauliai Panevėžys Kėdainiai Ąžuolas", "cp1257 iso8859_13 cp775"),
    "vi": ("Nguyê\u0303n Trâ\u0300n Pha\u0323m Huy\u0300nh Đă\u0323ng", "cp1258"),
    "ru": ("Иван Ольга Пётр Анна Москва Казань Омск", "cp1251 koi8_r iso8859_5 cp866 mac_cyrillic"),
    "uk": ("Сергій Ганна Київ Харків Чернівці Запоріжжя Львів", "cp1251 koi8_u iso8859_5 mac_cyrillic"),
    "bg": ("Георги Иванка София Пловдив Търново Бургас Добрич", "cp1251 iso8859_5"),
    "el": ("Γιώργος Μαρία Νίκος Αθήνα Πάτρα Βόλος", "cp1253 iso8859_7 cp737 mac_greek"),
    "he": ("משה רחל ירושלים חיפה אשדוד נתניה", "cp1255 iso8859_8 cp862"),
    "ar": ("محمد فاطمة علي القاهرة بغداد دمشق", "cp1256 iso8859_6"),
    "th": ("สมชาย สุดา กรุงเทพ เชียงใหม่ ขอนแก่น", "tis_620 cp874"),
    "ja": ("佐藤 鈴木 高橋 東京 大阪 札幌 さいたま", "cp932 shift_jis euc_jp iso2022_jp"),
    "ko": ("김철수 이영희 박민수 서울 부산 대구", "euc_kr cp949 johab iso2022_kr"),
    "zh": ("杨磊 刘洋 张敏 上海 广州 成都", "gb18030 gbk gb2312 hz"),
    "zh-tw": ("陳大文 李嘉欣 黃家駒 臺北 高雄 螢幕 顯卡", "big5 cp950 big5hkscs"),
    "zh-hk": ("陳大文 李嘉欣 尖沙咀 旺角 深水埗 鰂魚涌", "big5hkscs"),
}
WIDE = "utf_8 utf_8_sig utf_16 utf_16_le utf_16_be utf_32 utf_32_le utf_32_be"
CASES = [(name, codec) for name, (_, codecs) in WORDS.items() for codec in f"{codecs} {WIDE}".split()]


@pytest.mark.parametrize(("language", "codec"), CASES)
def test_text_in_every_encoding_is_read_as_it_was_written(language, codec):
    words = WORDS[language][0].split()
    text = "a,b\n" + "".join(f"{word},{at}\n" for at, word in enumerate(words * 4))
    data = text.encode(codec)
    found = detect(data, True, "x.csv")
    assert data[found.mark :].decode(found.codec) == text


def test_text_that_could_be_of_two_encodings_is_refused_with_both_named():
    with pytest.raises(InputError, match=r"is ambiguous: (\w+) or (\w+)\. Choose with --encoding") as error:
        detect("name\nGy\xf5r\n".encode("cp1252"), True, "x.csv")
    assert "x.csv" in str(error.value)
    assert ordered(b"Gy\xf5r", "cp1252").codec == "cp1252"


def test_bytes_that_are_text_in_no_encoding_are_refused():
    import numpy as np

    noise = np.random.default_rng(0).integers(33, 256, 4_000).astype("u1").tobytes()
    with pytest.raises(InputError, match="--encoding"):
        detect(noise, True, "x.csv")


def test_two_halves_in_two_encodings_are_refused_and_a_few_lines_are_not(tmp_path):
    good, foreign = "上海,1\n".encode(), "José,1\n".encode("cp1252")
    with pytest.raises(InputError, match="30 of the first 90 lines"):
        detect(b"a,b\n" + good * 60 + foreign * 30, True, "x.csv")
    place = tmp_path / "x.csv"
    place.write_bytes(b"a,b\n" + good * 60 + foreign)
    reading = open_data(place)
    assert sum(batch.num_rows for batch in reading.batches()) == 60
    assert len(reading.quarantine) == 1
    assert reading.assumed[0].value == "utf-8"


def test_what_was_assumed_names_the_runner_up_and_a_set_one_is_used(tmp_path):
    place = tmp_path / "x.csv"
    place.write_bytes("имя,город\nИван,Москва\nОльга,Казань\n".encode("cp1251"))
    first = open_data(place).assumed[0]
    assert (first.what, first.value) == ("encoding", "cp1251")
    assert first.runner_up not in ("", "cp1251")
    assert 0.5 < first.clear < 1
    from karat.collect.assumed import ReadingOptions

    set_one = open_data(place, options=ReadingOptions(encoding="koi8-r"))
    assert set_one.assumed[0].words == "koi8-r (set)"
    assert set_one.names[0] != "имя"
