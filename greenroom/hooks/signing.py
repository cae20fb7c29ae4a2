"""Standard Webhooks: what is sent, and the signatures that prove who sent it. Pure."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets as chance
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

PREFIX = "whsec_"
LARGEST = 20_000  # bytes of a payload


def new_secret() -> str:
    """256 random bits, written as receivers' libraries expect them."""
    return PREFIX + base64.b64encode(chance.token_bytes(32)).decode()


def payload(name: str, *, event: int, workspace: str, subject: str, by: str, at: datetime, data: dict[str, Any]) -> str:
    """The body of a delivery: compact JSON. Data that would make it larger than LARGEST is left out, and that is said.

    `subject` is as events have it: `account:7`, or "" for none.
    """
    kind, _, key = subject.partition(":")
    known: dict[str, Any] = {
        "event_id": event,
        "workspace": workspace,
        "subject": {"type": kind, "id": int(key) if key.isdecimal() else key} if subject else None,
        "by": by,
    }
    told = _written(name, at, known | {key: value for key, value in data.items() if key not in known})
    return told if len(told.encode()) <= LARGEST else _written(name, at, known | {"truncated": True})


def _written(name: str, at: datetime, data: dict[str, Any]) -> str:
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told = {"type": name, "timestamp": moment, "data": data}
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)


def headers(message_id: str, body: str, secrets: Sequence[str], *, at: datetime) -> dict[str, str]:
    """The three headers of a message sent at `at`: one signature for each secret."""
    moment = int(at.timestamp())
    content = f"{message_id}.{moment}.{body}".encode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(f"v1,{_signature(secret, content)}" for secret in secrets),
    }


def _signature(secret: str, content: bytes) -> str:
    return base64.b64encode(hmac.new(key_of(secret), content, hashlib.sha256).digest()).decode()


def key_of(secret: str) -> bytes:
    """The bytes of `whsec_…`. Raises ValueError when it is none."""
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a secret is whsec_ and base64") from error
