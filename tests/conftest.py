"""The world every test may ask for: workspace acme, its people, a clock that stands still unless it is moved."""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

# Each process of a run has a home of its own: what one test leaves there for a moment is not another one's fault. The
# settings were read before this line where another process began the run, so a fixture says it to them as well.
os.environ["GREENROOM_HOME"] = tempfile.mkdtemp(prefix="greenroom-test-")

import pytest

from tests.chromium import chromium  # noqa: F401


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """With CI=true nothing may be skipped: a skip there means that something is not tested which should be."""
    report = (yield).get_result()
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped, and with CI=true nothing may be: {report.longrepr}"


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    """Names a failing test at once, not after the last one: a whole run takes half an hour."""
    terminal = config.pluginmanager.getplugin("terminalreporter")
    if terminal is not None and "PYTEST_XDIST_WORKER" not in os.environ:
        config.pluginmanager.register(Failures(terminal))


class Failures:
    """Writes the name of each test that fails."""

    def __init__(self, terminal):
        self.terminal = terminal

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.terminal.write_line(f"\nFAILED {report.nodeid} ({report.when})")


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, settings):
    """Lake, archive, imported files and mail of each test are its own, the home that of its process."""
    settings.GREENROOM_HOME = Path(os.environ["GREENROOM_HOME"])
    settings.GREENROOM_LAKE = str(tmp_path / "lake")
    settings.GREENROOM_ARCHIVE = tmp_path / "archive"
    settings.GREENROOM_IMPORTS = tmp_path / "imports"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def at() -> datetime:
    return datetime(2026, 3, 12, 14, 5, tzinfo=UTC)


@pytest.fixture
def acme(db, at):
    """Workspace acme with one member per role; eve belongs to another workspace and is a stranger to acme."""
    from greenroom.core.actions import create_workspace
    from greenroom.core.models import Member, User

    olga = create_workspace(
        workspace="Acme", name="Olga Owner", email="olga@acme.example", password="greenroom-pass", at=at
    )
    people = {"olga": olga}
    for name, role in [("mia", "manager"), ("fin", "finance"), ("ana_lyst", "analyst"), ("vic", "client")]:
        user = User.objects.create_user(f"{name}@acme.example", "greenroom-pass", name=name.title())
        people[name] = Member.objects.create(workspace=olga.workspace, user=user, role=role)
    eve = create_workspace(
        workspace="Rival", name="Eve Stranger", email="eve@rival.example", password="greenroom-pass", at=at
    )
    return SimpleNamespace(workspace=olga.workspace, eve=eve, rival=eve.workspace, **people)
