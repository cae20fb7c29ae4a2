"""Commands about the people of the install."""

import os
from typing import Annotated

import typer

from greenroom.cli.app import app


@app.command()
def operator(
    email: Annotated[str, typer.Argument(help="Whose; somebody new gets the password in GREENROOM_PASSWORD.")],
    off: Annotated[bool, typer.Option("--off", help="No operator any more; open visits end.")] = False,
) -> None:
    """Let somebody who runs this install look into workspaces: with a reason, for hours, in the workspace's log."""
    from greenroom.core import clock
    from greenroom.core.models import User
    from greenroom.people import operators

    user = User.objects.filter(email__iexact=email).first()
    if user is None and (off or not os.environ.get("GREENROOM_PASSWORD")):
        typer.echo(
            f"Nobody here has the address {email}. To make them, put a password into GREENROOM_PASSWORD.", err=True
        )
        raise typer.Exit(2)
    user = user or User.objects.create_user(email, os.environ["GREENROOM_PASSWORD"])
    operators.appoint(user, not off, at=clock.now())
    typer.echo(f"{user.email} is {'no operator any more' if off else 'an operator now; open /operator/'}")
