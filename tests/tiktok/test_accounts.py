"""Accounts API against the sandbox."""

from datetime import date, timedelta

import pytest

from greenroom.tiktok import accounts, auth, errors
from greenroom.tiktok.client import as_id


class TestFields:
    def test_only_fields_of_granted_scopes_are_asked_for(self):
        assert accounts.fields_for(["user.info.stats", "user.account.type"], accounts.PROFILE_FIELDS) == (
            "is_business_account",
            "following_count",
            "followers_count",
            "total_likes",
            "videos_count",
        )

    def test_our_scopes_open_every_field(self):
        for table in (accounts.PROFILE_FIELDS, accounts.VIDEO_FIELDS):
            assert accounts.fields_for(auth.ACCOUNTS_SCOPES, table) == tuple(table)

    def test_business_only_fields_are_fields_of_a_day(self):
        assert accounts.DAY_FIELDS.keys() >= accounts.BUSINESS_ONLY | accounts.REGISTERED_BUSINESS_ONLY


class TestProfile:
    def read(self, tiktok, grant, **more):
        fields = more.pop("fields", list(accounts.PROFILE_FIELDS))
        return accounts.profile(tiktok, grant.access_token, business_id=grant.open_id, fields=fields, **more)

    def test_it_says_what_is_true(self, tiktok, ana, world):
        truth = world.truth("ana")
        told = self.read(tiktok, ana)
        days = told.pop("metrics")
        assert told == {name: truth["profile"][name] for name in accounts.TOP_FIELDS if name in truth["profile"]}
        asked = {*accounts.DAY_FIELDS, "followers_count", "date"}
        assert days
        for day in days:
            assert day == {name: value for name, value in truth["metrics"][day["date"]].items() if name in asked}

    def test_days_from_and_to_are_included(self, tiktok, ana, world):
        last = world.clock.now().date() - timedelta(days=3)
        first = last - timedelta(days=4)
        told = self.read(tiktok, ana, fields=["video_views"], start_date=first, end_date=last)
        assert [day["date"] for day in told["metrics"]] == [str(first + timedelta(days=n)) for n in range(5)]

    def test_more_than_sixty_days_back_is_rejected_with_tiktoks_words(self, tiktok, ana, world):
        with pytest.raises(errors.Rejected, match="60 days ago") as caught:
            self.read(tiktok, ana, start_date=date(2025, 1, 1), end_date=date(2025, 1, 2))
        assert (caught.value.code, caught.value.endpoint) == (40002, "business/get/")
        assert caught.value.request_id

    def test_a_field_without_its_scope_asks_for_the_scope(self, tiktok, connect):
        grant = connect("ben", scopes=("user.info.basic",))
        with pytest.raises(errors.ScopeMissing, match=r"user\.info\.stats"):
            self.read(tiktok, grant, fields=["followers_count"])

    def test_a_field_nobody_knows_is_rejected(self, tiktok, ana):
        with pytest.raises(errors.Rejected, match="karma"):
            self.read(tiktok, ana, fields=["karma"])

    def test_somebody_elses_account_stays_closed(self, tiktok, ana, world):
        with pytest.raises(errors.ScopeMissing):
            accounts.profile(tiktok, ana.access_token, business_id=world.open_id(1, "sandbox-app"), fields=["username"])


class TestPosts:
    def read(self, tiktok, grant, **more):
        fields = more.pop("fields", list(accounts.VIDEO_FIELDS))
        pages = accounts.post_pages(tiktok, grant.access_token, business_id=grant.open_id, fields=fields, **more)
        return list(pages)

    def test_every_post_comes_once_and_as_it_is(self, tiktok, ana, world):
        pages = self.read(tiktok, ana)
        assert [len(page) for page in pages] == [20, 20, 20]
        assert {post["item_id"]: post for page in pages for post in page} == world.truth("ana")["posts"]

    def test_short_and_single_item_pages_lose_nothing(self, tiktok, ana, world):
        world.faults.set(short_pages=1.0)
        pages = self.read(tiktok, ana, fields=["item_id"])
        found = [post["item_id"] for page in pages for post in page]
        assert len(pages) > 3
        assert sorted(found) == sorted(world.truth("ana")["posts"])

    def test_reading_goes_on_from_a_pages_cursor(self, tiktok, ana):
        everything = self.read(tiktok, ana, fields=["item_id"])
        rest = self.read(tiktok, ana, fields=["item_id"], cursor=everything[0].cursor)
        assert rest == everything[1:]

    def test_item_id_is_asked_for_even_when_forgotten(self, tiktok, ana):
        [page, *_] = self.read(tiktok, ana, fields=["likes"])
        assert all("item_id" in post for post in page)

    def test_some_posts_by_id(self, tiktok, ana, world):
        wanted = sorted(world.truth("ana")["posts"])[:3]
        [page] = self.read(tiktok, ana, fields=["item_id"], video_ids=wanted)
        assert sorted(post["item_id"] for post in page) == wanted

    def test_ids_that_come_as_numbers_keep_every_digit(self, tiktok, ana, world):
        world.faults.set(numeric_ids=1.0)
        found = [post["item_id"] for page in self.read(tiktok, ana, fields=["item_id"]) for post in page]
        assert all(isinstance(one, int) for one in found)
        assert sorted(map(as_id, found)) == sorted(world.truth("ana")["posts"])

    def test_pages_are_fetched_one_at_a_time(self, tiktok, ana, exchanges):
        pages = accounts.post_pages(tiktok, ana.access_token, business_id=ana.open_id, fields=["item_id"])
        assert len(exchanges) == 0
        next(pages)
        assert len(exchanges) == 1

    def test_more_than_twenty_at_once_is_rejected(self, tiktok, ana):
        with pytest.raises(errors.Rejected, match="max_count"):
            self.read(tiktok, ana, max_count=21)


class TestOtherReads:
    def test_video_settings(self, tiktok, connect):
        grant = connect("ana", scopes=("video.publish",))
        told = accounts.video_settings(tiktok, grant.access_token, business_id=grant.open_id)
        assert "PUBLIC_TO_EVERYONE" in told["privacy_level_options"]

    def test_benchmark(self, tiktok, ana):
        told = accounts.benchmark(
            tiktok, ana.access_token, business_id=ana.open_id, business_category="FOOD_AND_BEVERAGE"
        )
        assert told["average_video_views"] > 0

    def test_hashtag_suggestions(self, tiktok, ana):
        told = accounts.hashtag_suggestions(tiktok, ana.access_token, business_id=ana.open_id, keyword="Bread & salt")
        assert "breadsalt" in [one["name"] for one in told["suggestions"]]
