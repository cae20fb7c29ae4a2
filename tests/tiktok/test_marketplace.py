"""Marketplace reads of both generations against the sandbox."""

import pytest

from greenroom.tiktok import errors, marketplace
from tests.tiktok import consent
from tests.tiktok.conftest import REDIRECT

BOTH = pytest.mark.parametrize("generation", ["tto", "tcm"])


@BOTH
class TestBrandSide:
    def test_handles_are_in_not_in_or_invalid(self, tiktok, brand, account_id, generation):
        told = marketplace.creator_status(
            tiktok, brand.access_token, account_id=account_id, handles=["@ana", "ben", "no one"], generation=generation
        )
        assert [(one["handle_name"], one["status"]) for one in told] == [
            ("ana", "IN"),
            ("ben", "NOT_IN"),
            ("no one", "INVALID"),
        ]

    def test_more_than_twenty_handles_are_asked_for_in_parts(
        self, tiktok, brand, account_id, generation, world, exchanges
    ):
        handles = [world.account_at(index % world.size).handle for index in range(45)]
        exchanges.clear()
        told = marketplace.creator_status(
            tiktok, brand.access_token, account_id=account_id, handles=handles, generation=generation
        )
        assert len(exchanges) == 3
        assert {one["handle_name"] for one in told} == set(handles)

    def test_a_public_profile(self, tiktok, brand, account_id, generation):
        told = marketplace.creator_public(
            tiktok, brand.access_token, account_id=account_id, handle="@ana", generation=generation
        )
        assert (told["handle_name"], told["display_name"]) == ("ana", "Ana")
        assert told["followers_count"] > 0

    def test_a_handle_outside_the_marketplace_is_not_a_creator(self, tiktok, brand, account_id, generation):
        with pytest.raises(errors.NotACreator) as caught:
            marketplace.creator_public(
                tiktok, brand.access_token, account_id=account_id, handle="ben", generation=generation
            )
        assert caught.value.code == 40121

    def test_an_account_limited_to_germany_reads_germans_only(
        self, tiktok, marketplace_oauth, browser, world, generation
    ):
        url = marketplace_oauth.authorize_url(redirect_uri=REDIRECT, state="s")
        german = marketplace_oauth.exchange(consent.play(browser, url, brand="2")["auth_code"])
        [account_id] = marketplace_oauth.tto_account_ids(german.access_token)
        world.join_marketplace("dov")

        def read(handle):
            return marketplace.creator_public(
                tiktok, german.access_token, account_id=account_id, handle=handle, generation=generation
            )

        assert read("dov")["handle_name"] == "dov"
        with pytest.raises(errors.WrongRegion) as caught:
            read("ana")
        assert caught.value.code == 40122

    def test_every_public_post_comes_once_wherever_the_cursor_is(self, tiktok, brand, account_id, generation, world):
        for uneven in (0.0, 1.0):
            world.faults.set(uneven_shapes=uneven)
            pages = list(
                marketplace.creator_public_video_pages(
                    tiktok, brand.access_token, account_id=account_id, handle="ana", generation=generation
                )
            )
            found = [post["video_id"] for page in pages for post in page]
            assert sorted(found) == sorted(world.truth("ana")["posts"])
            assert len(pages) >= 6

    def test_a_creators_token_does_not_work_here(self, tiktok, ana, account_id, generation):
        with pytest.raises(errors.ScopeMissing):
            marketplace.creator_public(
                tiktok, ana.access_token, account_id=account_id, handle="ana", generation=generation
            )


@BOTH
class TestCreatorSide:
    def test_the_profile_comes_with_its_audience(self, tiktok, ana, generation):
        told = marketplace.creator_authorized(
            tiktok,
            ana.access_token,
            creator_id=ana.open_id,
            fields=["display_name", "audience_countries", "followers_count"],
            generation=generation,
        )
        assert told["display_name"] == "Ana"
        assert all(0 <= share["percentage"] <= 1 for share in told["audience_countries"])

    def test_every_post_comes_once(self, tiktok, ana, generation, world):
        pages = marketplace.creator_authorized_video_pages(
            tiktok, ana.access_token, creator_id=ana.open_id, generation=generation
        )
        assert sorted(post["video_id"] for page in pages for post in page) == sorted(world.truth("ana")["posts"])

    def test_some_posts_by_id(self, tiktok, ana, generation, world):
        wanted = sorted(world.truth("ana")["posts"])[:3]
        pages = marketplace.creator_authorized_video_pages(
            tiktok, ana.access_token, creator_id=ana.open_id, video_ids=wanted, generation=generation
        )
        assert sorted(post["video_id"] for page in pages for post in page) == wanted

    def test_someone_outside_the_marketplace_is_not_a_creator(self, tiktok, connect, generation):
        ben = connect("ben")
        with pytest.raises(errors.NotACreator):
            marketplace.creator_authorized(tiktok, ben.access_token, creator_id=ben.open_id, generation=generation)
