"""Spark Ads over the wire: the creator's own switch, the posts an ad account may run, whom an ad speaks as."""

import pytest

from greenroom.sandbox import spark as at_tiktok
from greenroom.tiktok import auth, errors, identities, spark

SPARK = (*auth.ACCOUNTS_SCOPES, "biz.spark.auth")


@pytest.fixture
def ana(connect):
    """A creator who lets us switch posts on for ads."""
    return connect("ana", scopes=SPARK)


@pytest.fixture
def item_id(world):
    return world.posts_of(world.account("ana").index)[0].item_id


@pytest.fixture
def own(tiktok, ana, item_id):
    """A call about Ana's newest post, with her token."""
    return lambda do, **asked: do(tiktok, ana.access_token, business_id=ana.open_id, **{"item_id": item_id, **asked})


@pytest.fixture
def advertiser(tiktok, brand, business_app):
    told = tiktok.get("oauth2/advertiser/get/", {"app_id": business_app.id, "secret": business_app.secret},
                      token=brand.access_token)  # fmt: skip
    return told["list"][0]["advertiser_id"]


@pytest.fixture
def ads(tiktok, brand, advertiser):
    """A call of the brand's first ad account."""
    return lambda do, **asked: do(tiktok, brand.access_token, advertiser_id=advertiser, **asked)


def flat(pages):
    return [one for page in pages for one in page]


class TestOwnSwitch:
    def test_on_longer_and_off(self, own):
        with pytest.raises(errors.NotFound):
            own(spark.status)
        on = own(spark.switch, on=True, days=7)
        assert on["auth_code"].startswith("#")
        assert len(on["auth_code"]) == 65
        assert (on["authorization_days"], on["auth_code_status"]) == (7, "NOT_USED")
        assert own(spark.switch, on=True, days=7) == on == own(spark.status)
        longer = own(spark.extend, days=60)
        assert (longer["auth_code"], longer["auth_code_end_time"]) == (on["auth_code"], "2026-05-11 14:05:00")
        assert own(spark.delete)["auth_code_status"] == "DELETED"
        assert own(spark.switch, on=True)["auth_code"] != on["auth_code"]

    def test_what_runs_as_an_ad_stays_on(self, own, ads):
        code = own(spark.switch, on=True)["auth_code"]
        ads(spark.authorize, code=code)
        assert own(spark.status)["auth_code_status"] == "IN_USE"
        for do, asked in ((spark.switch, {"on": False}), (spark.delete, {})):
            with pytest.raises(errors.Rejected):
                own(do, **asked)

    def test_only_own_posts_known_days_and_with_the_permission(self, own, connect, tiktok, world, item_id):
        other = world.posts_of(world.account("ben").index)[0].item_id
        with pytest.raises(errors.NotFound):
            own(spark.switch, on=True, item_id=other)
        with pytest.raises(errors.Rejected):
            own(spark.switch, on=True, days=14)
        plain = connect("cyd")
        with pytest.raises(errors.ScopeMissing):
            spark.status(tiktok, plain.access_token, business_id=plain.open_id, item_id=item_id)


