"""GREENROOM_HOME: the one folder that holds everything embedded, and the keys in it.

No Django here: settings read this before Django is configured.
"""

import base64
import os
import secrets
from pathlib import Path


def folder() -> Path:
    """The home folder, made on first use and readable by its owner only."""
    place = Path(os.environ.get("GREENROOM_HOME", "") or Path.cwd() / ".greenroom").expanduser().resolve()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def read_settings(home: Path) -> None:
    """Take settings from `greenroom.env` in the home folder, lines of NAME=value; what the environment says wins."""
    path = home / "greenroom.env"
    if not path.exists():
        return
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not (text := line.strip()) or text.startswith("#"):
            continue
        name, sign, value = text.partition("=")
        if not sign:
            raise ValueError(f"{path}, line {number}: expected NAME=value")
        os.environ.setdefault(name.strip(), value.strip().strip("'\""))


def signing_key(home: Path) -> str:
    """The key that signs sessions and links; `GREENROOM_SECRET_KEY` wins over the file."""
    return os.environ.get("GREENROOM_SECRET_KEY") or _kept(home / "signing.key", secrets.token_urlsafe(48))


def encryption_keys(home: Path) -> list[str]:
    """Fernet keys, newest first: the first encrypts, all decrypt. `GREENROOM_KEYS` (with commas) wins over it."""
    given = os.environ.get("GREENROOM_KEYS", "")
    if given:
        return [key.strip() for key in given.split(",") if key.strip()]
    return _kept(home / "encryption.keys", new_encryption_key()).split()


def add_encryption_key(home: Path) -> None:
    """Put a fresh key in front of the kept ones; `greenroom keys rotate` then rewrites every secret with it."""
    path = home / "encryption.keys"
    _write(path, "\n".join([new_encryption_key(), *encryption_keys(home)]))


def retire_encryption_keys(home: Path) -> None:
    """Keep only the newest key, once nothing is encrypted with an older one."""
    _write(home / "encryption.keys", encryption_keys(home)[0])


def new_encryption_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _kept(path: Path, fresh: str) -> str:
    """The text of `path`; two processes that start at once agree on one value."""
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(fresh)
    except FileExistsError:
        for _ in range(100):
            if text := path.read_text().strip():
                return text
        raise RuntimeError(f"{path.name} in GREENROOM_HOME is empty: delete it or restore it from a backup") from None
    return fresh


def _write(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)
