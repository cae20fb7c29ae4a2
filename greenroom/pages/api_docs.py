"""The Business API, to read and to try, from this install's own files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from greenroom.core.access import anyone


@anyone("what is described is the same for everybody; trying it needs a key or a session")
@ensure_csrf_cookie
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/api_docs.html")
