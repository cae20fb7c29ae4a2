"""`python-tiktok` 0.1.12, unchanged, against the sandbox: one test per method of its BusinessAccountApi."""

import inspect
import re
import sys
from importlib.metadata import version

import pytest
from pytiktok import BusinessAccountApi
from pytiktok.error import PyTiktokError

from tests.clients.conftest import APP_ID, REDIRECT, SECRET

ALL_PROFILE_FIELDS = [
    "is_business_account", "username", "display_name", "profile_image", "followers_count", "profile_deep_link",
    "bio_description", "is_verified", "following_count", "total_likes", "videos_count", "audience_ages",
    "audience_genders", "audience_countries", "audience_cities", "video_views", "profile_views", "likes", "comments",
    "shares",
]  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x03\x00\x00\x00\x02\x08\x02\x00\x00\x00\x12\x16\xf1M"
NOT_A_REQUEST = {"parse_response"}


def new_api(server, **more):
    base = f"{server.url}/open_api"
    return BusinessAccountApi(app_id=APP_ID, app_secret=SECRET, base_url=base, oauth_redirect_uri=REDIRECT, **more)


def code_of(caught):
    return caught.value.message["code"]


@pytest.fixture(scope="module")
def connected(server, creator_code):
    """The client with ANA's token, and ANA's open id."""
    api = new_api(server)
    told = api.generate_access_token(code=creator_code(), return_json=True)
    return api, told["open_id"]


@pytest.fixture(scope="module")
def api(connected):
    return connected[0]


@pytest.fixture(scope="module")
def business_id(connected):
    return connected[1]


@pytest.fixture(scope="module")
def item_id(api, business_id):
    """ANA's oldest post: it has comments."""
    return api.get_account_videos(business_id, fields=["item_id"], max_count=20).data.videos[-1].item_id


def test_it_is_the_version_the_bar_names():
    assert version("python-tiktok") == "0.1.12"


def test_no_method_is_forgotten():
    methods = {name for name, _ in inspect.getmembers(BusinessAccountApi, inspect.isfunction) if name[0] != "_"}
    tests = {name.removeprefix("test_") for name in vars(sys.modules[__name__]) if name.startswith("test_")}
    assert methods - NOT_A_REQUEST <= tests
    assert len(methods - NOT_A_REQUEST) == 25


# tokens


def test_generate_access_token(server, creator_code):
    api = new_api(server)
    token = api.generate_access_token(code=creator_code(["user.info.basic", "video.list"]))
    assert (token.token_type, token.scope, token.expires_in) == ("Bearer", "user.info.basic,video.list", 86_400)
    assert token.refresh_token_expires_in == 31_536_000
    assert api.get_account_data(token.open_id).data.display_name == "Ana"


def test_refresh_access_token(server, creator_code):
    api = new_api(server)
    first = api.generate_access_token(code=creator_code())
    second = api.refresh_access_token(first.refresh_token)
    assert second.open_id == first.open_id
    assert second.access_token != first.access_token
    assert api.get_account_data(second.open_id).data.display_name == "Ana"


def test_revoke_access_token(server, creator_code):
    api = new_api(server)
    token = api.generate_access_token(code=creator_code())
    assert api.revoke_access_token(token.access_token, return_json=True)["data"] == {}
    with pytest.raises(PyTiktokError) as caught:
        api.get_account_data(token.open_id)
    assert code_of(caught) == 40105


def test_get_token_info(api, business_id):
    told = api.get_token_info(api.access_token)
    assert (told.app_id, told.creator_id) == (APP_ID, business_id)
    assert "video.insights" in told.scope.split(",")


# reading


def test_get_account_data(api, business_id):
    answer = api.get_account_data(business_id, fields=ALL_PROFILE_FIELDS)
    assert (answer.code, answer.message, answer.data.username) == (0, "OK", "ana")
    assert answer.data.followers_count > 0
    assert abs(sum(share.percentage for share in answer.data.audience_ages) - 1) < 0.01
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day.date) for day in answer.data.metrics)


