"""Every place where something of a former source may be, and how much of it is there now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from greenroom.campaigns.models import CampaignPost
from greenroom.creators.models import Post
from greenroom.keys.models import KeptAnswer
from greenroom.metrics import recent
from greenroom.observations import remains
from greenroom.purges import files, told
from greenroom.syncs import archive


@dataclass(frozen=True)
class Asked:
    """Of which workspace, which source class, and until when things count."""

    workspace: int
    source: str
    until: datetime


@dataclass(frozen=True)
class Store:
    """One place. `count` says how many things of the source it holds; `what` is one of them, in words."""

    key: str
    label: str
    what: str
    count: Callable[[Asked], int]


def _readings(key: str) -> Callable[[Asked], int]:
    def count(asked: Asked) -> int:
        return remains.count(asked.workspace, asked.source, only=key)

    return count


STORES: tuple[Store, ...] = (
    Store("posts", "Database: posts", "posts known from the former source only",
          lambda asked: Post.everything.within(asked.workspace).filter(basis=Post.Basis.LEGACY).count()),
    Store("texts", "Database: texts of posts", "captions and links that only the former source gave",
          lambda asked: told.texts(asked.workspace).count()),
    Store("entries", "Database: campaigns", "posts that the former source put into a campaign",
          lambda asked: CampaignPost.objects.within(asked.workspace).filter(how=CampaignPost.How.FORMER).count()),
    Store("latest", "Database: newest values", "accounts and posts with a value of the former source",
          _readings("latest")),
    Store("log", "Log", "readings", _readings("log")),
    Store("lake", "Lake, present version", "readings", _readings("lake")),
    Store("lake_old", "Lake, older versions on disk", "readings", _readings("lake_old")),
    Store("archive", "Archive", "raw files", lambda asked: len(archive.former(asked.workspace))),
    Store("imports", "Imported files", "files, and rows about their content",
          lambda asked: files.of_imports(asked.workspace)),
    Store("exports", "Exports and backups in the home folder", "files and folders",
          lambda asked: len(files.exports(until=asked.until))),
    Store("told", "Events and webhooks", "events and deliveries that carry what it said",
          lambda asked: told.count(asked.workspace)),
    Store("answers", "Answers kept for repeated API requests", "answers",
          lambda asked: KeptAnswer.objects.within(asked.workspace).filter(begun_at__lte=asked.until).count()),
    Store("caches", "Answers in memory", "answers of this process",
          lambda asked: recent.held(asked.workspace, showing=asked.source)),
)  # fmt: skip
BY_KEY = {store.key: store for store in STORES}


def count(asked: Asked) -> dict[str, int]:
    """How much there is, by store."""
    return {store.key: store.count(asked) for store in STORES}
