"""Agents get typed answers, read only the folder of data and write only the folder of runs."""

import asyncio

import pytest

from karat.cli import agents
from karat.cli.agents import Desk, server
from karat.core.errors import InputError, OptionError


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "data").mkdir()
    lines = "".join(f"{('Boston', 'Austin')[at % 2]},{at},someone{at}@example.com\n" for at in range(120))
    (tmp_path / "data" / "x.csv").write_text(f"town,n,mail\n{lines}Austin,N/A,other@example.com\nBoston,3,\n")
    return Desk(tmp_path / "data", tmp_path / "runs")


def files_below(place):
    return {path.relative_to(place).parts[0] for path in place.rglob("*") if path.is_file()}


def test_data_is_looked_at_assessed_cleaned_and_explained(desk, tmp_path):
    seen = desk.look("x.csv")
    assert (seen.kind, seen.records, [column.name for column in seen.columns]) == ("table", 122, ["town", "n", "mail"])
    assert "someone1@example.com" not in seen.model_dump_json()
    found = desk.assess("x.csv")
    assert (found.run, found.records) == ("x", 122)
    assert {"accuracy", "completeness"} <= set(found.scores)
    assert any(problem.check == "DisguisedMissing" for problem in found.problems)
    done = desk.clean("x.csv")
    assert done.kept == 122
    assert done.cells_changed >= 1
    assert any("'N/A'" in line for line in desk.why("x", 120, "n").lines)
    queue = desk.review_queue("x", count=5)
    assert queue.total == done.needs_review
    assert len(queue.cases) == min(5, queue.total)
    assert files_below(tmp_path) == {"data", "runs"}
    assert files_below(tmp_path / "runs") == {"x"}
    assert files_below(tmp_path / "data") == {"x.csv"}


@pytest.mark.parametrize("place", ["../outside.csv", "/etc/passwd", "https://example.org/x.csv"])
def test_what_lies_outside_is_not_read(desk, tmp_path, place):
    (tmp_path / "outside.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="does not lie in"):
        desk.assess(place)


@pytest.mark.parametrize("run", ["..", "", ".", "../data", "/tmp"])
def test_no_run_lies_outside(desk, run):
    with pytest.raises(InputError):
        desk.why(run, 0)


def test_a_link_does_not_lead_outside(desk, tmp_path):
    (tmp_path / "outside.csv").write_text("a,b\n1,2\n")
    (desk.data / "link.csv").symlink_to(tmp_path / "outside.csv")
    with pytest.raises(InputError, match="does not lie in"):
        desk.look("link.csv")


def test_a_proof_needs_a_target(desk):
    with pytest.raises(OptionError, match="no target"):
        desk.lift("x.csv", "x.csv", "")


def test_a_client_in_the_same_process_gets_typed_answers(desk):
    mcp = pytest.importorskip("mcp")

    async def talk():
        async with mcp.Client(server(desk)) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            answer = await client.call_tool("assess", {"data": "x.csv"})
            wrong = await client.call_tool("look", {"data": "none.csv"})
            return tools, answer, wrong

    tools, answer, wrong = asyncio.run(talk())
    assert set(tools) == {"look", "assess", "clean", "why", "lift", "review_queue"}
    assert all(tool.output_schema and tool.description for tool in tools.values())
    assert not answer.is_error
    assert agents.Assessed(**answer.structured_content).records == 122
    assert wrong.is_error
    assert "none.csv not found" in wrong.content[0].text


def test_without_the_extra_one_line_says_what_to_install(desk, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    with pytest.raises(OptionError, match=r"pip install 'karat-data\[mcp\]'"):
        server(desk)
