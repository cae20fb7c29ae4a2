"""The page of API keys: made once, shown once, ended."""

from datetime import timedelta

import pytest
from django.test import Client

from greenroom.core import clock
from greenroom.keys.models import Key
from tests.living import words

PAGE = "/w/acme/settings/keys/"


def make(client, **given):
    return client.post(PAGE, {"name": "nightly report", "role": "analyst", "ends": "90", **given})


def test_a_key_is_shown_once_and_works(olga):
    said = words(make(olga))
    (text,) = [word for word in said.split() if word.startswith("gr_") and len(word) > 30]
    assert Client(headers={"authorization": f"Bearer {text}"}).get("/api/v1/w/acme").status_code == 200
    again = words(olga.get(PAGE))
    assert text not in again
    assert "nightly report" in again
    assert "Works" in again


def test_the_answer_with_the_key_is_kept_nowhere(olga):
    assert make(olga)["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("ends", "days"), [("30", 30), ("365", 365), ("never", None)])
def test_a_key_ends_when_it_was_said(olga, ends, days):
    make(olga, ends=ends)
    until = Key.objects.get().expires_at
    if days is None:
        assert until is None
    else:
        assert abs(until - clock.now() - timedelta(days=days)) < timedelta(minutes=1)


@pytest.mark.parametrize("wrong", [{"name": ""}, {"role": "god"}, {"ends": "7000"}])
def test_what_does_not_fit_makes_no_key(olga, wrong):
    assert make(olga, **wrong).status_code == 422
    assert not Key.objects.exists()


def test_a_key_is_revoked_after_a_question(olga):
    make(olga)
    key = Key.objects.get()
    assert "Programs that use" in words(olga.get(f"{PAGE}{key.pk}/revoke/"))
    assert Key.objects.get().state == "live"
    olga.post(f"{PAGE}{key.pk}/revoke/")
    assert Key.objects.get().state == "revoked"
    assert "was revoked already" in words(olga.post(f"{PAGE}{key.pk}/revoke/", follow=True))


def test_an_expired_key_is_told_apart(olga):
    make(olga)
    Key.objects.update(expires_at=clock.now())
    assert "Expired" in words(olga.get(PAGE))


def test_keys_of_others_are_not_here(acme, olga):
    make(olga)
    eve = Client()
    eve.force_login(acme.eve.user)
    pk = Key.objects.get().pk
    assert "No keys yet" in words(eve.get("/w/rival/settings/keys/"))
    assert eve.post(f"/w/rival/settings/keys/{pk}/revoke/").status_code == 404


def test_only_owners_have_the_page(acme, client):
    client.force_login(acme.mia.user)
    assert client.get(PAGE).status_code == 403
