"""In Chinese no sentence of the report is English, but for data, codes and paths."""

from karat.show.report import write_report


def test_english_is_seen(english) -> None:
    assert english('<p>the rest of it</p><code>the rest of it</code><b title="this is that">中文</b>') == [
        "the rest of it",
        "this is that",
    ]


def test_the_report_is_chinese(proved_run, english) -> None:
    folder = proved_run("worth it", 0.02)
    write_report(folder, lang="zh")
    invented = "1 of 4 cells is blank"  # evidence that no check writes
    assert english((folder / "report.html").read_text(encoding="utf-8")) == [invented]
