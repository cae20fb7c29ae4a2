"""Where TikTok's webhooks come in."""

import logging

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from greenroom.campaigns import told
from greenroom.core import clock
from greenroom.core.access import anyone
from greenroom.tiktok import webhooks

LARGEST = 256 * 1024
log = logging.getLogger(__name__)


@anyone("TikTok itself: its signature is checked before anything is read")
@csrf_exempt
@require_POST
def tiktok(request: HttpRequest) -> HttpResponse:
    """200 for what TikTok signed, also for what we can't read: it would only be sent again.

    401 for what it did not sign, 403 for what it signed for another time, 409 for what it sent before. No answer has a
    body, so that nobody learns by trying.
    """
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            return HttpResponse(status=413)
        raw = request.body
    except (RequestDataTooBig, RawPostDataException, UnreadablePostError, ValueError):
        return HttpResponse(status=400)
    try:
        told.hear(raw, signature=request.headers.get("X-Open-Signature", ""), at=clock.now())
    except webhooks.BadSignature as forged:
        log.warning("a webhook that TikTok did not sign was refused: %s", forged)
        return HttpResponse(status=401)
    except webhooks.BadTime as untimely:
        log.warning("a webhook of another time was refused: %s", untimely)
        return HttpResponse(status=403)
    except told.Replayed:
        log.info("a webhook that came again was refused")
        return HttpResponse(status=409)
    except webhooks.Unreadable as strange:
        log.warning("TikTok sent a webhook that we can't read: %s", strange)
    return HttpResponse(status=200)