def test_get_account_videos(api, business_id):
    fields = ["item_id", "create_time", "video_views", "likes", "audience_countries", "video_view_retention"]
    first = api.get_account_videos(business_id, fields=fields, max_count=20).data
    rest = api.get_account_videos(business_id, fields=fields, cursor=first.cursor, max_count=20).data
    assert (len(first.videos), first.has_more, rest.has_more) == (20, True, False)
    assert len({video.item_id for video in [*first.videos, *rest.videos]}) == 25
    assert first.videos[-1].video_views >= first.videos[-1].likes > 0
    one = api.get_account_videos(business_id, filters={"video_ids": [first.videos[3].item_id]}).data
    assert [video.item_id for video in one.videos] == [first.videos[3].item_id]


def test_get_account_post_privacy(api, business_id):
    assert "PUBLIC_TO_EVERYONE" in api.get_account_post_privacy(business_id).data.privacy_level_options


def test_get_business_category_benchmarks(api, business_id):
    told = api.get_business_category_benchmarks(business_id, "FOOD_AND_BEVERAGE").data
    assert told.business_category == "FOOD_AND_BEVERAGE"
    assert told.average_video_views > told.average_likes > 0


def test_get_hashtag_suggestions(api, business_id):
    suggestions = api.get_hashtag_suggestions(business_id, "bread").data.suggestions
    assert "bread" in [one.name for one in suggestions]


# publishing


def test_create_video(api, business_id):
    post_info = {"caption": "Fresh bread", "is_brand_organic": False, "is_branded_content": False}
    told = api.create_video(business_id, "https://media.example/bread.mp4", post_info)
    assert told.data.share_id.startswith("v_pub_url~v1.")


def test_create_photo(api, business_id):
    told = api.create_photo(business_id, ["https://media.example/bread.jpg"], {"privacy_level": "SELF_ONLY"})
    assert api.get_publish_status(business_id, told.data.share_id).data.status


def test_get_publish_status(api, business_id):
    post_info = {"caption": "More bread", "is_brand_organic": False, "is_branded_content": False}
    share_id = api.create_video(business_id, "https://media.example/more.mp4", post_info).data.share_id
    told = api.get_publish_status(business_id, share_id).data
    assert told.status in {"PROCESSING_DOWNLOAD", "PUBLISH_COMPLETE"}


# comments


def test_get_video_comments(api, business_id, item_id):
    order = {"sort_field": "create_time", "sort_order": "asc"}
    told = api.get_video_comments(business_id, item_id, include_replies=True, status="ALL", max_count=30, **order).data
    assert told.comments
    assert {one.video_id for one in told.comments} == {item_id}
    assert [one.create_time for one in told.comments] == sorted(one.create_time for one in told.comments)
    wanted = [told.comments[0].comment_id]
    only = api.get_video_comments(business_id, item_id, comment_ids=wanted).data.comments
    assert [one.comment_id for one in only] == wanted


def test_create_comment(api, business_id, item_id):
    made = api.create_comment(business_id, item_id, text="Thank you all").data
    listed = api.get_video_comments(business_id, item_id, comment_ids=[made.comment_id]).data.comments
    assert [(one.text, one.owner) for one in listed] == [("Thank you all", True)]


def test_create_reply(api, business_id, item_id):
    parent = api.create_comment(business_id, item_id, text="Questions?").data.comment_id
    reply = api.create_reply(business_id, item_id, parent, text="Ask away").data
    assert reply.parent_comment_id == parent


def test_get_comment_replies(api, business_id, item_id):
    parent = api.create_comment(business_id, item_id, text="Anyone?").data.comment_id
    api.create_reply(business_id, item_id, parent, text="Me")
    told = api.get_comment_replies(
        business_id, item_id, parent, status="ALL", sort_field="likes", sort_order="desc", max_count=5
    ).data
    assert [(one.text, one.parent_comment_id) for one in told.comments] == [("Me", parent)]


def test_like_comment(api, business_id, item_id):
    comment_id = api.create_comment(business_id, item_id, text="Like this").data.comment_id
    assert api.like_comment(business_id, comment_id, "LIKE").code == 0
    assert api.get_video_comments(business_id, item_id, comment_ids=[comment_id]).data.comments[0].liked
    assert api.like_comment(business_id, comment_id, "UNLIKE").code == 0
    assert not api.get_video_comments(business_id, item_id, comment_ids=[comment_id]).data.comments[0].liked


