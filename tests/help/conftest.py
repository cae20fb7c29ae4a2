import pytest


@pytest.fixture
def olga(acme, client):
    client.force_login(acme.olga.user)
    return client


@pytest.fixture
def mia(acme, client):
    client.force_login(acme.mia.user)
    return client
