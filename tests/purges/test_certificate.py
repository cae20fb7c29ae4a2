"""A certificate that was changed is found out, by a verifier that needs no install."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from greenroom.purges import certificate

ROOT = Path(__file__).parents[2]
STORES = [
    {"store": name, "label": name.title(), "what": "things", "before": before, "after": 0}
    for name, before in (("posts", 2), ("lake", 7), ("archive", 1))
]
HEAD = {
    "journal": {"uid": "u", "source": "legacy"}, "workspace": "acme", "by": "member:1", "planned_at": "a",
    "started_at": "b", "done_at": "c", "app_version": "1", "tombstones": {"count": 1, "sha256": "d"},
    "backups": [{"made_at": "e", "handling": "f"}],
}  # fmt: skip


@pytest.fixture
def made():
    return json.loads(json.dumps(certificate.make(HEAD, STORES, secret="key of acme")))


def leaves(told, path=()):
    """The path of every value in it."""
    if isinstance(told, dict | list):
        for key in told if isinstance(told, dict) else range(len(told)):
            yield from leaves(told[key], (*path, key))
    else:
        yield path


def changed(told, path, value):
    copied = copy.deepcopy(told)
    inner = copied
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value(inner[path[-1]])
    return copied


def test_it_holds_as_it_was_made(made):
    assert certificate.check(made) == []
    assert certificate.check(made, whose=certificate.fingerprint(made)) == []


def test_changing_anything_at_all_makes_it_fail(made):
    for path in leaves(made):
        other = changed(made, path, lambda old: old + 1 if isinstance(old, int) else f"{old}0")
        assert certificate.check(other) != [], path


def test_moving_or_dropping_a_store_makes_it_fail(made):
    for stores in (made["stores"][::-1], made["stores"][:-1], made["stores"] * 2, []):
        assert certificate.check({**made, "stores": stores}) != []


def test_what_was_left_is_said():
    stores = [{**STORES[0], "after": 3}]
    assert certificate.check(certificate.make(HEAD, stores, secret="k")) == ["3 things are left in Posts."]


def test_another_key_makes_another_fingerprint(made):
    forged = certificate.make(HEAD, [{**one, "before": 0} for one in STORES], secret="somebody else")
    assert certificate.check(forged) == []  # whole, but not acme's
    assert certificate.check(forged, whose=certificate.fingerprint(made)) != []


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"3", b'{"format": "greenroom-purge-certificate"}', b"\xff"])
def test_what_is_no_certificate_is_refused_in_words(content):
    assert "certificate" in certificate.check(certificate.parse(content))[0]


def verify(file: Path, *more: str) -> subprocess.CompletedProcess:
    """The command as somebody runs it who has no install: no home, no settings."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("GREENROOM", "DJANGO"))}
    command = [sys.executable, "-m", "greenroom", "verify-purge", str(file), *more]
    return subprocess.run(
        command, env=env | {"PYTHONPATH": str(ROOT)}, cwd=file.parent, capture_output=True, text=True, timeout=60
    )


def test_the_command_says_yes_and_no(made, tmp_path):
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(made, indent=2))
    done = verify(file, "--key", certificate.fingerprint(made))
    assert (done.returncode, "Lake: 7 things before, 0 after" in done.stdout) == (0, True), done.stderr
    assert not (tmp_path / ".greenroom").exists()
    file.write_text(json.dumps(changed(made, ("stores", 1, "before"), lambda old: old - 1)))
    done = verify(file)
    assert (done.returncode, "chain breaks at lake" in done.stderr) == (1, True)
