"""People at their browsers: each has one of their own, and mail is kept where tests can read it."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"


@pytest.fixture(autouse=True)
def _mail_and_limits(settings):
    cache.clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def browser():
    """A browser nobody is signed in with; with a Member, theirs."""

    def open_one(member=None):
        client = Client(headers={"user-agent": BROWSER})
        if member is not None:
            client.force_login(member.user)
        return client

    return open_one


@pytest.fixture
def sign_in():
    """Through the form, as a person does."""

    def through(client, email, password="greenroom-pass", then="/accounts/you/"):
        return client.post(f"/accounts/login/?next={then}", {"login": email, "password": password, "next": then})

    return through


def path_in_mail(number: int = -1) -> str:
    """The path of the link in a letter."""
    return re.search(r"http://127\.0\.0\.1:8000(\S+)", mail.outbox[number].body)[1]


def text(answer) -> str:
    return answer.content.decode()
