"""Rules that are asked only where the settings wish it: remains of pages, flagged words, a model of usual texts."""

import json

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from karat.core.errors import InputError, OptionError
from karat.flow import document_checks, perplexity
from karat.flow.job import Job
from karat.flow.run import walk
from karat.flow.settings import made_settings
from karat.quality.accuracy.broken_characters import BrokenCharacters
from karat.quality.consistency.repeated_lines import RepeatedLines
from karat.quality.text_profiles import profile_of

ENGLISH = "The members of the committee of {0} met in the hall of {1} and talked about the price of {2} for a year. "
CHINESE = "{0}的委员会在{1}的大厅开会，讨论了一年来{2}的价格，大家都同意这个意见。"
PLACES = ("Oslo", "Bern", "Lima", "Rome", "York", "Bonn", "Kyiv", "Doha", "Nice", "Cork")
ORTE = ("北京", "上海", "广州", "成都", "武汉", "西安", "南京", "杭州", "天津", "重庆")


def texts(form, names, size, seed):
    chance = np.random.default_rng(seed)
    return ["".join(form.format(*chance.choice(names, 3)) for _ in range(9)) for _ in range(size)]


def cleaned(tmp_path, documents, **wishes):
    tmp_path.mkdir(exist_ok=True)
    path = tmp_path / "corpus.jsonl"
    path.write_text("".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in documents))
    off = {"near_duplicates": 0.0, "exact_duplicates": False, "personal_data": "keep", "identify_languages": False}
    ignored = [check.code() for check in profile_of("karat").checks]  # no rule of the profile is asked
    values = {"collect": {"kind": "corpus"}, "store": {"versions": False}, "clean": off | {"ignore": ignored} | wishes}
    walk(Job(path, tmp_path / "out", "clean", made_settings(values, "the test")))
    return [pq.read_table(tmp_path / "out" / f"{name}.parquet") for name in ("data", "ledger", "findings")]


def rows_of(table, check):
    return table.filter(pc.equal(table["check"], check))


def test_html_and_lines_of_navigation_go_and_the_ledger_says_where(tmp_path):
    good = texts(ENGLISH, PLACES, 4, 0) + texts(CHINESE, ORTE, 2, 0)
    tagged = f"<p>{good[0]}</p>\n<p>Bread &amp; butter</p>"
    lined = f"{good[1]}\nAccept all cookies\n{good[2]}\nShare on Facebook"
    chinese = f"{good[4]}\n责任编辑：王小明\n{good[5]}"
    data, ledger, found = cleaned(tmp_path, [*good, tagged, lined, chinese], html=True, boilerplate=True)
    kept = dict(zip(data["_row"].to_pylist(), data["text"].to_pylist(), strict=True))
    assert kept[6].split() == f"{good[0]}\nBread & butter".split()
    assert kept[7] == f"{good[1]}\n{good[2]}"
    assert kept[8] == f"{good[4]}\n{good[5]}"
    lines = rows_of(ledger, "BoilerplateLines").to_pylist()
    assert [(one["row"], one["before"], one["after"]) for one in lines] == [
        (7, "Accept all cookies", ""),
        (7, "Share on Facebook", ""),
        (8, "责任编辑：王小明", ""),
    ]
    assert all(lined[one["span_start"] : one["span_end"]] == one["before"] for one in lines[:2])
    assert set(rows_of(ledger, "HtmlInTexts")["row"].to_pylist()) == {6}
    assert {"BoilerplateLines", "HtmlInTexts"} <= set(found["check"].to_pylist())


def test_nothing_is_taken_out_unasked(tmp_path):
    good = texts(ENGLISH, PLACES, 4, 0)
    lined = f"{good[1]}\nAccept all cookies\n{good[2]}"
    data, _, _ = cleaned(tmp_path, [*good, lined])
    assert data["text"].to_pylist()[-1] == lined


def test_flagged_words_drop_a_document_above_the_limit(tmp_path):
    good = texts(ENGLISH, PLACES, 4, 0) + texts(CHINESE, ORTE, 3, 0)
    spam = " ".join(["the xxx porn and the viagra of the day is here for you"] * 12) + "."
    chinese = "娱乐城博彩百家乐真人荷官，欢迎来到我们的网站看看吧。" * 12
    data, ledger, _ = cleaned(tmp_path, [*good, spam, chinese], allow=["FlaggedWords"])
    gone = {one["row"]: one for one in rows_of(ledger, "FlaggedWords").to_pylist()}
    assert set(gone) == {7, 8}
    assert gone[7]["limit"] == 0.1 < gone[7]["measure"]
    assert data.num_rows == 7
    kept, _, _ = cleaned(tmp_path / "..", [*good, spam, chinese], max_flagged=1.0)
    assert kept.num_rows == 9


