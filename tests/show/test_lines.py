"""Lines fit the terminal; words and numbers stay whole."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from karat.show.lines import fitted, joined, on_terminal, paragraphs, shortened, wrapped

WORDS = st.lists(
    st.text(st.characters(categories=("L", "N"), max_codepoint=0x17F), min_size=1, max_size=12), min_size=1
)


@given(WORDS, st.integers(20, 100))
def test_words_stay_whole_in_lines_that_fit(words, size):
    lines = wrapped(" ".join(words), size, "  ")
    assert " ".join(lines).split() == words
    assert all(cell_len(line) <= size for line in lines)


@given(st.text("中文数据质量检查报告", min_size=1, max_size=90), st.integers(20, 60))
def test_chinese_breaks_anywhere_and_is_measured_in_cells(text, size):
    lines = wrapped(text, size)
    assert "".join(lines) == text
    assert all(cell_len(line) <= size for line in lines)


def test_a_number_stays_with_its_sign_and_a_closing_mark_begins_no_line():
    assert wrapped("so many cells (93 %) are", 18) == ["so many cells", "(93 %) are"]
    assert wrapped("一二三四五，六", 10) == ["一二三四五，", "六"]


def test_endings_of_files_begin_a_line():
    assert wrapped("known: .arrow .csv .ipc", 18) == ["known: .arrow .csv", ".ipc"]


def test_a_path_longer_than_a_line_is_not_broken():
    assert wrapped("see /a/very/long/path/of/a/file.csv now", 20) == ["see", "/a/very/long/path/of/a/file.csv", "now"]


def test_texts_fit_their_columns():
    assert fitted("城市", 6) == "城市  "
    assert shortened("放款日期时间", 7) == "放款日…"
    assert joined(["aa", "bb", "cc"], 9, " ") == [" aa · bb", " cc"]


def test_what_follows_a_name_stays_in_its_column():
    line = "quality    accuracy      0.985 [0.825, 1.000] and so on"
    assert on_terminal(line, 40).split("\n") == ["quality    accuracy 0.985 [0.825, 1.000]", "           and so on"]
    assert on_terminal(line, 80) == line
    assert on_terminal("Error: nothing here is named at all", 20).split("\n") == [
        "Error: nothing here",
        "is named at all",
    ]


def test_prose_is_cut_anew_and_lists_are_not():
    long = "A sentence that goes on to the end of a line of eighty cells and"
    assert paragraphs(f"{long}\nbeyond.\n\nParameters\n----------\n  one = 1") == (
        f"{long} beyond.\n\nParameters\n----------\n  one = 1"
    )
