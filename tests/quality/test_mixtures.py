"""Pieces of a text and their languages."""

import pyarrow as pa

from karat.quality.mixtures import named_pieces, scripts_of, wide


def test_scripts_are_counted():
    main, letters = scripts_of(pa.array(["word", "汉字", "かな漢", "слово и word"], pa.large_string()))
    assert main.tolist() == [0, 1, 2, 4]
    assert letters[3, [0, 4]].tolist() == [4, 6]
    assert scripts_of(pa.array([], pa.large_string()))[0].tolist() == []


def test_scripts_of_one_language_need_no_model():
    long = [
        "今天天气很好我们一起去公园散步吧",
        "오늘은 날씨가 좋아서 공원에 갑니다 그리고 또",
        "今日は天気がいいので公園に行きましょう",
        "短",
    ]
    assert named_pieces(pa.array(long, pa.large_string())) == ["zh", "ko", "ja", ""]


def test_wide_signs():
    assert wide("汉字 and")
    assert not wide("a word 汉")
