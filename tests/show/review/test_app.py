"""The page over HTTP: who may come in, what is shown, what a key press does; nothing of the data is ever run."""

import json
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.label.exchange.annotation_files import AnnotationSource
from karat.label.exchange.label_studio import LabelStudio

EVIL = "<script>alert(1)</script>"
PAGES = (
    "/", "/work", "/work/0", "/cases", "/cases?state=done", "/cases?kind=pair&page=9", "/scores", "/findings", "/columns", "/column/0",
    "/column/1", "/column/2", "/lift", "/versions", "/people",
)  # fmt: skip


def key(text):
    return re.search(r'name="key" value="(-?\d+)"', text)[1]


def saved(client):
    return [one for _, one in client.board.decisions.since(0)]


def test_without_the_token_nothing_is_told(client):
    stranger = client()
    stranger.cookies = {}
    for path in (*PAGES, "/picture/0/0/0", "/export/answers.csv"):
        answer = stranger.get(path)
        assert answer.status_code == 401, path
        assert "味道" not in answer.text
    assert stranger.post("/decide", key="1", verdict="accept").status_code == 401
    assert stranger.get("/", authorization="Bearer wrong").status_code == 401
    assert stranger.get("/", authorization="Bearer token").status_code == 200


def test_the_token_in_the_address_becomes_a_cookie_and_leaves_the_address(client):
    stranger = client()
    stranger.cookies = {}
    answer = stranger.get("/cases?token=token&kind=cell")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases?kind=cell")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert stranger.get("http://127.0.0.1:8470//evil.example/?token=token").headers["location"].startswith("/evil")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"host": "evil.example:8470"},
        {"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors"},
    ],
)
def test_a_foreign_page_is_refused(client, headers):
    assert client().get("/", **headers).status_code == 403
    assert client().ask("POST", "/decide", {"key": "1"}, **headers).status_code == 403


def test_its_own_origin_is_welcome(client):
    assert client().get("/", origin="http://127.0.0.1:8470").status_code == 200


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_show_the_data_as_text_and_forbid_anything_else(client, path, language):
    answer = client(karat_language=language).get(path)
    assert answer.status_code == 200
    assert EVIL not in answer.text
    assert "style=" not in answer.text
    assert not re.search(r"\son\w+=", answer.text)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_evidence_and_what_is_proposed_are_on_the_page(client):
    text = client().get("/work?kind=label").text
    assert "evidence 1" in text
    assert "Which label is correct?" in text
    assert "哪个标签正确" in client(karat_language="zh").get("/work?kind=label").text
    assert "哪个标签正确" in client().get("/work?kind=label", accept_language="zh-CN,en;q=0.5").text


def test_a_key_press_is_saved_before_it_is_answered(client):
    anna = client()
    first = anna.get("/work").text
    answer = anna.post("/decide", key=key(first), verdict="accept")
    assert answer.status_code == 200
    assert key(answer.text) != key(first)
    assert "<html" not in answer.text
    (one,) = saved(anna)
    assert (one.kind, one.row, one.verdict, one.answer, one.who) == ("label", 1, "accept", "n", "anna")


@pytest.mark.parametrize(
    ("query", "form", "verdict", "answer"),
    [
        ("kind=label", {"verdict": "reject"}, "reject", "p"),
        ("kind=label", {"verdict": "edit", "answer": "新"}, "edit", "新"),
        ("kind=label", {"verdict": "edit", "answer": "n"}, "accept", "n"),
        ("kind=label", {"pick": "p", "answer": "left over"}, "reject", "p"),
        ("kind=cell", {"verdict": "accept"}, "accept", "30"),
        ("kind=cell", {"verdict": "edit", "answer": ""}, "edit", ""),
        ("kind=cell", {"verdict": "skip"}, "skip", None),
        ("kind=record", {"verdict": "accept"}, "accept", "drop"),
        ("kind=record", {"verdict": "reject"}, "reject", "keep"),
        ("kind=pair", {"verdict": "accept"}, "accept", "left"),
        ("kind=pair", {"side": "right"}, "accept", "right"),
        ("kind=pair", {"verdict": "reject"}, "reject", "different"),
        ("kind=conflict", {"verdict": "accept"}, "accept", "好"),
        ("kind=conflict", {"pick": "坏"}, "edit", "坏"),
        ("kind=next", {"verdict": "accept"}, "accept", "{}"),
        ("kind=next", {"verdict": "accept", "cell.0": "31", "cell.1": "a", "cell.3": "n"}, "edit", '{"age": "31"}'),
    ],
)  # fmt: skip
def test_every_kind_of_case_takes_its_answers(client, query, form, verdict, answer):
    anna = client()
    anna.post("/decide", key=key(anna.get(f"/work?{query}").text), **form)
    (one,) = saved(anna)
    assert (one.verdict, one.answer) == (verdict, answer)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("kind=conflict", {"verdict": "reject"}),
        ("kind=label", {"verdict": "edit", "answer": ""}),
        ("kind=label", {"verdict": "nonsense"}),
        ("kind=pair", {"verdict": "edit", "answer": "x"}),
        ("kind=record", {}),
    ],
)
def test_what_is_no_answer_is_not_saved(client, query, form):
    anna = client()
    before = key(anna.get(f"/work?{query}").text)
    answer = anna.post("/decide", key=before, **form)
    assert key(answer.text) == before
    assert "warning" in answer.text
    assert saved(anna) == []


