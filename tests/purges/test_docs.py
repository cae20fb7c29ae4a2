"""docs/leaving.md: every command in it exists as it is written, and every store of a purge is named."""

import re
from pathlib import Path

import typer

from greenroom import cli
from greenroom.purges import stores

PAGE = (Path(__file__).parents[2] / "docs/leaving.md").read_text()


def test_every_command_and_option_exists():
    root = typer.main.get_command(cli.app)
    found = re.findall(r"greenroom ((?:[a-z-]+ ?)+)((?:[^`\n#]*?--[a-z-]+)*)", PAGE)
    assert len(found) >= 9
    for words, options in found:
        command = root
        for word in words.split():
            if not getattr(command, "commands", None):
                break
            assert word in command.commands, words
            command = command.commands[word]
        known = {option for one in command.params for option in one.opts}
        assert set(re.findall(r"--[a-z-]+", options)) <= known, (words, options)


def test_every_store_is_named():
    words = {
        **{"answers": "kept answers", "told": "events", "entries": "places in campaigns", "posts": "posts known"},
        **{"lake_old": "older versions", "latest": "newest values", "caches": "no"},
    }
    for one in stores.STORES:
        assert words.get(one.key, one.key) in PAGE, one.key
