"""Tools about the workspace: what can be known of an account, whether sources are on time, what happened."""

from typing import Annotated, Any

from pydantic import Field

from greenroom.core import events, reasons
from greenroom.core.access import Can
from greenroom.core.models import Event
from greenroom.creators.models import Account
from greenroom.mcp import told
from greenroom.mcp.desk import Call, tool
from greenroom.mcp.measures import Moment, moment
from greenroom.metrics import access, definitions
from greenroom.metrics.figure import REASONS
from greenroom.metrics.where import resolve
from greenroom.observations import availability as tables
from greenroom.syncs import health


@tool(Can.CREATORS_READ)
def availability(
    call: Call,
    account: Annotated[str, Field(description="Handle or our id: what this account has and would gain.")] = "",
) -> told.Availability:
    """Which figure exists for which kind of account and post; with account: its levels, and what it would gain if the
    creator authenticated or the account joined the Creator Marketplace."""
    found = told.Availability(tables=dict(tables.as_json(call.at)))  # type: ignore[arg-type] # levels are words
    if not account:
        return found
    ids = resolve((("account", account),), call.workspace)["account"]
    one = Account.objects.within(call.workspace).get(pk=ids[0])
    group = access.groups_of([one], call.workspace, as_of=None)[one.pk]
    found.account, found.column = one.handle, group.column("account")
    asked = {row.key: definitions.of_row("account", row.key) for row in tables.shipped("account").rows}
    judged = access.judge(asked.values(), group, kind="account", at=call.at)
    labels = {row.key: row.label for row in tables.shipped("account").rows}
    found.has = [_level(key, labels[key], *judged[metric.key]) for key, metric in asked.items()]
    gains = tables.would_gain(found.column, call.at)
    found.if_it_authenticates = [told.Gain(figure=one["key"], now=one["from"]) for one in gains["authenticate"]]
    found.if_it_joins_the_marketplace = [
        told.Gain(figure=one["key"], now=one["from"]) for one in gains["join_marketplace"]
    ]
    return found


@tool(Can.WORKSPACE_READ)
def source_health(call: Call) -> told.Sources:
    """Is what Greenroom shows fresh? Each source of readings: on time, late or failing, and when it reads next."""
    return told.Sources(
        sources=[
            told.Source(
                source=one.label,
                state=one.state,
                words=one.words,
                last_read_at=one.last_ok_at,
                next_at=one.due_at,
            )
            for one in health.source_health(call.workspace, at=call.at)
        ]
    )


@tool(Can.AUDIT_READ)
def list_events(
    call: Call,
    name: Annotated[str, Field(description="Only events whose name begins so, such as account. or connection.")] = "",
    subject: Annotated[str, Field(description="Only of this subject, such as account:7.")] = "",
    since: Moment = "",
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> told.Events:
    """What happened, the newest first: who did what, when, with before and after."""
    rows = Event.objects.within(call.workspace).order_by("-pk")
    if name:
        rows = rows.filter(name__startswith=name.replace("\0", ""))
    if subject:
        rows = rows.filter(subject=subject.replace("\0", ""))
    if after := moment(since):
        rows = rows.filter(at__gte=after)
    return told.Events(events=[_event(one) for one in rows[:limit]])


def _level(key: str, label: str, level: str, why: int | None) -> told.Level:
    reason = REASONS[why - 1] if why and level == "none" else None
    return told.Level(
        figure=key, label=label, level=level, reason=reason, why=str(reasons.words(reason)) if reason else ""
    )


def _event(one: Event) -> told.Event:
    data: dict[str, Any] = one.data
    return told.Event(id=one.pk, name=one.name, subject=one.subject, by=one.by or events.SYSTEM, at=one.at, data=data)
