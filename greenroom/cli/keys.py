"""The keys that encrypt TikTok's tokens."""

import os

import typer

from greenroom.cli.app import app

keys = typer.Typer(no_args_is_help=True, help="The keys that encrypt TikTok's tokens.")
app.add_typer(keys, name="keys")


@keys.command("rotate")
def rotate_keys() -> None:
    """Make a new encryption key, write every secret again with it, retire the old ones. Restart the processes after."""
    from django.conf import settings

    from greenroom.core import home, secrets

    if os.environ.get("GREENROOM_KEYS"):
        typer.echo(
            "Keys come from GREENROOM_KEYS: put a new one in front there, then run `greenroom keys rewrite`.", err=True
        )
        raise typer.Exit(2)
    home.add_encryption_key(settings.GREENROOM_HOME)
    settings.GREENROOM_KEYS = home.encryption_keys(settings.GREENROOM_HOME)
    typer.echo(f"{secrets.reencrypt()} rows rewritten with the new key")
    home.retire_encryption_keys(settings.GREENROOM_HOME)


@keys.command("rewrite")
def rewrite_secrets() -> None:
    """Write every secret again with the newest key of GREENROOM_KEYS."""
    from greenroom.core import secrets

    typer.echo(f"{secrets.reencrypt()} rows rewritten with the newest key")
