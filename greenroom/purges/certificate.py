"""The certificate of a purge and its verifier, which needs neither database nor settings.

Each store's counts are chained by SHA-256: a link is the hash of the link before it and of the store's lines, the first
one's that of the head. The last link is signed with the install's Ed25519 key. Whoever changes a count, a time, a name
or the order of stores breaks a link; whoever makes all links anew needs the key. Its fingerprint says whose it is.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FORMAT, VERSION = "greenroom-purge-certificate", 1
FORMULA = (
    "link(0) = sha256(canonical(head)); link(n) = sha256(link(n-1) + canonical(store n without its link));"
    " canonical = JSON, keys sorted, no blanks, UTF-8; the last link, as hexadecimal text, is signed with Ed25519."
    " before and after are counts of what the source left in the store; a purge is complete when every after is 0."
)
HEAD = frozenset(
    (
        *("format", "version", "formula", "journal", "workspace", "by", "planned_at", "started_at", "done_at"),
        *("app_version", "tombstones", "backups"),
    )
)
STORE = frozenset({"store", "label", "what", "before", "after", "link"})

Doc = dict[str, Any]


def make(head: Mapping[str, Any], stores: Sequence[Mapping[str, Any]], *, secret: str) -> Doc:
    """The certificate. `stores` have store, label, what, before and after; the key is derived from `secret`."""
    told: Doc = {"format": FORMAT, "version": VERSION, "formula": FORMULA, **head}
    link, chained = _hash(_canonical(told)), []
    for one in stores:
        link = _hash(link.encode() + _canonical(one))
        chained.append({**one, "link": link})
    key = Ed25519PrivateKey.from_private_bytes(sha256(b"greenroom purge certificate " + secret.encode()).digest())
    public = key.public_key().public_bytes_raw().hex()
    seal = {"link": link, "public_key": public, "signature": key.sign(link.encode()).hex()}
    return {**told, "stores": chained, "seal": seal}


def fingerprint(told: Mapping[str, Any]) -> str:
    """Whose certificate it is: the first 16 hexadecimal digits of the key's hash."""
    return _hash(bytes.fromhex(told["seal"]["public_key"]))[:16]


def check(told: Any, *, whose: str = "") -> list[str]:
    """What is wrong with a certificate, in words; nothing when it is whole, complete and, if said, from `whose` key."""
    try:
        return _check(told, whose)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return [f"This is no certificate of a purge: {type(error).__name__} {error}"]


def parse(content: bytes) -> Any:
    """The certificate in a file; None when it is no JSON."""
    try:
        return json.loads(content)
    except ValueError:
        return None


def _check(told: Any, whose: str) -> list[str]:
    if not isinstance(told, dict) or told.get("format") != FORMAT or told.get("version") != VERSION:
        return ["This is no certificate of a purge that this version can read."]
    wrong = []
    if told.keys() != HEAD | {"stores", "seal"} or told["formula"] != FORMULA:
        wrong.append("It has other parts than a certificate has.")
    link = _hash(_canonical({name: told[name] for name in told.keys() - {"stores", "seal"}}))
    for one in told["stores"]:
        if one.keys() != STORE or not _is_count(one["before"]) or not _is_count(one["after"]):
            wrong.append(f"The store {one['store']} does not say its counts.")
        link = _hash(link.encode() + _canonical({name: value for name, value in one.items() if name != "link"}))
        if one["link"] != link:
            return [*wrong, f"The chain breaks at {one['store']}: it, or something before it, was changed."]
        if one["after"]:
            wrong.append(f"{one['after']} {one['what']} are left in {one['label']}.")
    if not told["stores"]:
        wrong.append("It names no store.")
    return [*wrong, *_seal(told, link, whose)]


def _seal(told: Doc, link: str, whose: str) -> list[str]:
    seal, wrong = told["seal"], []
    if seal.keys() != {"link", "public_key", "signature"} or seal["link"] != link:
        wrong.append("The chain does not end where the seal says.")
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(seal["public_key"]))
        key.verify(bytes.fromhex(seal["signature"]), link.encode())
    except InvalidSignature:
        wrong.append("The signature does not fit.")
    if whose and fingerprint(told) != whose.lower():
        wrong.append(f"It is signed by {fingerprint(told)}, not by {whose}.")
    return wrong


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _canonical(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()
