"""What a file told of an account that can't be tracked stands on its page: with its own bulb, and beside true words."""

from django.urls import reverse

from greenroom.creators.models import Account
from tests.living import words

SNAPSHOTS = """handle,followers,views_avg,likes_avg,snapshot
ana,1000,500,40,2025-01-01
ana,1500,700,60,2025-04-01
"""
DAYS = "date,viewers,new_followers\n2025-04-01,120,3\n2025-04-02,80,0\n"


def profile(client, acme, handle: str):
    client.force_login(acme.olga.user)
    account = Account.objects.within(acme.workspace).get(handle=handle)
    return client.get(reverse("creator", args=[acme.workspace.slug, account.creator_id]))


def test_entered_figures_stand_on_the_page_of_an_account_that_cant_be_tracked(desk, acme, client):
    desk.bring("creators", SNAPSHOTS)
    answer = profile(client, acme, "ana")
    html, told = answer.content.decode(), words(answer)
    figures = html[html.index('aria-label="Figures of @ana"') : html.index('id="trend"')]
    assert figures.count("#b-entered") == 3
    for figure in ("Followers", "1,500", "Average views", "700", "Average likes", "60"):
        assert figure in figures
    assert "nothing is read from TikTok. The figures here were entered by your team." in told
    assert "Followers 1 Jan 2025 to 1 Apr 2025" in told
    assert "Followers by day: highest 1,500" in told


def test_entered_days_are_drawn_up_to_the_newest(desk, acme, client):
    desk.bring("account_days", DAYS, account="bea")
    answer = profile(client, acme, "bea")
    told = words(answer)
    assert "Viewers by day: highest 120" in told
    assert "26 of 28 days have no figure and are left open." in told
    assert "New followers by day" in told
    zero = answer.wsgi_request.path + "?trend=daily_new_followers"
    assert "New followers by day: highest 3" in words(client.get(zero))


def test_without_entered_figures_nothing_is_said_of_them(desk, acme, client):
    desk.bring("creators", "handle,name\ncyd,Cyd\n")
    told = words(profile(client, acme, "cyd"))
    assert "entered by your team" not in told.split("What TikTok shares")[0]
    assert "TikTok shares no posts of an account that can't be tracked." in told
