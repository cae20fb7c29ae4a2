"""The passport of a figure: where it comes from, how it was worked out, why it is missing. Beside it or as a page."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.metrics import definitions
from greenroom.metrics import passport as passports
from greenroom.metrics.query import BadQuery
from greenroom.metrics.where import UnknownSubject
from greenroom.pages import cells
from greenroom.pages.request import StaffRequest

TONES = {"full": "good", "limited": "warn", "partial": "warn", "derived": "line", "entered": "info", "none": "off"}
WORDS = {
    "full": "Available",
    "limited": "Limited",
    "partial": "Partly",
    "derived": "Derived",
    "entered": "Entered",
    "none": "Not available",
}
SUBJECTS = {"account": "@{}", "post": "Post {}", "creator": "{}", "campaign": "{}", "workspace": "All of {}"}
LONGEST_DAYS = 366


@needs(Can.METRICS_READ)
@require_safe
def provenance(request: StaffRequest, metric: str, by: str, key: str) -> HttpResponse:
    """`by` is account, creator, post, campaign or workspace; `?days=28` asks about what was gained in these days."""
    at = clock.now()
    days = request.GET.get("days", "")
    since = at - timedelta(days=int(days)) if days.isdecimal() and 0 < int(days) <= LONGEST_DAYS else None
    if by not in SUBJECTS:
        raise Http404(f"Nothing is measured by {by}")
    try:
        passport = passports.passport(request.workspace, metric=metric, by=by, key=key, since=since, at=at)
    except (BadQuery, definitions.UnknownMetric, UnknownSubject) as unknown:
        raise Http404(str(unknown)) from None
    told = {
        "passport": passport,
        "subject": SUBJECTS[by].format(passport.subject),
        "window": f"Gained in the last {days} days" if since else "",
        "tone": TONES[passport.figure.state],
        "word": WORDS[passport.figure.state],
        "unit": cells.UNITS.get(passport.metric.unit, ""),
        "short": cells.short(passport.figure),
        "here": request.get_full_path(),
        "rows": [(one, cells.short_value(one.value)) for one in passport.readings],
    }
    return web.render(request, "pages/provenance.html#passport", told)