class TestAdAccounts:
    def test_a_code_is_authorised_and_read_back(self, own, ads, item_id, world):
        code = own(spark.switch, on=True, days=30)["auth_code"]
        assert set("+/=#") & set(code)
        with pytest.raises(errors.Rejected):
            ads(spark.post, code=code)
        ads(spark.authorize, code=code)
        ads(spark.authorize, code=code)
        told = ads(spark.post, code=code)
        assert told["auth_info"]["ad_auth_status"] == "AUTHORIZED"
        assert told["auth_info"]["auth_end_time"] == "2026-04-11 14:05:00"
        assert (told["item_info"]["item_id"], told["item_info"]["auth_code"]) == (item_id, code)
        assert told["user_info"]["identity_type"] == "AUTH_CODE"
        assert flat(ads(spark.post_pages)) == [told]
        assert flat(ads(spark.post_pages, keyword=item_id)) == [told]
        assert flat(ads(spark.post_pages, keyword="1" * 19)) == []
        kind = told["item_info"]["item_type"]
        other = "CAROUSEL" if kind == "VIDEO" else "VIDEO"
        assert flat(ads(spark.post_pages, item_types=[other])) == []
        with pytest.raises(errors.Rejected):
            ads(spark.unbind, item_id=item_id)
        world.clock.advance(days=31)
        assert flat(ads(spark.post_pages))[0]["auth_info"]["ad_auth_status"] == "UNAUTHORIZED"
        ads(spark.unbind, item_id=item_id)
        assert flat(ads(spark.post_pages)) == []

    @pytest.mark.parametrize("code", ["#nonsense", "AbC", "＃x"])
    def test_a_code_that_is_none_is_refused(self, ads, code):
        with pytest.raises(errors.Rejected):
            ads(spark.authorize, code=code)

    def test_codes_that_are_over_are_refused(self, own, ads, world):
        code = own(spark.switch, on=True, days=7)["auth_code"]
        own(spark.delete)
        with pytest.raises(errors.Rejected, match="cancelled"):
            ads(spark.authorize, code=code)
        code = own(spark.switch, on=True, days=7)["auth_code"]
        world.clock.advance(days=8)
        with pytest.raises(errors.Rejected, match="expired"):
            ads(spark.authorize, code=code)

    def test_another_ad_account_is_nobody_elses(self, tiktok, brand):
        with pytest.raises(errors.ScopeMissing):
            flat(spark.post_pages(tiktok, brand.access_token, advertiser_id="7000000000000000001"))

    def test_more_posts_than_a_page_holds_come_once_each(self, ads, world):
        account = world.account("ana")
        for post in world.posts_of(account.index)[:55]:
            at_tiktok.switch(world, account, video_id=post.item_id, on=True)
            ads(spark.authorize, code=world.market.sparks[post.item_id].code)
        assert len({one["item_info"]["item_id"] for one in flat(ads(spark.post_pages))}) == 55
        [author] = flat(ads(identities.identity_pages, identity_type="AUTH_CODE"))
        asked = {"identity_type": "AUTH_CODE", "identity_id": author["identity_id"]}
        films = flat(ads(identities.post_pages, **asked)) + flat(
            ads(identities.post_pages, **asked, item_type="CAROUSEL")
        )
        assert len({one["item_id"] for one in films}) == 55
        ids = [one["item_id"] for one in films]
        assert len(ads(identities.posts, **asked, item_ids=ids)) == 55

    def test_no_secret_reaches_the_archive(self, own, ads, exchanges):
        code = own(spark.switch, on=True)["auth_code"]
        ads(spark.authorize, code=code)
        ads(spark.post, code=code)
        flat(ads(spark.post_pages))
        assert all(code.encode() not in one.body and code not in str(one.params) for one in exchanges)


class TestIdentities:
    def test_made_up_names_and_authors(self, ads, own):
        made = ads(identities.create, display_name="Pebblewick", image_uri="tos-1/logo")
        ads(spark.authorize, code=own(spark.switch, on=True)["auth_code"])
        told = {one["identity_type"]: one for one in flat(ads(identities.identity_pages))}
        assert set(told) == {"CUSTOMIZED_USER", "AUTH_CODE"}
        assert (told["CUSTOMIZED_USER"]["identity_id"], told["AUTH_CODE"]["username"]) == (made, "ana")
        assert flat(ads(identities.identity_pages, identity_type="TT_USER")) == []
        author = {"identity_type": "AUTH_CODE", "identity_id": told["AUTH_CODE"]["identity_id"]}
        with pytest.raises(errors.NotFound):
            flat(ads(identities.post_pages, **{**author, "identity_id": made}))
        with pytest.raises(errors.Rejected):
            ads(identities.create, display_name="", image_uri="tos-1/logo")

    def test_the_times_of_an_identitys_post_are_iso(self, ads, own, item_id):
        ads(spark.authorize, code=own(spark.switch, on=True)["auth_code"])
        [author] = flat(ads(identities.identity_pages))
        asked = {"identity_type": "AUTH_CODE", "identity_id": author["identity_id"]}
        [one] = ads(identities.posts, **asked, item_ids=[item_id, "1"])
        assert one["auth_info"]["auth_end_time"] == "2026-04-11T14:05:00Z"
