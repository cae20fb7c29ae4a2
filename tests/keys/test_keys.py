"""Keys: made once, recognised, ended."""

from datetime import timedelta

import pytest

from greenroom.core.access import ROLES, Can
from greenroom.core.models import Event
from greenroom.core.state import IllegalMove
from greenroom.keys import actions as keys
from greenroom.keys.models import Key


@pytest.fixture
def make(acme, at):
    def made(role="manager", maker=acme.olga, **given):
        told = {"name": "nightly", "permissions": maker.permissions, "by": maker.by, "at": at, **given}
        return keys.make_key(acme.workspace, role=role, **told)

    return made


class TestMaking:
    def test_only_a_digest_is_kept(self, make):
        made = make()
        kept = Key.objects.values().get()
        assert made.text.startswith(kept["prefix"] + "_")
        assert made.text not in map(str, kept.values())
        assert len(made.text) > 50

    def test_two_keys_differ(self, make):
        assert make().text != make().text

    @pytest.mark.parametrize(("maker", "roles"), [("olga", list(ROLES)), ("vic", ["client"])])
    def test_a_maker_may_give_roles_that_may_do_no_more(self, acme, maker, roles):
        assert keys.roles_for(getattr(acme, maker).permissions) == roles

    def test_a_role_above_the_makers_own_is_refused(self, acme, make):
        with pytest.raises(keys.NotYours):
            make(role="owner", maker=acme.mia)
        assert not Key.objects.exists()

    def test_it_is_an_event_without_the_secret(self, acme, make):
        made = make(role="analyst")
        event = Event.objects.get(name="key.made")
        assert event.by == acme.olga.by
        assert event.subject == made.key.by
        assert event.data["role"] == "analyst"
        assert made.text not in str(event.data)


class TestRecognising:
    def test_the_whole_text_is_needed(self, make, at):
        made = make()
        assert keys.recognise(made.text, at=at) == made.key
        for wrong in (
            "",
            "gr_",
            made.key.prefix,
            made.text[:-1],
            made.text + "x",
            made.text.upper(),
            "gr_\x00" * 9,
            "é",
        ):
            with pytest.raises(keys.NoSuchKey) as refused:
                keys.recognise(wrong, at=at)
            assert refused.value.code == "unknown"

    def test_it_has_the_permissions_of_its_role(self, make, at):
        found = keys.recognise(make(role="analyst").text, at=at)
        assert Can.JOBS_READ in found.permissions
        assert Can.JOBS_RUN not in found.permissions

    def test_its_use_is_kept_to_the_minute(self, make, at):
        made = make()
        keys.recognise(made.text, at=at)
        keys.recognise(made.text, at=at + timedelta(seconds=59))
        assert Key.objects.get().last_used_at == at
        keys.recognise(made.text, at=at + timedelta(minutes=1))
        assert Key.objects.get().last_used_at == at + timedelta(minutes=1)

    def test_an_expired_key_is_turned_away(self, make, at):
        made = make(expires_at=at + timedelta(days=1))
        assert keys.recognise(made.text, at=at + timedelta(hours=23)) == made.key
        with pytest.raises(keys.NoSuchKey) as refused:
            keys.recognise(made.text, at=at + timedelta(days=1))
        assert refused.value.code == "expired"

    def test_a_revoked_key_is_turned_away(self, acme, make, at):
        made = make()
        keys.revoke_key(made.key, by=acme.olga.by, at=at)
        with pytest.raises(keys.NoSuchKey) as refused:
            keys.recognise(made.text, at=at)
        assert refused.value.code == "revoked"


class TestRevoking:
    def test_it_is_an_event_and_happens_once(self, acme, make, at):
        key = make().key
        keys.revoke_key(key, by=acme.olga.by, at=at)
        assert Event.objects.get(name="key.revoked").subject == key.by
        assert Key.objects.get().revoked_at == at
        with pytest.raises(IllegalMove):
            keys.revoke_key(key, by=acme.olga.by, at=at)