@pytest.mark.parametrize("bad", ["", "x", "1", "--5", "٣", "9" * 40, "9" * 5000])
def test_a_case_that_waits_no_longer_is_told(client, bad):
    anna = client()
    assert "warning" in anna.post("/decide", key=bad, verdict="accept").text
    assert saved(anna) == []


def test_undo_over_the_page(client):
    anna = client()
    first = key(anna.get("/work").text)
    anna.post("/decide", key=first, verdict="accept")
    assert key(anna.post("/undo").text) == first
    assert [one.verdict for one in saved(anna)] == ["accept", "undo"]


def test_one_key_settles_all_that_are_alike(client):
    anna = client()
    anna.post("/decide", key=key(anna.get("/work?kind=cell").text), everything="accept")
    assert [(one.row, one.answer) for one in saved(anna)] == [(4, "30"), (5, "30"), (6, "30")]


def test_without_script_a_form_leads_on(client):
    anna = client()
    answer = anna.ask("POST", "/decide", {"key": key(anna.get("/work").text), "verdict": "accept", "kind": "label"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/work/1?kind=label")


def test_a_name_is_wanted_before_anything_is_decided(client):
    nobody = client(who="")
    assert 'name="name"' in nobody.get("/work").text
    assert nobody.post("/decide", key="1", verdict="accept").status_code == 401
    answer = nobody.ask("POST", "/person", {"name": " 王\n芳 ", "to": "//evil.example"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/evil.example")
    assert "karat_who=%E7%8E%8B%E8%8A%B3;" in answer.headers["set-cookie"]
    assert "warning" in nobody.ask("POST", "/person", {"name": "x" * 99, "to": "/"}).text


def test_two_people_get_different_cases(client):
    assert key(client("anna").get("/work").text) != key(client("bo").get("/work").text)


def test_pictures_come_from_the_data_alone_and_only_as_pictures(client):
    anna = client()
    answer = anna.get("/picture/0/0/0")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    for path in (
        "/picture/0/1/0",
        "/picture/0/99/0",
        "/picture/0/0/5",
        "/picture/0/..%2f..%2fetc/0",
        "/static/..%2fapp.py",
    ):
        assert anna.get(path).status_code == 404, path


def test_style_and_script_are_kept_by_their_mark(client):
    anna = client()
    address = re.search(r"/static/review\.css\?v=\w+", anna.get("/").text)[0]
    assert "immutable" in anna.get(address).headers["cache-control"]
    assert anna.get("/static/review.css?v=old").headers["cache-control"] == "no-cache"
    assert anna.get("/static/htmx.min.js").headers["content-type"].startswith("text/javascript")


def test_decisions_can_be_taken_along(client):
    anna = client()
    anna.post("/decide", key=key(anna.get("/work?kind=label").text), verdict="accept")
    anna.post("/decide", key=key(anna.get("/work?kind=conflict").text), pick="坏")
    assert anna.get("/export/answers.csv").text == "row,column,value\n1,y,n\n"
    assert anna.get("/export/votes.csv").text.startswith("item,voter,label,seconds\ni1,anna,坏,")
    assert "anna" in anna.get("/export/decisions.csv").text
    tasks = json.loads(anna.get("/export/label-studio.json").text)
    assert [task["annotations"][0]["result"][0]["value"]["choices"] for task in tasks] == [["n"], ["坏"]]
    assert anna.get("/export/other").status_code == 404
    read = LabelStudio().read([AnnotationSource("export", json.dumps(tasks))], "").votes.to_pylist()
    assert [(one["voter"], one["label"]) for one in read] == [("anna", "n"), ("anna", "坏")]


def test_personal_data_in_other_cells_is_covered_until_asked_for(run, client):
    work = next(run.glob(".work/*/collect/raw.arrow"))
    held = pa.ipc.open_file(str(work)).read_all()
    place = held.schema.get_field_index("评论")
    table = held.set_column(place, "评论", pa.array(["mail wei.wang@example.cn"] * held.num_rows))
    with pa.ipc.new_file(str(work), table.schema) as writer:
        writer.write_table(table.combine_chunks())
    assert "wei.wang@example.cn" not in client().get("/work?kind=cell").text
    assert "wei.wang@example.cn" in client(karat_plain="1").get("/work?kind=cell").text


def test_a_new_run_is_seen_while_the_page_is_open(run, client):
    anna = client()
    assert "10 cases need review" in anna.get("/").text
    held = pq.read_table(run / "review.parquet")
    pq.write_table(held.slice(0, 1), run / "review.parquet")
    assert "3 cases need review" in anna.get("/").text


def test_what_is_nowhere_is_told(client):
    for path in ("/nothing", "/column/99", "/work/99", "/difference", "/difference?a=1&b=2"):
        assert client().get(path).status_code == 404, path
    assert client().ask("POST", "/cases").status_code == 404


def test_a_form_without_end_is_not_read(client):
    anna = client()
    assert "warning" in anna.ask("POST", "/decide", {"key": "1" * (5 << 20)}, hx_request="true").text
