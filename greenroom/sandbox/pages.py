"""HTML of the sandbox: one frame for all its pages, escaped by construction. No script, no foreign host."""

from html import escape
from importlib import resources

from greenroom.sandbox.http import Response

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"


class Html(str):
    """Text that is already HTML."""


def html(template: str, **parts: object) -> Html:
    """`template` with each `{part}` escaped, unless it is `Html` or a list of it."""
    return Html(template.format(**{name: _safe(part) for name, part in parts.items()}))


def _safe(part: object) -> str:
    if isinstance(part, Html):
        return part
    if isinstance(part, list):
        return "".join(_safe(one) for one in part)
    return escape(str(part))


FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · Sandbox</title>
<link rel="stylesheet" href="/_sim/sandbox.css">
<link rel="icon" href="/_sim/media/icon.svg">
</head>
<body>
<header class="flag"><strong>Sandbox: this is not TikTok.</strong> Everyone and everything here is invented.</header>
<main class="{kind}">
{body}
</main>
</body>
</html>
"""


def page(
    title: str, body: Html, *, kind: str = "sheet", status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """A whole page. `kind` is `card` (one decision) or `sheet` (a place to look around)."""
    return Response(
        html(FRAME, title=title, body=body, kind=kind),
        status=status,
        headers={
            "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY, "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", **(headers or {}),
        },
    )  # fmt: skip


def stylesheet() -> Response:
    css = resources.files("greenroom.sandbox").joinpath("sandbox.css").read_text()
    return Response(css, headers={"Content-Type": "text/css; charset=utf-8", "Cache-Control": "max-age=300"})