def test_pin_comment(api, business_id, item_id):
    comment_id = api.create_comment(business_id, item_id, text="Pin this").data.comment_id
    assert api.pin_comment(business_id, item_id, comment_id, "PIN").code == 0
    assert api.get_video_comments(business_id, item_id, comment_ids=[comment_id]).data.comments[0].pinned


def test_hide_comment(api, business_id, item_id):
    comment_id = api.create_comment(business_id, item_id, text="Hide this").data.comment_id
    assert api.hide_comment(business_id, item_id, comment_id, "HIDE").code == 0
    seen = {}
    for status in ("PUBLIC", "ALL"):
        listed = api.get_video_comments(business_id, item_id, status=status, max_count=30).data.comments
        seen[status] = comment_id in {one.comment_id for one in listed}
    assert seen == {"PUBLIC": False, "ALL": True}


def test_delete_comment(api, business_id, item_id):
    comment_id = api.create_comment(business_id, item_id, text="Delete this").data.comment_id
    assert api.delete_comment(business_id, comment_id).code == 0
    assert not api.get_video_comments(business_id, item_id, comment_ids=[comment_id]).data.comments


def test_upload_comment_image(api, business_id):
    assert api.upload_comment_image(business_id, PNG).data.image_uri


# url properties


def test_add_url_property(api):
    told = api.add_url_property(APP_ID, 1, "added.example").data.url_property_info
    assert (told.property_type, told.url) == (1, "added.example")
    assert told.signature


def test_check_url_property_verification(api):
    api.add_url_property(APP_ID, 2, "https://checked.example/media/")
    told = api.check_url_property_verification(APP_ID, 2, "https://checked.example/media/").data.url_property_info
    assert told.url == "https://checked.example/media/"


def test_get_url_property_list(api):
    api.add_url_property(APP_ID, 1, "listed.example")
    told = api.get_url_property_list(APP_ID).data.url_property_info_list
    assert "listed.example" in [one.url for one in told]


def test_delete_url_property(api):
    api.add_url_property(APP_ID, 1, "deleted.example")
    assert api.delete_url_property(APP_ID, 1, "deleted.example").code == 0
    told = api.get_url_property_list(APP_ID, return_json=True)["data"]["url_property_info_list"]
    assert "deleted.example" not in [one["url"] for one in told]


class TestErrors:
    def test_a_made_up_token_is_40105_in_tiktoks_words(self, server, business_id):
        with pytest.raises(PyTiktokError) as caught:
            new_api(server, access_token="act.made-up").get_account_data(business_id)
        assert code_of(caught) == 40105
        assert caught.value.message["message"] == "Access token is incorrect or has been revoked."

    def test_a_used_code_is_40110(self, server, creator_code):
        code = creator_code()
        new_api(server).generate_access_token(code=code)
        with pytest.raises(PyTiktokError) as caught:
            new_api(server).generate_access_token(code=code)
        assert code_of(caught) == 40110

    def test_a_scope_that_was_not_granted_is_40001(self, server, creator_code):
        api = new_api(server)
        token = api.generate_access_token(code=creator_code(["user.info.basic"]))
        with pytest.raises(PyTiktokError) as caught:
            api.get_account_videos(token.open_id)
        assert code_of(caught) == 40001

    def test_another_version_is_no_endpoint(self, server, business_id):
        with pytest.raises(PyTiktokError) as caught:
            new_api(server, access_token="any", api_version="v1.2").get_account_data(business_id)
        assert code_of(caught) == 40008

    @pytest.mark.parametrize(("fault", "code"), [("throttled", 40100), ("busy", 50002)])
    def test_the_faults_of_the_envelope_raise_with_their_code(self, api, business_id, faults, fault, code):
        faults(**{fault: 1})
        with pytest.raises(PyTiktokError) as caught:
            api.get_account_data(business_id)
        assert code_of(caught) == code

    def test_a_broken_gateway_is_no_json(self, api, business_id, faults):
        faults(bad_gateway=1)
        with pytest.raises(PyTiktokError, match="Unknown error"):
            api.get_account_data(business_id)
