"""What somebody types into the address of a page never breaks it, whichever database there is."""

import pytest

from greenroom.creators.models import Account, Creator

HUGE = "9" * 40


@pytest.mark.parametrize(
    "path",
    [
        "creators/?q=a%00b",
        "creators/?country=%00&label=%00&page=%00&sort=%00&view=%00",
        f"creators/?label={HUGE}&list={HUGE}&page={HUGE}",
        "settings/audit/?q=%00&subject=%00&actor=member:%00",
        f"settings/audit/?after={HUGE}-{HUGE}&actor=member:{HUGE}&subject=account:{HUGE}",
        "search/?q=%00",
        "help/?q=%00",
    ],
)
def test_a_list_opens(olga, path):
    assert olga.get(f"/w/acme/{path}").status_code == 200


@pytest.mark.parametrize(
    "path", ["provenance/views/account/%00/", f"provenance/views/account/{HUGE}/", f"creators/{HUGE}/"]
)
def test_nothing_is_there(olga, path):
    assert olga.get(f"/w/acme/{path}").status_code == 404


def test_what_can_t_be_seen_is_not_searched_for(olga, acme, at):
    person = Creator.objects.create(workspace=acme.workspace, name="Ana Oat", created_at=at)
    Account.objects.create(workspace=acme.workspace, creator=person, handle="ana", origin="crm", created_at=at)
    assert "Ana Oat" in olga.get("/w/acme/creators/?q=Ana%E2%80%8B Oat").content.decode()
