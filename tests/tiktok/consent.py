"""Playing the person on TikTok's consent page, over whatever transport reaches it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import httpx2


def play(http: httpx2.Client, url: str, **form: str | list[str]) -> dict[str, str]:
    """Open the page at `url`, send its form (approved unless `decision` says otherwise), give what the app is told.

    Every scope asked for is granted unless `scope` lists fewer.
    """
    assert http.get(url).status_code == 200
    asked = dict(parse_qsl(urlsplit(url).query))
    answer = http.post(url, data={"decision": "approve", "scope": asked.get("scope", "").split(","), **form})
    assert answer.status_code == 302, answer.text
    return told(answer)


def told(answer: httpx2.Response) -> dict[str, str]:
    """What the redirect of an answer tells the app."""
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
