"""karat label, from files to files."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from karat.cli import label_commands  # noqa: F401  registers the command
from karat.cli.app import app
from karat.core.errors import InputError, OptionError


def run(*args):
    done = CliRunner().invoke(app, ["label", *map(str, args)], catch_exceptions=True)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.stdout


@pytest.fixture
def votes(tmp_path):
    lines = ["item,voter,label"]
    for i in range(40):
        lines += [f"图{i},甲,{'猫' if i % 2 else '狗'}", f"图{i},乙,{'猫' if i % 2 else '狗'}", f"图{i},丙,猫"]
    place = tmp_path / "votes.csv"
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return place


def test_votes_become_two_files_and_a_reason(votes, tmp_path):
    said = run(votes, "--out", tmp_path / "out")
    assert "120 votes of 3 voters → 40 labels" in said
    assert "Krippendorff" in said
    labels = pq.read_table(tmp_path / "out" / "labels.parquet")
    assert labels.column_names == ["item", "label", "confidence", "votes"]
    assert labels["label"].to_pylist()[:2] == ["狗", "猫"]
    assert pq.read_table(tmp_path / "out" / "voters.parquet").num_rows == 3


def test_columns_of_other_names_are_taken_by_content_or_as_they_are_set(votes, tmp_path):
    plain = run(votes, "--out", tmp_path / "out")
    votes.write_text("任务,annotator,score" + votes.read_text(encoding="utf-8")[16:], encoding="utf-8")
    taken = run(votes, "--out", tmp_path / "out")
    assert taken.splitlines()[0].startswith(
        "columns    item = 任务, voter = annotator, label = score (taken by content"
    )
    assert taken.splitlines()[1:] == plain.splitlines()
    asked = run(votes, "--out", tmp_path / "out", "--columns", "item=任务,voter=annotator,label=score", "--json")
    assert json.loads(asked)["columns"].endswith("(as set with --columns)")


def test_json_says_the_same(votes, tmp_path):
    value = json.loads(run(votes, "--out", tmp_path / "out", "--json", "--method", "majority", "--classes", "猫，狗"))
    assert (value["items"], value["method"], value["classes"]) == (40, "majority", ["猫", "狗"])


def test_rules_need_items_and_make_votes(tmp_path):
    rules = tmp_path / "rules.py"
    rules.write_text(
        "import karat\n@karat.rule\ndef good(r): return 'pos' if 'good' in r['text'] else None\n"
        "@karat.rule\ndef bad(r): return 'neg' if 'bad' in r['text'] else None\n",
        encoding="utf-8",
    )
    items = tmp_path / "items.csv"
    items.write_text(
        "text\n" + "\n".join(f"a {w} film {i}" for i in range(20) for w in ("good", "bad")), encoding="utf-8"
    )
    with pytest.raises(OptionError, match="--rules was given without items"):
        run("--rules", rules, "--out", tmp_path / "o")
    run("--rules", rules, "--items", items, "--out", tmp_path / "o", "--method", "label_model")
    labels = pq.read_table(tmp_path / "o" / "labels.parquet")
    assert labels["label"].to_pylist() == ["pos", "neg"] * 20


def test_a_vote_for_an_item_that_is_not_there(votes, tmp_path):
    items = tmp_path / "items.csv"
    items.write_text("item\n" + "\n".join(f"图{i}" for i in range(39)) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"3 votes are for items that are not in the list: vote 118 .item '图39'"):
        run(votes, "--items", items, "--out", tmp_path / "o")


def test_tasks_come_back_with_labels(tmp_path):
    def one(who, label):
        result = {"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": [label]}}
        return {"completed_by": who, "result": [result]}

    tasks = [{"id": 5, "data": {"text": "好"}, "annotations": [one(1, "a"), one(2, "a"), one(3, "b")], "x": 1}]
    place = tmp_path / "tasks.json"
    place.write_text(json.dumps(tasks), encoding="utf-8")
    run(place, "--out", tmp_path / "o", "--method", "majority")
    back = json.loads((tmp_path / "o" / "label_studio.json").read_text(encoding="utf-8"))
    assert back[0]["predictions"][0]["result"][0]["value"] == {"choices": ["a"]}
    assert back[0]["x"] == 1


def test_nothing_to_go_on_and_no_model_are_said_plainly(votes, tmp_path, monkeypatch):
    monkeypatch.delenv("KARAT_LLM_URL", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(OptionError, match="no votes"):
        run("--out", tmp_path / "o")
    items = tmp_path / "items.csv"
    items.write_text("item,text\na,b\n", encoding="utf-8")
    with pytest.raises(OptionError, match="KARAT_LLM_URL"):
        run("--items", items, "--model", "m", "--classes", "a,b", "--out", tmp_path / "o")


def test_numbers_levels_and_repeated_votes_are_said(tmp_path):
    place = tmp_path / "v.csv"
    lines = [f"i{at},{who},{at + step}" for at in range(30) for who, step in (("x", 0.25), ("y", -0.25), ("z", 0.0))]
    place.write_text("item,voter,label\n" + "\n".join([*lines, "i0,x,1"]) + "\n", encoding="utf-8")
    said = run(place, "--out", tmp_path / "o")
    assert "type       number: " in said
    assert "1 votes repeat a vote of the same voter on the same item, 1 with another answer: the last counts" in said
    assert "not verified" in said
    labels = pq.read_table(tmp_path / "o" / "labels.parquet")
    assert labels.column_names[-2:] == ["low", "high"]
    value = json.loads(run(place, "--out", tmp_path / "p", "--keep", "first", "--type", "class", "--json"))
    assert (value["type"]["name"], value["confidence"][:12]) == ("class", "not verified")
    assert (tmp_path / "p" / "soft_labels.parquet").exists()
    with pytest.raises(OptionError, match="Did you mean 'number'"):
        run(place, "--out", tmp_path / "q", "--type", "numbers")


def test_an_annotation_tools_file_is_read_with_a_ledger_and_written_in_any_format(tmp_path):
    lines = [{"id": at, "text": f"Jane {at}", "label": [[0, 4, "PER"]]} for at in range(3)]
    place = tmp_path / "li.jsonl"
    place.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    said = run(place, "--out", tmp_path / "o")
    assert said.startswith("read       3 answers read, 0 not\n")
    assert "type       span: " in said
    assert [
        json.loads(line) for line in (tmp_path / "o" / "doccano.jsonl").read_text(encoding="utf-8").splitlines()
    ] == lines
    value = json.loads(run(place, "--out", tmp_path / "p", "--to", "conll", "--json"))
    assert value["read"] == {"read": 3, "unread": {}}
    assert (tmp_path / "p" / "labels.conll").read_text(encoding="utf-8").startswith("Jane B-PER\n0 O\n\n")
    with pytest.raises(InputError, match="labels of type span cannot be written as COCO"):
        run(place, "--out", tmp_path / "q", "--to", "coco")
    with pytest.raises(OptionError, match="format of annotations 'spacy' not found"):
        run(place, "--out", tmp_path / "q", "--from", "spacy")
    with pytest.raises(InputError, match="lack the columns item, voter"):
        run(place, "--out", tmp_path / "q", "--from", "table")


class Model(BaseHTTPRequestHandler):
    """Says good of every record, and thinks first."""

    def log_message(self, *_):
        pass

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        reply = {
            "choices": [{"message": {"content": "<think>bad?</think>good"}}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 10},
        }
        raw = json.dumps(reply).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


@pytest.fixture
def model(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    server.daemon_threads, server.asked = True, 0
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    monkeypatch.setenv("KARAT_LLM_URL", f"http://127.0.0.1:{server.server_address[1]}/v1")
    yield server
    server.shutdown()
    server.server_close()


def test_a_model_is_tried_on_known_answers_before_it_is_paid_for_the_rest(model, tmp_path):
    items, gold = tmp_path / "items.csv", tmp_path / "gold.csv"
    items.write_text("item,text\n" + "\n".join(f"i{at},some text {at}" for at in range(20)) + "\n", encoding="utf-8")
    gold.write_text(
        "item,label\n" + "\n".join(f"i{at},{'bad' if at % 4 else 'good'}" for at in range(8)) + "\n", encoding="utf-8"
    )
    how = ("--items", items, "--gold", gold, "--model", "m", "--classes", "good,bad", "--out", tmp_path / "o")
    prices = ("--price-in", "10", "--price-out", "20")
    said = run(*how, *prices, "--trial")
    assert said.startswith("trial      m: right on 2 of 8 known answers")
    assert "bad                0 of 6 right, mostly as good" in said
    assert "0.0144 of money, 1,200 + 120 tokens for 12 more records" in said
    assert model.asked == 8
    assert json.loads(run(*how, *prices, "--trial", "--json"))["right"] == 2
    assert model.asked == 8  # from the cache
    value = json.loads(run(*how, *prices, "--json", "--method", "majority"))
    assert (model.asked, value["language_model"]["asked"]) == (20, 12)
    assert value["language_model"]["money"] == pytest.approx(12 * 1200 / 1e6)
    with pytest.raises(OptionError, match="--max-cost was given without prices"):
        run(*how, "--max-cost", "1")
    with pytest.raises(OptionError, match="--trial needs --model, --items and --gold"):
        run("--items", items, "--model", "m", "--trial")
