"""The way of a message through the mail server: retried, given up, never sent twice."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from greenroom.core.models import Event
from greenroom.messages import delivering, writing
from greenroom.messages.models import Message
from tests.messages.conftest import BY, draft, post, write


class Broken(EmailBackend):
    """A mail server that fails as it is told, when it is opened or when it gets a mail."""

    opening: Exception | None = None
    sending: Exception | None = None

    def open(self):
        if self.opening:
            raise self.opening

    def send_messages(self, messages):
        if self.sending:
            raise self.sending
        return super().send_messages(messages)


@pytest.fixture
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    monkeypatch.setattr(Broken, "opening", None)
    monkeypatch.setattr(Broken, "sending", None)
    return Broken


def test_a_server_that_is_away_is_tried_again_later_and_the_mail_goes_once(campaign, ana, at, server):
    (message,) = write(campaign, draft(body="Hi"), at=at)
    server.opening = ConnectionRefusedError("nobody listens")
    post(at)
    message.refresh_from_db()
    assert (message.state, message.begun_at, message.tries) == ("queued", None, 1)
    assert message.due_at == at + timedelta(seconds=10)
    assert "nobody listens" in message.last_error
    server.opening = None
    assert post(at) == 0
    assert post(message.due_at) == 1
    message.refresh_from_db()
    assert (message.state, message.words, len(mail.outbox)) == ("sent", "", 1)


def test_after_many_tries_it_is_given_up_and_a_person_may_send_it_again(campaign, ana, at, server):
    (message,) = write(campaign, draft(body="Hi"), at=at)
    server.opening = ConnectionRefusedError("nobody listens")
    now = at
    for _ in range(delivering.TRIES):
        post(now)
        message.refresh_from_db()
        now = message.due_at or now
    assert (message.state, message.reason, message.due_at) == ("failed", "unreachable", None)
    server.opening = None
    writing.again(message, by=BY, at=now)
    post(now)
    message.refresh_from_db()
    assert (message.state, message.reason, len(mail.outbox)) == ("sent", "", 1)


@pytest.mark.parametrize(
    ("error", "state", "reason"),
    [
        (smtplib.SMTPRecipientsRefused({"ana@creators.example": (550, b"no such user")}), "failed", "refused"),
        (smtplib.SMTPRecipientsRefused({"ana@creators.example": (450, b"busy")}), "queued", ""),
        (smtplib.SMTPDataError(554, b"spam"), "failed", "refused"),
        (smtplib.SMTPDataError(451, b"later"), "queued", ""),
        (smtplib.SMTPServerDisconnected("gone"), "failed", "unknown"),
        (TimeoutError("slow"), "failed", "unknown"),
    ],
)
def test_what_a_server_says_decides_what_follows(campaign, ana, at, server, error, state, reason):
    (message,) = write(campaign, draft(body="Hi"), at=at)
    server.sending = error
    post(at)
    message.refresh_from_db()
    assert (message.state, message.reason) == (state, reason)
    assert Event.objects.filter(name="message.failed").exists() == (state == "failed")


def test_a_message_whose_sender_was_killed_is_not_sent_a_second_time(campaign, ana, at):
    (message,) = write(campaign, draft(body="Hi"), at=at)
    Message.objects.filter(pk=message.pk).update(begun_at=at)  # as the killed process left it
    post(at + timedelta(minutes=1))
    message.refresh_from_db()
    assert (message.state, message.reason, mail.outbox) == ("failed", "unknown", [])


def test_two_workers_send_one_mail(campaign, ana, at):
    (message,) = write(campaign, draft(body="Hi"), at=at)
    stale = Message.objects.select_related("account__creator__workspace", "workspace").get(pk=message.pk)
    post(at)
    delivering.deliver(stale, at=at)
    assert len(mail.outbox) == 1


def test_a_slow_sender_that_was_thought_lost_tells_the_truth_in_the_end(campaign, ana, at, server, monkeypatch):
    (message,) = write(campaign, draft(body="Hi"), at=at)
    row = Message.objects.select_related("account__creator__workspace", "workspace").get(pk=message.pk)
    sending = Broken.send_messages

    def slowly(self, mails):
        other = Message.objects.select_related("account__creator__workspace", "workspace").get(pk=message.pk)
        delivering.deliver(other, at=at)  # its lease lapsed, and another worker came
        return sending(self, mails)

    monkeypatch.setattr(Broken, "send_messages", slowly)
    delivering.deliver(row, at=at)
    message.refresh_from_db()
    assert (message.state, message.reason, len(mail.outbox)) == ("sent", "", 1)


def test_files_are_the_mail_server_of_a_fresh_install(campaign, ana, at, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    write(campaign, draft(body="Hi"), at=at)
    post(at)
    (file,) = settings.EMAIL_FILE_PATH.iterdir()
    assert "To: ana@creators.example" in file.read_text()
