"""Secrets at rest."""

import os

import pytest
from django.conf import settings
from django.db import connection

from greenroom.core import home, secrets
from greenroom.creators.models import Connection


@pytest.fixture
def grant(acme):
    return Connection.objects.create(
        workspace=acme.workspace, dialect="marketplace", state="active", access_token="act.plain-as-day"
    )


def raw(grant) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select access_token from creators_connection where id = %s", [grant.pk])
        return cursor.fetchone()[0]


def test_the_database_holds_ciphertext_and_python_gets_the_text(grant):
    assert "plain" not in raw(grant)
    assert Connection.objects.get(pk=grant.pk).access_token == "act.plain-as-day"


def test_rotation_rewrites_every_secret_so_that_the_old_key_can_go(grant, settings):
    old, new = settings.GREENROOM_KEYS[0], home.new_encryption_key()
    before = raw(grant)
    settings.GREENROOM_KEYS = [new, old]
    assert secrets.reencrypt() == 1
    settings.GREENROOM_KEYS = [new]
    assert raw(grant) != before
    assert Connection.objects.get(pk=grant.pk).access_token == "act.plain-as-day"


def test_keys_are_kept_in_the_home_folder_for_its_owner_only(tmp_path):
    [first] = home.encryption_keys(tmp_path)
    assert home.encryption_keys(tmp_path) == [first]
    home.add_encryption_key(tmp_path)
    assert home.encryption_keys(tmp_path)[1:] == [first]
    assert (tmp_path / "encryption.keys").stat().st_mode & 0o077 == 0
    home.retire_encryption_keys(tmp_path)
    assert len(home.encryption_keys(tmp_path)) == 1


def test_the_install_has_a_key(db):
    assert settings.GREENROOM_KEYS


def test_a_dump_carries_no_secret_and_comes_back(grant):
    from django.core import serializers

    dumped = serializers.serialize("json", [grant])
    assert "plain" not in dumped
    [back] = serializers.deserialize("json", dumped)
    back.save()
    assert Connection.objects.get(pk=grant.pk).access_token == "act.plain-as-day"


def test_settings_may_stand_in_the_home_folder_and_the_environment_wins(tmp_path, monkeypatch):
    monkeypatch.setenv("GREENROOM_TIKTOK_LEVEL", "premium")
    monkeypatch.setenv("GREENROOM_TIKTOK_APP_ID", "")  # so that it is put back afterwards
    monkeypatch.delenv("GREENROOM_TIKTOK_APP_ID")
    (tmp_path / "greenroom.env").write_text("# ours\nGREENROOM_TIKTOK_APP_ID = 'app 7'\nGREENROOM_TIKTOK_LEVEL=basic\n")
    home.read_settings(tmp_path)
    assert os.environ["GREENROOM_TIKTOK_APP_ID"] == "app 7"
    assert os.environ["GREENROOM_TIKTOK_LEVEL"] == "premium"
    (tmp_path / "greenroom.env").write_text("nonsense\n")
    with pytest.raises(ValueError, match="line 1: expected NAME=value"):
        home.read_settings(tmp_path)
