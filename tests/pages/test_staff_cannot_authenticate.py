"""ACC-08: nothing a member of staff can open, press or send makes an account authenticated."""

import itertools

import pytest
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from greenroom.core import clock
from greenroom.core.access import Can
from greenroom.creators import actions as creators
from greenroom.creators.models import Account, StateChange

CLAIMS = {"authenticated": "true", "state": "active", "handle": "dov", "name": "Dov", "to": "active", "account": "1"}


def staff_pages(patterns=None, prefix=""):
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(one, URLResolver):
            yield from staff_pages(one.url_patterns, prefix + str(one.pattern))
        elif isinstance(one, URLPattern) and isinstance(getattr(one.callback, "needs", None), Can):
            yield one


def addresses(page, ids):
    """The page for every row it could be about."""
    names = [name for name in page.pattern.converters if name != "workspace"]
    for values in itertools.product(ids, repeat=len(names)):
        try:
            yield reverse(page.name, kwargs={"workspace": "acme", **dict(zip(names, values, strict=True))})
        except NoReverseMatch:
            continue


@pytest.mark.parametrize("page", list(staff_pages()), ids=lambda page: page.name)
def test_no_page_of_staff_does(page, acme, people, client):
    at = clock.now()
    people.connect_marketplace(acme.workspace, at=at)
    dov = creators.record_legacy(acme.workspace, handle="dov", by=acme.olga.by, at=at)
    cyd = creators.add_account(acme.workspace, handle="cyd", by=acme.olga.by, at=at)
    client.force_login(acme.olga.user)
    client.raise_request_exception = False
    sent = 0
    for url in addresses(page, {dov.pk, cyd.pk, dov.creator_id, cyd.creator_id}):
        for claims in (CLAIMS, {**CLAIMS, "account": str(dov.pk)}):
            client.post(url, claims)
            client.get(url, claims)
            sent += 1
    assert sent
    assert not Account.objects.filter(authenticated=True).exists()
    assert not StateChange.objects.filter(attribute="authenticated").exists()
