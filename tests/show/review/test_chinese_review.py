"""In Chinese no sentence of the review page is English, but for data, codes and paths."""

import pytest


@pytest.mark.parametrize(
    "path",
    ["/", "/work?kind=cell", "/work?kind=label", "/work?kind=pair", "/work?kind=record", "/work?kind=next", "/cases",
     "/scores", "/findings", "/columns", "/column/0", "/lift", "/versions", "/people"],
)  # fmt: skip
def test_the_review_page_is_chinese(client, english, path: str) -> None:
    assert english(client(karat_language="zh").get(path).text) == []
