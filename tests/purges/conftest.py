"""A workspace with something of a former source in every store, marked so that a scan of bytes finds it."""

import json
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings

from greenroom.backup import export
from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import participants
from greenroom.campaigns.models import CampaignPost
from greenroom.core import events
from greenroom.core.models import Event
from greenroom.creators import actions as creators
from greenroom.creators.models import Post
from greenroom.hooks.models import Attempt, Delivery, Endpoint
from greenroom.imports import actions as imports
from greenroom.keys.models import KeptAnswer
from greenroom.observations import lake, log, schema
from greenroom.observations.models import Latest
from greenroom.purges import actions as purges

MARKS = {
    "caption": "zq-caption-of-old",
    "handle": "zqhandleofold",
    "event": "zq-event-of-old",
    "body": "zq-body-of-old",
    "answer": "zq-answer-of-old",
    "archive": "zq-archive-of-old",
    "text": "zq-bio-of-old",
    "scratch": "zq-scratch-of-old",
    "number": "7654321987654",
    "day": "6543219876543",
    "share": "0.7182818459",
}
ROWS = "video id,account,post date,views,likes,title,link\n"


class Old:
    """What a former source left in one workspace, and what TikTok told beside it."""

    def __init__(self, workspace, by: str, at: datetime) -> None:
        self.workspace, self.by, self.at = workspace, by, at
        self.keys = 0

    def plant(self) -> "Old":
        """Something in every store, some of it in the lake, some in its older versions, some in the log."""
        self.cyd = creators.record_legacy(self.workspace, handle="cyd", by=self.by, at=self.at)
        self.dov = creators.record_legacy(self.workspace, handle="dov", by=self.by, at=self.at)
        self.campaign = campaigns.create_campaign(
            self.workspace, name="LAUNCH", by=self.by, at=self.at, required=1, tiktok=True,
            brand_name="Pebblewick", description="Show one real breakfast.",
        )  # fmt: skip
        participants.add(self.campaign, [self.cyd, self.dov], by=self.by, at=self.at)
        self.brought = self.bring()
        self.post = Post.everything.get(item_id="P-OLD")
        self.both = Post.everything.get(item_id="P-BOTH")
        self.read("post", self.both, views=5, source_class="sandbox", surface="marketplace_tto")
        self.read("account", self.cyd, followers=11, source_class="sandbox", surface="marketplace_tto")
        older = {"observed_at": self.at - timedelta(days=90), "source_class": "legacy", "surface": "legacy"}
        self.read("account", self.cyd, followers=int(MARKS["number"]), bio=MARKS["text"], **older)
        self.read("account_day", self.cyd, date=(self.at - timedelta(days=80)).date(), likes=int(MARKS["day"]), **older)
        self.read("account", self.dov, followers=1, **older)
        for kind in schema.KINDS:
            lake.roll(kind, at=self.at)
        self.read("account", self.cyd, engagement_rate=float(MARKS["share"]), **older)
        lake.roll("account", at=self.at)
        nobody = partial(Latest.objects.filter, account=-1)  # rewrites a file, whose older version stays on disk
        lake.erase("account", workspace=self.workspace.pk, which={"account": self.dov.pk}, forget=nobody, at=self.at)
        self.read("post", self.post, likes=int(MARKS["number"]), **older)
        self.tell()
        self.put_files()
        return self

    def bring(self):
        """The door: an import of what a former source left, into a campaign."""
        link = f"https://www.tiktok.com/@{MARKS['handle']}/video/1"
        rows = [("P-OLD", "dov"), ("P-BOTH", "cyd")]
        text = ROWS + "".join(
            f"{item},{who},2026-01-0{n + 1},{MARKS['number']},3,{MARKS['caption']},{link}\n"
            for n, (item, who) in enumerate(rows)
        )
        told = {"kind": "posts", "name": "old.csv", "by": self.by, "at": self.at}
        made = imports.upload(self.workspace, file=BytesIO(text.encode()), former=True, campaign=self.campaign, **told)
        imports.start(made, by=self.by, at=self.at)
        for _ in imports.carry_out(made, at=self.at):
            pass
        return made

    def read(self, kind, subject, **fields) -> None:
        self.keys += 1
        account = subject.account_id if kind == "post" else subject.pk
        row = {"account": account, "subject": subject.pk, "observed_at": self.at, **fields}
        log.append(self.workspace, kind, [row], key=f"{self.workspace.slug}:{kind}:{self.keys}", at=self.at)

    def tell(self) -> None:
        entry = CampaignPost.objects.get(post=self.post)
        event = events.record(entry, "tied", by=self.by, at=self.at, video="P-OLD", caption=MARKS["event"])
        endpoint = Endpoint.objects.create(
            workspace=self.workspace, state="enabled", url="https://crm.example/hook", names=["*"], secret="s",
            made_by=self.by, made_at=self.at,
        )  # fmt: skip
        sent = Delivery.objects.create(
            workspace=self.workspace, endpoint=endpoint, event=event, name=event.name, state="delivered",
            body=json.dumps({"caption": MARKS["body"]}), made_at=self.at,
        )  # fmt: skip
        Attempt.objects.create(
            workspace=self.workspace, delivery=sent, at=self.at, milliseconds=3, status=200, body=MARKS["body"]
        )
        KeptAnswer.objects.create(
            workspace=self.workspace, caller="key:1", key="k", fingerprint="f", status=200, content=MARKS["answer"],
            begun_at=self.at,
        )  # fmt: skip

    def put_files(self) -> None:
        place = Path(settings.GREENROOM_ARCHIVE) / "legacy" / str(self.workspace.pk)
        place.mkdir(parents=True)
        (place / "dump.json").write_text(MARKS["archive"])
        scratch = Path(settings.GREENROOM_HOME) / "export-killed"
        scratch.mkdir()
        (scratch / "tables.jsonl").write_text(MARKS["scratch"])

    def back_up(self, target: Path) -> Path:
        export.export(target, by=events.SYSTEM, at=self.at, tell=lambda *_: None, with_keys=True)
        return target


@pytest.fixture
def one_home(tmp_path, settings):
    """Database beside, everything else in one home folder."""
    home = tmp_path / "home"
    home.mkdir()
    settings.GREENROOM_HOME = home
    settings.GREENROOM_LAKE = str(home / "lake")
    settings.GREENROOM_ARCHIVE, settings.GREENROOM_IMPORTS = home / "archive", home / "imports"
    settings.GREENROOM_CACHE = home / "cache"
    return home


@pytest.fixture
def old(transactional_db, one_home, acme, at) -> Old:
    return Old(acme.workspace, acme.olga.by, at).plant()


def purge(old: Old, at: datetime | None = None):
    """Plan, run to the end."""
    at = at or datetime.now(old.at.tzinfo)
    made = purges.make_plan(old.workspace, by=old.by, at=at)
    purges.start(made, by=old.by, at=at)
    *_, done = purges.carry_out(made)
    return done


def told(workspace) -> list[SimpleNamespace]:
    return [SimpleNamespace(name=one.name, data=one.data) for one in Event.objects.within(workspace).order_by("pk")]
