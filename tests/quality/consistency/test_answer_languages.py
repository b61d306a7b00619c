"""Answers in another script or language."""

from karat.quality.consistency.answer_languages import AnswerLanguages

EN = "The river runs through the whole of the country and ends in the sea."
ZH = "这条河流经整个国家，最后注入大海，沿岸有许多城市。"


def pair(question, answer):
    return {"question": question, "answer": answer}


def test_another_script_is_told_and_names_translations_and_code_are_not(told):
    records = [
        pair("Where does the river run?", EN),
        pair("Where does the river run?", ZH),
        pair("这条河流向哪里？", ZH),
        pair("这条河流向哪里？", EN),
        pair("Translate this sentence.", ZH),
        pair("请把这句话翻译一下。", EN),
        pair("What does 你好 mean and when is it said?", ZH),
        pair("怎样打印一行字？", "print('hello world and more')\nimport sys"),
        pair("这首歌是谁唱的？", "Adele"),
        pair("この川はどこへ流れますか。", "この川は日本海に注ぎます。"),
    ]
    found = told(AnswerLanguages(), records)
    assert {row for (row, _), sure in found.items() if sure >= 0.5} == {1, 3}
