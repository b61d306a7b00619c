"""``karat mcp`` starts the tools over stdin and stdout, and says what it needs."""

from karat.cli import agents


def test_the_folders_are_those_of_the_options(command, monkeypatch, tmp_path):
    asked = []

    class Server:
        def run(self, transport):
            asked.append(transport)

    monkeypatch.setattr(agents, "server", lambda desk: asked.append(desk) or Server())
    assert command("mcp", "--data", tmp_path, "--runs", tmp_path / "runs").status == 0
    assert asked == [agents.Desk(tmp_path, tmp_path / "runs"), "stdio"]
