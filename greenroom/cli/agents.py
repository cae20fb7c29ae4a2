"""The command that lets programs with language models ask."""

import os
from typing import Annotated

import typer

from greenroom.cli.app import app


@app.command()
def mcp(
    key: Annotated[str, typer.Option(help="An API key of the workspace; better in GREENROOM_API_KEY.")] = "",
) -> None:
    """Answer MCP clients on standard input and output: tools that read figures, creators and events."""
    from greenroom.core import clock
    from greenroom.keys import actions as keys
    from greenroom.mcp import server

    text = key or os.environ.get("GREENROOM_API_KEY", "")
    if not text:
        typer.echo("Say which key: put one of Settings, API keys into GREENROOM_API_KEY.", err=True)
        raise typer.Exit(2)
    try:
        keys.recognise(text, at=clock.now())
    except keys.NoSuchKey as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from None
    server.serve(text)
