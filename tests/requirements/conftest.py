"""Requirements that span modules are tried on the living workspace: real edges over a real sandbox."""

import json

import pytest
from typer.testing import CliRunner

from greenroom import cli
from tests.pages.conftest import _fresh_limits, living, olga, people, phone, workspace, world

__all__ = ["_fresh_limits", "living", "olga", "people", "phone", "workspace", "world"]


@pytest.fixture
def run():
    """The command line in this process: `run("measure", "views")` gives what was printed; a failure fails the test."""

    def command(*words, fails=False):
        told = CliRunner().invoke(cli.app, [*words])
        assert bool(told.exit_code) is fails, (told.output, told.exception)
        return told.output

    return command


@pytest.fixture
def run_json(run):
    return lambda *words: json.loads(run(*words, "--json"))
