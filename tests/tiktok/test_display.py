"""Display API v2 against the sandbox."""

import pytest

from greenroom.tiktok import accounts, auth, display, errors


def test_our_scopes_open_every_field():
    for table in (display.USER_FIELDS, display.VIDEO_FIELDS):
        assert accounts.fields_for(auth.LOGIN_KIT_SCOPES, table) == tuple(table)


def test_the_user_comes_with_every_field_asked_for(tiktok, signed_in_ana):
    user = display.user_info(tiktok, signed_in_ana.access_token, fields=list(display.USER_FIELDS))
    assert user.keys() == display.USER_FIELDS.keys()
    assert (user["username"], user["open_id"]) == ("ana", signed_in_ana.open_id)


def test_every_post_comes_once(tiktok, signed_in_ana, world):
    pages = display.video_pages(tiktok, signed_in_ana.access_token, fields=list(display.VIDEO_FIELDS))
    found = [post for page in pages for post in page]
    assert sorted(post["id"] for post in found) == sorted(world.truth("ana")["posts"])
    assert all(post.keys() == display.VIDEO_FIELDS.keys() for post in found)


def test_reading_goes_on_from_a_cursor(tiktok, signed_in_ana):
    def read(**more):
        return list(display.video_pages(tiktok, signed_in_ana.access_token, fields=["id"], max_count=7, **more))

    everything = read()
    assert read(cursor=everything[1].cursor) == everything[2:]


def test_more_than_twenty_posts_by_id_are_asked_for_in_parts(tiktok, signed_in_ana, world, exchanges):
    wanted = sorted(world.truth("ana")["posts"])[:45]
    found = display.videos(tiktok, signed_in_ana.access_token, fields=["id", "view_count"], video_ids=wanted)
    assert sorted(post["id"] for post in found) == wanted
    assert len(exchanges) == 3


def test_a_post_that_is_gone_is_missing(tiktok, signed_in_ana, world):
    gone, kept = sorted(world.truth("ana")["posts"])[:2]
    world.remove(gone)
    found = display.videos(tiktok, signed_in_ana.access_token, fields=["id"], video_ids=[gone, kept])
    assert found == [{"id": kept}]


def test_an_unknown_field_is_rejected(tiktok, signed_in_ana):
    with pytest.raises(errors.Rejected) as caught:
        display.user_info(tiktok, signed_in_ana.access_token, fields=["followers_count"])
    assert caught.value.code == "invalid_params"


def test_a_made_up_token_is_refused(tiktok):
    with pytest.raises(errors.TokenExpired):
        display.user_info(tiktok, "made-up", fields=["display_name"])


def test_a_token_of_the_other_family_is_refused(tiktok, ana):
    with pytest.raises(errors.Unauthorized):
        display.user_info(tiktok, ana.access_token, fields=["display_name"])


def test_a_read_by_post_is_asked_again_after_a_broken_gateway(tiktok, signed_in_ana, world, slept):
    world.faults.set(bad_gateway=2)
    [page, *_] = display.video_pages(tiktok, signed_in_ana.access_token, fields=["id"])
    assert len(page) == 20
    assert len(slept) == 2
