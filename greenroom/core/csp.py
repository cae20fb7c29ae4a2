"""The Content-Security-Policy of every answer: nothing inline, nothing foreign, no eval."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def policy(form_targets: list[str]) -> str:
    """The header's text. Forms may lead to TikTok's consent page; style attributes carry data widths (`--p:66`)."""
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            f"form-action {' '.join([chr(39) + 'self' + chr(39), *form_targets])}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        target = settings.TIKTOK_URL or "https://www.tiktok.com https://business-api.tiktok.com"
        response.setdefault("Content-Security-Policy", policy([target]))
        return response

    return answer
