"""A grant as text, for the moment between TikTok's exchange and knowing whose it is. Kept encrypted, never longer."""

import json
from dataclasses import asdict
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder

from greenroom.tiktok.auth import Grant

_TIMES = ("expires_at", "refresh_expires_at")


def pack(grant: Grant) -> str:
    return json.dumps(asdict(grant), cls=DjangoJSONEncoder)


def unpack(text: str) -> Grant:
    told = json.loads(text)
    times = {name: datetime.fromisoformat(told[name]) for name in _TIMES if told[name]}
    lists = {name: tuple(told[name]) for name in ("scopes", "advertiser_ids")}
    return Grant(**{**told, **times, **lists})
