"""``karat mcp``: tools for agents, over the Model Context Protocol."""

from pathlib import Path
from typing import Annotated

import typer

from karat.cli.app import app


@app.command("mcp")
def serve_agents(
    data: Annotated[Path, typer.Option(help="the folder of data; nothing outside it is read")] = Path(),
    runs: Annotated[Path, typer.Option(help="the folder of runs; nothing outside it is written")] = Path("runs"),
) -> None:
    """Offer look, assess, clean, why, lift and the review queue to agents (MCP)."""
    from karat.cli.agents import Desk, server

    server(Desk(data, runs)).run("stdio")
