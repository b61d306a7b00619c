"""Lines of the terminal in Chinese: names in their column, parts by their wording, data as it is."""

import pytest
from rich.cells import cell_len

from karat.show.language import terminal_names
from karat.show.spoken import speaking
from karat.show.terminal import name_of, terminal


def chinese(text: str) -> str:
    with speaking("zh"):
        return terminal(text)


@pytest.mark.parametrize(
    ("english", "told"),
    [
        ("collect    300 in → 300 records × 3 columns", "采集       读入 300 条 → 300 条记录 × 3 列"),
        ("collect    1 in → 1 records × 1 column", "采集       读入 1 条 → 1 条记录 × 1 列"),
        (
            "clean      6 findings: 0 cells fixed · 5 cases need review",
            "清洗       6 条发现：修复 0 个单元格 · 5 个条目待审核",
        ),
        ("quality    accuracy      0.980 [0.824, 1.000]", "质量       准确性        0.980 [0.824, 1.000]"),
        ("           timeliness    no measure applies", "           时效性        没有适用的度量"),
        ("read as    UTF-8 · comma · header in line 1", "读取方式   UTF-8 · 逗号 · 表头在第 1 行"),
        (
            "kind       table: records with 2 columns (change with --kind)",
            "类型       表格：2 列的记录（可用 --kind 更改）",
        ),
        ("Interrupted.", "已中断。"),
        ("Verdict    worth it (Improves AUC by 0.006)", "结论       值得（AUC 提升 0.006）"),
        ("           of labels     0.950 [0.922, 0.987]", "           标签          0.950 [0.922, 0.987]"),
        (
            "Verdict    nothing changed (Cleaning changed no training record)",
            "结论       无改动（清洗未改动任何训练记录）",
        ),
        (
            "evaluate   AUC 0.949 raw · 0.949 baseline cleaning · 0.950 cleaned: nothing changed",
            "评估       AUC 原始 0.949 · 常规清洗 0.949 · 清洗后 0.950：无改动",
        ),
        (
            "prepare    stratified by class, repeats together (200 records in 197 clusters)",
            "预处理     按类别分层，重复的记录分在一起（200 条记录，197 组）",
        ),
        ("a wording nobody knows", "a wording nobody knows"),
        ("", ""),
    ],
)
def test_a_line_is_told_in_chinese(english: str, told: str) -> None:
    assert chinese(english) == told
    assert terminal(english) == english


@pytest.mark.parametrize("name", sorted(terminal_names()))
def test_what_follows_a_name_stays_in_its_column(name: str) -> None:
    if " " in name or cell_len(terminal_names()[name]) > 9:
        pytest.skip("begins no line")
    assert cell_len(chinese(f"{name:<10} 3.14")) == cell_len(f"{name:<10} 3.14")


def test_a_word_that_is_no_name_is_left_alone() -> None:
    with speaking("zh"):
        assert name_of("comma") == "逗号"
        assert name_of("loans.csv") == "loans.csv"
    assert name_of("comma") == "comma"