def test_words_of_ones_own_replace_the_list(tmp_path):
    good = texts(ENGLISH, PLACES, 6, 0)
    _, ledger, _ = cleaned(tmp_path, good, flagged_words=["committee"], max_flagged=0.01, allow=["FlaggedWords"])
    assert rows_of(ledger, "FlaggedWords").num_rows == 6


def test_what_a_model_of_usual_texts_finds_strange_goes(tmp_path):
    usual = tmp_path / "usual.jsonl"
    known = texts(ENGLISH, PLACES, 200, 1) + texts(CHINESE, ORTE, 200, 1)
    usual.write_text("".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in known))
    good = texts(ENGLISH, PLACES, 20, 2) + texts(CHINESE, ORTE, 20, 2)
    chance = np.random.default_rng(3)
    strange = " ".join("".join(chance.choice(list("abcdefghijklm"), 5)) + " the of" for _ in range(60)) + "."
    chinese = "".join(chance.choice([chr(code) for code in range(0x4E00, 0x5E00)], 200).tolist()) + "。"
    russian = "Старый дом в конце нашей улицы уже много лет стоит пустой, и никто не знает, чей он теперь. " * 3
    data, ledger, _ = cleaned(tmp_path, [*good, strange, chinese, russian], usual=str(usual), allow=["StrangeTexts"])
    gone = {one["row"]: one for one in rows_of(ledger, "StrangeTexts").to_pylist()}
    assert {40, 41} <= set(gone)
    assert len(gone) <= 4  # one in a hundred of the usual ones is as strange
    assert 42 not in gone  # no usual text is written like that: nothing is said
    assert all(one["measure"] > one["limit"] for one in gone.values())
    assert data.num_rows == 43 - len(gone)


def test_a_document_in_two_languages_goes_where_it_is_asked(tmp_path):
    pytest.importorskip("py3langid")
    good = texts(ENGLISH, PLACES, 3, 0) + texts(CHINESE, ORTE, 3, 0)
    data, ledger, _ = cleaned(tmp_path, [*good, f"{good[0]}\n{good[3]}"], max_mixed=0.2, allow=["TwoLanguages"])
    assert rows_of(ledger, "TwoLanguages")["row"].to_pylist() == [6]
    assert data.num_rows == 6


def test_too_few_usual_texts_are_an_error(tmp_path):
    usual = tmp_path / "usual.jsonl"
    usual.write_text(json.dumps({"text": "one"}) + "\n")
    perplexity._learned.cache_clear()
    with pytest.raises(InputError, match="150 texts"):
        cleaned(tmp_path, texts(ENGLISH, PLACES, 4, 0), usual=str(usual))


def test_the_parameter_of_a_check_goes_before_the_setting_and_a_check_left_out_asks_for_nothing(tmp_path):
    def lines(**settings):
        job = Job("x", tmp_path, "clean", made_settings({"collect": {"kind": "text"}, **settings}, "the test"))
        checks = document_checks.checks_of(job)
        return document_checks.chosen(checks, RepeatedLines).max_documents, document_checks.chosen(
            checks, BrokenCharacters
        ).repair

    own = {"RepeatedLines": {"max_documents": 3}}
    assert lines() == (0, True)
    assert lines(clean={"repeated_lines": 5}) == (5, True)
    assert lines(clean={"repeated_lines": 5}, quality=own) == (3, True)
    assert lines(clean={"ignore": ["RepeatedLines", "BrokenCharacters"]}, quality=own) == (0, False)


def test_only_the_rules_named_judge_texts_and_none_is_an_error(tmp_path):
    good = texts(ENGLISH, PLACES, 4, 0)
    tagged = f"<p>{good[0]}</p>\n<p>Bread &amp; butter</p>"
    only = {"ignore": [], "html": True, "exact_duplicates": True}
    _, _, found = cleaned(tmp_path, [*good, tagged, good[1]], only=["HtmlInTexts"], **only)
    assert set(found["check"].to_pylist()) == {"HtmlInTexts"}
    with pytest.raises(OptionError, match="none of the checks in"):
        cleaned(tmp_path / "other", good, only=["UnitSlips"], ignore=[])
