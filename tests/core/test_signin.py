"""The way in: first owner, sign-in, a forgotten password, a second factor."""

import re
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache

from greenroom.core.home import new_encryption_key
from greenroom.core.models import Member, User, Workspace
from greenroom.core.secrets import reencrypt

SECURITY = "/accounts/2fa/"
PASSWORD = "greenroom-pass"


@pytest.fixture(autouse=True)
def _fresh_counts(settings):
    """Rate limits stay on; each test counts from nothing. Mail goes to files, as on a fresh install."""
    cache.clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"


def sign_in(client, email="olga@acme.example", password=PASSWORD, then=SECURITY):
    return client.post(f"/accounts/login/?next={then}", {"login": email, "password": password, "next": then})


def totp(secret: str) -> str:
    """The code an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


class TestFirstOwner:
    FORM = {"workspace": "Acme", "name": "Olga", "email": "olga@acme.example", "password": "a-long-enough-one"}

    def test_a_fresh_install_asks_for_its_first_owner(self, client, db):
        assert client.get("/").url == "/setup/"
        assert b"first owner" in client.get("/setup/").content

    def test_the_first_owner_gets_a_workspace_and_is_signed_in(self, client, db):
        answer = client.post("/setup/", self.FORM)
        assert answer.status_code == 302
        assert (Workspace.objects.get().slug, Member.objects.get().role) == ("acme", "owner")
        assert client.get(SECURITY).status_code == 200

    def test_setup_is_closed_for_good_once_somebody_exists(self, client, acme):
        assert client.get("/setup/").status_code == 302
        client.post("/setup/", {**self.FORM, "email": "mallory@evil.example"})
        assert not User.objects.filter(email="mallory@evil.example").exists()

    def test_a_weak_password_is_refused_with_the_way_to_fix_it(self, client, db):
        answer = client.post("/setup/", {**self.FORM, "password": "password"})
        assert b"at least 10 characters" in answer.content
        assert b'aria-invalid="true"' in answer.content
        assert not User.objects.exists()


class TestSignIn:
    def test_a_member_signs_in_and_out(self, client, acme):
        assert sign_in(client).url == SECURITY
        assert client.get(SECURITY).status_code == 200
        assert client.post("/accounts/logout/").status_code == 302
        assert client.get(SECURITY).status_code == 302

    def test_the_address_may_be_written_in_capitals(self, client, acme):
        assert sign_in(client, email="OLGA@acme.example").status_code == 302

    def test_a_wrong_password_is_told_without_saying_which_half_was_wrong(self, client, acme):
        known = sign_in(client, password="wrong-password").content
        unknown = sign_in(client, email="nobody@acme.example", password="wrong-password").content
        words = rb'role="alert".*?<p>(.*?)</p>'
        assert re.search(words, known, re.S)[1] == b"That email and password do not match."
        assert re.search(words, unknown, re.S)[1] == b"That email and password do not match."
        assert client.get(SECURITY).status_code == 302

    def test_guessing_is_slowed_down(self, client, acme):
        for _ in range(5):
            sign_in(client, password="wrong-password")
        assert b"Too many tries" in sign_in(client).content, "the right password waits too"
        assert client.get(SECURITY).status_code == 302

    def test_nobody_signs_up_by_themselves(self, client, acme):
        assert client.get("/accounts/signup/").status_code == 404

    def test_a_foreign_next_address_is_not_followed(self, client, acme):
        assert "evil" not in sign_in(client, then="https://evil.example/").url

    def test_signing_out_takes_a_post(self, client, acme):
        sign_in(client)
        client.get("/accounts/logout/")
        assert client.get(SECURITY).status_code == 200


class TestForgottenPassword:
    def letter(self, settings) -> str:
        (path,) = Path(settings.EMAIL_FILE_PATH).iterdir()
        return path.read_text()

    def test_the_link_arrives_as_a_file_and_sets_a_new_password(self, client, acme, settings):
        client.post("/accounts/password/reset/", {"email": "olga@acme.example"})
        letter = self.letter(settings)
        assert "Choose a new password" in letter
        link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", letter)[1]
        form = client.get(link, follow=True)
        new = {"password1": "another-long-one", "password2": "another-long-one"}
        assert client.post(form.request["PATH_INFO"], new).status_code == 302
        client.post("/accounts/logout/")
        assert sign_in(client).status_code == 200, "the old one is gone"
        assert sign_in(client, password="another-long-one").status_code == 302

    def test_a_used_link_says_so(self, client, acme, settings):
        self.test_the_link_arrives_as_a_file_and_sets_a_new_password(client, acme, settings)
        link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", self.first(settings))[1]
        client.post("/accounts/logout/")
        assert b"This link no longer works" in client.get(link, follow=True).content

    def first(self, settings) -> str:
        letters = [path.read_text() for path in Path(settings.EMAIL_FILE_PATH).iterdir()]
        return next(letter for letter in letters if "/reset/key/" in letter)

    def test_an_unknown_address_gets_the_same_page_and_no_mail(self, client, acme, settings):
        answer = client.post("/accounts/password/reset/", {"email": "nobody@acme.example"})
        assert answer.url == "/accounts/password/reset/done/"
        assert not Path(settings.EMAIL_FILE_PATH).exists() or not list(Path(settings.EMAIL_FILE_PATH).iterdir())
        assert not getattr(mail, "outbox", [])


class TestSecondFactor:
    def enrol(self, client) -> str:
        sign_in(client)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        page = client.get("/accounts/2fa/totp/activate/")
        assert b'src="data:image/svg+xml' in page.content
        secret = page.context["form"].secret
        assert client.post("/accounts/2fa/totp/activate/", {"code": totp(secret)}).status_code == 302
        return secret

    def test_turning_it_on_asks_for_the_password_again(self, client, acme):
        sign_in(client)
        assert client.get("/accounts/2fa/totp/activate/").url.startswith("/accounts/reauthenticate/")

    def test_signing_in_then_takes_a_code(self, client, acme):
        secret = self.enrol(client)
        client.post("/accounts/logout/")
        cache.clear()  # a code counts once; the next one would only come in 30 seconds
        assert sign_in(client).url.startswith("/accounts/2fa/authenticate/")
        assert client.get(SECURITY).status_code == 302, "the password alone opens nothing"
        wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
        assert b'aria-invalid="true"' in wrong.content
        assert client.post("/accounts/2fa/authenticate/", {"code": totp(secret)}).status_code == 302
        assert client.get(SECURITY).status_code == 200

    def test_a_recovery_code_works_once(self, client, acme):
        self.enrol(client)
        codes = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
        for status in (302, 200):
            client.post("/accounts/logout/")
            sign_in(client)
            answer = client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
            assert answer.status_code == status

    def test_the_secret_is_not_stored_in_the_clear(self, client, acme):
        from allauth.mfa.models import Authenticator

        secret = self.enrol(client)
        assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))

    def test_it_outlives_a_change_of_the_encryption_key(self, client, acme, settings):
        secret = self.enrol(client)
        settings.GREENROOM_KEYS = [new_encryption_key(), *settings.GREENROOM_KEYS]
        reencrypt()
        settings.GREENROOM_KEYS = settings.GREENROOM_KEYS[:1]
        client.post("/accounts/logout/")
        cache.clear()
        sign_in(client)
        assert client.post("/accounts/2fa/authenticate/", {"code": totp(secret)}).status_code == 302


class TestTheme:
    def test_the_choice_is_kept_in_a_cookie_and_leads_back(self, client, acme):
        answer = client.post("/theme/", {"theme": "dark", "next": "/accounts/login/"})
        assert answer.url == "/accounts/login/"
        assert b'data-theme="dark"' in client.get("/accounts/login/").content

    def test_it_leads_to_no_other_host_and_takes_no_other_value(self, client, acme):
        answer = client.post("/theme/", {"theme": '"><b>', "next": "//evil.example/"})
        assert answer.url == "/"
        assert "theme" not in client.cookies
