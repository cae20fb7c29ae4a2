"""The command line. One function per command; each calls what the pages call."""

import os

import typer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenroom.settings")

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Runs, measures and pays TikTok creator programmes.")


@app.callback()
def ready() -> None:
    import django

    django.setup()


def main() -> None:
    app()
