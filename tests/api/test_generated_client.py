"""A client that somebody generates from the description works: create, read, move, list."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from greenroom.wsgi import application
from tests.api.serving import serving

DESCRIPTION = Path(__file__).parents[2] / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """The package that openapi-python-client makes of the file in the repository."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "config.yml").write_text("post_hooks: []\n")
    made = subprocess.run(
        [
            sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none",
            "--path", str(DESCRIPTION), "--config", str(folder / "config.yml"),
            "--output-path", str(folder / "business_api"), "--fail-on-warning",
        ],
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    yield importlib.import_module
    sys.path.remove(str(folder))


@pytest.mark.django_db(transaction=True)
def test_a_generated_client_creates_reads_moves_and_lists(generated, acme, program):
    with serving(application) as url:
        path(generated, generated("business_api.client").AuthenticatedClient(base_url=url, token=program().text))


def path(generated, client) -> None:
    models = generated("business_api.models")

    def call(operation, *where, **given):
        return generated(f"business_api.api.members.{operation}").sync("acme", *where, client=client, **given)

    body = models.InvitationGiven(email="new@acme.example", role=models.InvitationGivenRole.ANALYST)
    made = call("invite_member", body=body, idempotency_key="once")
    again = call("invite_member", body=body, idempotency_key="once")
    assert (made.email, made.state, made.id) == ("new@acme.example", "open", again.id)
    assert call("get_invitation", made.id).until == made.until
    moved = call("move_invitation", made.id, body=models.InvitationMove(to="withdrawn"))
    assert (moved.state, moved.moves) == ("withdrawn", [])
    page = call("list_invitations", limit=1)
    assert [(one.id, one.state) for one in page.items] == [(made.id, "withdrawn")]
    assert page.next_ is None
    refused = call("move_invitation", made.id, body=models.InvitationMove(to="withdrawn"))
    assert (refused.status, refused.code.value) == (409, "illegal_move")
