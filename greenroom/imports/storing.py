"""Carrying out what was decided about some rows, in a handful of statements. Call it in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from greenroom.campaigns.models import CampaignPost, Participant
from greenroom.creators import labels
from greenroom.creators.models import Account, Creator, Label, Post
from greenroom.imports import columns, known
from greenroom.imports.deciding import BASIS, Decided, NewValue
from greenroom.imports.known import Known
from greenroom.imports.models import Change, Fingerprint, Import, RowError, Seen
from greenroom.imports.records import RowProblem
from greenroom.observations import log

Problem = tuple[int, int, RowProblem]
"""Line, place among the rows, what is wrong."""

AT_ONCE = 900  # values of a statement; SQLite's oldest limit is 999
SURFACE, SOURCE_CLASS = "file", "user_entered"
FORMER = "legacy"  # surface and source class of what a former source left


def store(of: Import, decided: Decided, there: Known, problems: Sequence[Problem], *, at: datetime) -> None:
    """Make accounts and posts, change values, append readings, note problems and fingerprints."""
    accounts = {handle: one.pk for handle, one in there.accounts.items() if one.pk} | _accounts(of, decided, at=at)
    posts = {place: one.pk for place, one in there.posts.items() if one.pk} | _posts(of, decided, accounts, at=at)
    if of.former:  # it adds to what there is and changes none of it, so that it can go again without a trace
        _entries(of, posts, at=at)
    else:
        _change(of, decided.changes)
    _labels(of, decided, accounts, at=at)
    rows = _readings(of, decided, accounts, posts, at=at)
    log.append(of.workspace_id, columns.NOUN[of.kind], rows, key=f"import:{of.pk}:{of.cursor}", at=at)
    _fingerprints(of, decided)
    Seen.objects.bulk_create([Seen(workspace_id=of.workspace_id, of=of, key=key) for key in decided.again])
    RowError.objects.bulk_create(
        [
            RowError(workspace_id=of.workspace_id, of=of, line=line, row=row, column=one.column, words=str(one))
            for line, row, one in problems
        ],
        batch_size=1000,
    )


def _accounts(of: Import, decided: Decided, *, at: datetime) -> dict[str, int]:
    """The new accounts by handle in small letters."""
    now = connection.ops.adapt_datetimefield_value(at)
    common = {"workspace_id": of.workspace_id, "import_id": of.pk, "created_at": now}
    names = {one.handle: one.facts.get("name", "") for one in decided.accounts}
    creators = _insert(
        Creator,
        [
            {
                **common,
                "name": names[one.handle] or one.handle,
                **{name: one.facts.get(name, "") for name in known.FACTS if name != "name"},
            }
            for one in decided.accounts
        ],
    )
    origin = (Account.Origin.LEGACY if of.former else Account.Origin.IMPORT).value
    accounts = _insert(
        Account,
        [
            {**common, "creator_id": creator, "handle": handle, "display_name": name, "origin": origin}
            for creator, (handle, name) in zip(creators, names.items(), strict=True)
        ],
    )
    return {handle.lower(): account for handle, account in zip(names, accounts, strict=True)}


def _insert(model: type[Any], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows and return their ids in order. Plain SQL: model instances would cost as much as everything else.

    A row holds values as the database driver takes them, by column; all rows hold the same. The rest is as the model's
    defaults say.
    """
    if not rows:
        return []
    given = list(rows[0])
    others = [one for one in model._meta.concrete_fields if not one.primary_key and one.attname not in given]
    rest = [one.get_db_prep_save(one.get_default(), connection) for one in others]
    columns = [*given, *(one.column for one in others)]
    place, ids = f"({', '.join(['%s'] * len(columns))})", []
    at_once = AT_ONCE // len(columns)
    with connection.cursor() as cursor:
        for first in range(0, len(rows), at_once):
            some = rows[first : first + at_once]
            cursor.execute(
                f"insert into {model._meta.db_table} ({', '.join(columns)})"  # noqa: S608
                f" values {', '.join([place] * len(some))} returning id",
                [value for row in some for value in (*row.values(), *rest)],
            )
            ids += sorted(row[0] for row in cursor.fetchall())  # numbered in the order of the rows
    return ids


def _posts(of: Import, decided: Decided, accounts: Mapping[str, int], *, at: datetime) -> dict[tuple[str, str], int]:
    """The new posts by (handle in small letters, item id). Plain SQL, as for posts that TikTok tells of."""
    if not decided.posts:
        return {}
    names = (
        *("workspace_id", "account_id", "item_id", "posted_at", "caption", "share_url", "media_type", "duration_s"),
        *("basis", "import_id", "first_seen_at", "last_seen_at"),
    )
    basis = Post.Basis.LEGACY.value if of.former else BASIS
    moment, now = connection.ops.adapt_datetimefield_value, connection.ops.adapt_datetimefield_value(at)
    rows = [
        (
            *(of.workspace_id, accounts[one.handle], one.item_id, moment(one.posted_at)),
            *(one.facts.get("caption", ""), one.facts.get("share_url", ""), "VIDEO", one.facts.get("duration_s")),
            *(basis, of.pk, now, now),
        )
        for one in decided.posts
    ]
    places = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"insert into {Post._meta.db_table} ({', '.join(names)}) values ({places})",  # noqa: S608
            rows,
        )
    handles = {accounts[one.handle]: one.handle for one in decided.posts}
    found = known.posts([(row[1], row[2]) for row in rows])
    return {(handles[account], item): pk for pk, account, item, *_ in found}


