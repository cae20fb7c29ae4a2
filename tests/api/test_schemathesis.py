"""Schemathesis, all checks and all phases, over the whole API: it finds nothing."""

import traceback

import pytest
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from schemathesis.openapi import from_url

from greenroom.keys.models import Key
from greenroom.wsgi import application
from tests.api.serving import serving

SETTINGS = """
seed = 20261122
continue-on-failure = true
headers = {{ Authorization = "Bearer {key}" }}
[parameters]
"path.workspace" = "acme"
[generation]
deterministic = true
max-examples = {examples}
database = "none"
[phases]
{phases}
# A question may ask for what makes no sense together, a file may be no table, a last day may be before the first one or
# two names the same, a text may hold a placeholder that is none, a boost may begin in the future: no schema can say so,
# and all are 422.
[[operations]]
include-operation-id = ["measure", "get_measure", "upload_file", "create_campaign", "change_campaign", "create_orders",
    "make_template", "change_template", "preview_message", "send_messages", "note_boost", "end_boost"]
checks.positive_data_acceptance.expected-statuses = ["2xx", "401", "403", "404", "409", "422", "5xx"]
"""
ONE_BY_ONE = "stateful.enabled = false"
IN_A_ROW = "examples.enabled = false\ncoverage.enabled = false\nfuzzing.enabled = false"
PARTS = {
    "people": ("workspaces", "members", "keys", "webhooks"),
    "invites": ("invites",),
    "campaigns": ("campaigns", "orders", "messages"),
    "creators": ("creators", "labels", "lists", "fields", "notes", "accounts"),
    "published": ("posts", "spark ads", "purges"),
    "figures": ("connections", "availability", "metrics", "measure", "imports", "jobs", "events"),
}


class Restored:
    """The site, with the key of these requests alive again before each: one of them is to revoke it."""

    def __init__(self, program) -> None:
        self.key = program.key

    def __call__(self, environ, start_response):
        Key.objects.filter(pk=self.key.pk).update(state="live")
        return application(environ, start_response)


def found(program, *, phases: str, examples: int, tags: tuple[str, ...] = ()) -> tuple[list[str], dict[str, int]]:
    """What the checks complained about, and how many requests each phase made."""
    settings = SETTINGS.format(key=program.text, phases=phases, examples=examples)
    said, made = [], {}
    with serving(Restored(program)) as url:
        schema = from_url(f"{url}/api/v1/openapi.json", config=SchemathesisConfig.from_str(settings))
        # Left out are the others: what the configuration says of single operations opens every `include` again.
        mine = schema.exclude(lambda ctx: ctx.operation.tags[0] not in tags) if tags else schema
        for event in from_schema(mine).execute():
            if isinstance(event, events.NonFatalError | events.FatalError):
                error = event.value if isinstance(event, events.NonFatalError) else event.exception
                said.append("".join(traceback.format_exception(error)))
            if isinstance(event, events.ScenarioFinished):
                made[event.phase.value] = made.get(event.phase.value, 0) + len(event.recorder.interactions)
                said += complaints(event.recorder)
    return list(dict.fromkeys(said)), made


def complaints(recorder) -> list[str]:
    """What failed in one scenario, with the request to send again."""
    said = []
    for case, checks in recorder.checks.items():
        for check in checks:
            if check.status == Status.FAILURE:
                failure, asked = check.failure_info.failure, recorder.cases[case].value.as_curl_command()
                said.append(f"{asked}\n{failure.title}: {failure.message}")
    return said


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", PARTS)
def test_schemathesis_finds_nothing_in(part, living, program):
    said, made = found(program(), phases=ONE_BY_ONE, examples=12, tags=PARTS[part])
    assert not said, "\n\n".join(said)
    assert {"coverage", "fuzzing"} <= set(made)
    assert made["coverage"] > 100


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.django_db(transaction=True)
def test_schemathesis_finds_nothing_in_a_row_of_requests(living, program):
    said, made = found(program(), phases=IN_A_ROW, examples=25)
    assert not said, "\n\n".join(said)
    assert made["stateful"] > 50


def test_the_parts_are_everything(program, acme):
    paths = program().client.get("/api/v1/openapi.json").json()["paths"]
    tags = {told["tags"][0] for methods in paths.values() for told in methods.values()}
    assert tags == {tag for part in PARTS.values() for tag in part}