def _entries(of: Import, posts: Mapping[tuple[str, str], int], *, at: datetime) -> None:
    """Put posts that only the former source told of into the campaign that was named."""
    if of.campaign_id is None or not posts:
        return
    found = Post.objects.filter(pk__in=list(posts.values()), basis=Post.Basis.LEGACY, entry=None)
    taking_part = dict(Participant.objects.filter(campaign=of.campaign_id).values_list("account_id", "pk"))
    CampaignPost.objects.bulk_create(
        [
            CampaignPost(
                workspace_id=of.workspace_id,
                campaign_id=of.campaign_id,
                post=post,
                participant_id=taking_part.get(post.account_id),
                how=CampaignPost.How.FORMER,
                posted_at=post.posted_at,
                added_at=at,
                by=of.uploaded_by,
            )
            for post in found
        ],
        batch_size=500,
    )


def _change(of: Import, changes: Sequence[NewValue]) -> None:
    """Replace values, and keep what they were."""
    for noun, model in (("creator", Creator), ("post", Post)):
        rows: dict[int, dict[str, Any]] = {}
        for one in changes:
            if one.noun == noun:
                rows.setdefault(one.row, {})[one.field] = one.after
        for names in {tuple(sorted(values)) for values in rows.values()}:
            some: list[Any] = [model(pk=pk, **values) for pk, values in rows.items() if tuple(sorted(values)) == names]
            model.objects.bulk_update(some, names, batch_size=200)
    Change.objects.bulk_create(
        [Change(workspace_id=of.workspace_id, of=of, **one._asdict()) for one in changes], batch_size=1000
    )


def _labels(of: Import, decided: Decided, accounts: Mapping[str, int], *, at: datetime) -> None:
    """Make the labels that are missing, put them on, and note both. Putting on is told once, by the import's event."""
    if not decided.labels:
        return
    there = {one.name.lower(): one.pk for one in Label.objects.within(of.workspace_id)}
    common: dict[str, Any] = {"workspace_id": of.workspace_id, "of": of}
    changes = []
    for name in dict.fromkeys(one.label for one in decided.labels):
        if name.lower() not in there:
            made = labels.make(of.workspace, name=name, hue=len(there) % len(Label.HUES) + 1, by=of.uploaded_by, at=at)
            there[name.lower()] = made.pk
            changes.append(Change(**common, noun=Change.LABEL, row=made.pk, after=name))
    creators = dict(
        Account.objects.filter(pk__in={accounts[one.handle] for one in decided.labels}).values_list("pk", "creator_id")
    )
    pairs = {(creators[accounts[one.handle]], there[one.label.lower()]) for one in decided.labels}
    worn = Label.creators.through
    worn.objects.bulk_create([worn(creator_id=creator, label_id=label) for creator, label in sorted(pairs)])
    changes += [Change(**common, noun="creator", row=creator, field="label", after=label) for creator, label in pairs]
    Change.objects.bulk_create(changes, batch_size=1000)


def _readings(
    of: Import, decided: Decided, accounts: Mapping[str, int], posts: Mapping[tuple[str, str], int], *, at: datetime
) -> list[dict[str, Any]]:
    """The rows of the log. An account that the file names is an account of ours by now, and so is a post."""
    common = {"source_class": SOURCE_CLASS, "surface": SURFACE, "import_id": of.pk, "read_at": at}
    if of.former:
        common |= {"source_class": FORMER, "surface": FORMER}
    rows = []
    for one in decided.readings:
        account = accounts[one.handle]
        row: dict[str, Any] = {**common, "account": account, "subject": account, "observed_at": one.observed_at}
        if one.posted_at is not None:
            row |= {
                "subject": posts[one.handle, one.item_id],
                "age_s": max(0, int((one.observed_at - one.posted_at).total_seconds())),
                "basis": Post.Basis.LEGACY.value if of.former else one.basis,
            }
        rows.append(row | one.figures)
    return rows


def _fingerprints(of: Import, decided: Decided) -> None:
    """Plain SQL: as many as there are rows."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"insert into {Fingerprint._meta.db_table} (workspace_id, of_id, key, digest, line, nth)"  # noqa: S608
            " values (%s, %s, %s, %s, %s, %s)",
            [(of.workspace_id, of.pk, key, told.digest, told.line, told.nth) for key, told in decided.fingerprints],
        )
