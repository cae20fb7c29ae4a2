"""`tiktok-business-api-sdk-official` 1.1.3, unchanged, against the sandbox.

Of everything the sandbox serves the SDK knows two paths; its transport reaches the others.
"""

import re
from importlib.metadata import version
from pathlib import Path

import business_api_client
import pytest
from business_api_client.rest import ApiException
from business_api_client.tiktok_business.tiktok_exceptions import TiktokSDKError

from greenroom.sandbox import business
from tests.clients.conftest import APP_ID, SECRET

MADE_UP = "act.made-up"


@pytest.fixture(scope="module")
def sdk(server):
    configuration = business_api_client.Configuration()
    configuration.host = server.url
    return business_api_client.ApiClient(configuration)


@pytest.fixture(scope="module")
def authentication(sdk):
    return business_api_client.AuthenticationApi(sdk)


def exchange(authentication, code, *, app_id=APP_ID, secret=SECRET):
    body = business_api_client.Oauth2AccessTokenBody(app_id=app_id, secret=secret, auth_code=code)
    return authentication.oauth2_access_token(body=body)


@pytest.fixture(scope="module")
def token(authentication, brand_code):
    return exchange(authentication, brand_code())["data"]["access_token"]


def code_of(caught):
    return int(re.match(r"Error Code: (\d+), message: .+, request_id: \w+$", str(caught.value))[1])


def test_it_is_the_version_the_bar_names():
    assert version("tiktok-business-api-sdk-official") == "1.1.3"


def test_these_are_all_it_can_ask_of_the_sandbox():
    files = (Path(business_api_client.__file__).parent / "api").glob("*.py")
    named = {path for file in files for path in re.findall(r"'/open_api/v1\.3/([^']+)'", file.read_text())}
    assert len(named) > 200
    identities = {"identity/get/", "identity/create/", "identity/video/info/"}
    assert named & set(business.ROUTES) == {"oauth2/access_token/", "oauth2/advertiser/get/"} | identities


def test_oauth2_access_token(authentication, brand_code):
    answer = exchange(authentication, brand_code())
    assert set(answer) == {"data", "request_id"}
    assert answer["data"].keys() == {"access_token", "advertiser_ids", "scope"}
    assert 13020000 in answer["data"]["scope"]


def test_oauth2_advertiser_get(authentication, token):
    answer = authentication.oauth2_advertiser_get(APP_ID, SECRET, token)
    assert [one["advertiser_name"] for one in answer["data"]["list"]] == ["Brandco 1", "Brandco 2"]
    assert answer["request_id"]


def test_asked_in_another_thread_it_gets_the_same(authentication, token):
    waiting = authentication.oauth2_advertiser_get(APP_ID, SECRET, token, async_req=True)
    assert waiting.get(timeout=10).code == 0


class TestErrors:
    def ask(self, authentication, token, *, app_id=APP_ID, secret=SECRET):
        with pytest.raises(TiktokSDKError) as caught:
            authentication.oauth2_advertiser_get(app_id, secret, token)
        return caught

    def test_a_made_up_token_is_40105_in_tiktoks_words(self, authentication):
        caught = self.ask(authentication, MADE_UP)
        assert code_of(caught) == 40105
        assert "Access token is incorrect or has been revoked." in str(caught.value)

    def test_an_empty_token_is_40104(self, authentication):
        assert code_of(self.ask(authentication, "")) == 40104

    def test_a_wrong_secret_is_40101_and_a_wrong_app_40113(self, authentication, token):
        assert code_of(self.ask(authentication, token, secret="guess")) == 40101
        assert code_of(self.ask(authentication, token, app_id="7")) == 40113

    def test_a_used_code_is_40110(self, authentication, brand_code):
        code = brand_code()
        exchange(authentication, code)
        with pytest.raises(TiktokSDKError) as caught:
            exchange(authentication, code)
        assert code_of(caught) == 40110
        assert "The auth_code is canceled." in str(caught.value)

    @pytest.mark.parametrize(("fault", "code"), [("throttled", 40100), ("busy", 50002)])
    def test_the_faults_of_the_envelope_raise_with_their_code(self, authentication, token, faults, fault, code):
        faults(**{fault: 1})
        assert code_of(self.ask(authentication, token)) == code

    def test_a_broken_gateway_is_another_exception(self, authentication, token, faults):
        faults(bad_gateway=1)
        with pytest.raises(ApiException) as caught:
            authentication.oauth2_advertiser_get(APP_ID, SECRET, token)
        assert caught.value.status == 502

    def test_an_ads_call_of_the_sdk_meets_no_such_endpoint(self, sdk, token):
        with pytest.raises(TiktokSDKError) as caught:
            business_api_client.AccountManagementApi(sdk).advertiser_info(["7"], token)
        assert code_of(caught) == 40008


class TestTransport:
    """The SDK's own transport on paths it has no method for."""

    def get(self, sdk, path, token, **query):
        return sdk.call_api(
            f"/open_api/v1.3/{path}",
            "GET",
            query_params=list(query.items()),
            header_params={"Access-Token": token},
            response_type="InlineResponse200",
            _return_http_data_only=True,
        )

    def test_marketplace_accounts_and_a_creators_status(self, sdk, token):
        told = self.get(sdk, "tto/oauth2/tcm/", token, app_id=APP_ID, secret=SECRET)
        [account_id] = told["data"]["tto_tcm_account_ids"]
        told = self.get(
            sdk,
            "tto/tcm/creator/status/get/",
            token,
            tto_tcm_account_id=account_id,
            handle_names='["ana", "ben"]',
        )
        assert [one["status"] for one in told["data"]["onboarding_status"]] == ["IN", "NOT_IN"]

    def test_an_order_is_made_and_its_campaign_listed(self, sdk, token):
        told = self.get(sdk, "tto/oauth2/tcm/", token, app_id=APP_ID, secret=SECRET)
        [account_id] = told["data"]["tto_tcm_account_ids"]
        body = {
            "tcm_account_id": account_id, "brand_name": "Northgate", "description": "By the SDK",
            "handle_names": ["ana", "ben"], "video_number": 3,
        }  # fmt: skip
        made = sdk.call_api(
            "/open_api/v1.3/tcm/order/create/v2/",
            "POST",
            header_params={"Access-Token": token, "Content-Type": "application/json"},
            body=body,
            response_type="InlineResponse200",
            _return_http_data_only=True,
        )["data"]
        assert [one["quota"]["per_creator_video_limit"] for one in made["orders"]] == [3, 3]
        asked = {"tto_tcm_account_id": account_id, "page_size": 100}
        [found] = [
            one
            for one in self.get(sdk, "tto/tcm/campaign/", token, **asked)["data"]["campaigns"]
            if one["invite_link"] == made["invite_link"]
        ]
        assert found["campaign_description"] == "By the SDK"

    def test_without_the_last_slash_there_is_no_envelope(self, sdk, token):
        with pytest.raises(ApiException) as caught:
            self.get(sdk, "tto/oauth2/tcm", token)
        assert (caught.value.status, caught.value.body) == (404, b"404 page not found")


@pytest.fixture(scope="module")
def advertiser(authentication, token):
    return authentication.oauth2_advertiser_get(APP_ID, SECRET, token)["data"]["list"][0]["advertiser_id"]


@pytest.fixture(scope="module")
def identity(sdk):
    return business_api_client.IdentityApi(sdk)


@pytest.fixture(scope="module")
def item_id(server):
    """A post of Ana's whose code the brand's first ad account has authorised."""
    item_id = server.ask("/_sim/publish", {"handle": "ana"})["item_id"]
    code = server.ask("/_sim/spark_switch", {"handle": "ana", "video_id": item_id, "on": True})["code"]
    server.ask("/_sim/spark_use", {"code": code})
    return item_id


class TestIdentities:
    """Whom an ad speaks as, after a creator's code was authorised."""

    def test_made_up_identities(self, identity, token, advertiser):
        body = business_api_client.IdentityCreateBody(
            advertiser_id=advertiser, display_name="Pebblewick", image_uri="tos-1/logo"
        )
        made = identity.identity_create(token, body=body)["data"]["identity_id"]
        told = identity.identity_get(advertiser, token, identity_type="CUSTOMIZED_USER")["data"]["identity_list"]
        assert [(one["identity_id"], one["display_name"]) for one in told] == [(made, "Pebblewick")]

    def test_the_author_and_the_post(self, identity, token, advertiser, item_id):
        [author] = identity.identity_get(advertiser, token, identity_type="AUTH_CODE")["data"]["identity_list"]
        assert author["username"] == "ana"
        told = identity.identity_video_info(token, advertiser, "AUTH_CODE", author["identity_id"], item_id)
        assert told["data"]["video_detail"]["item_info"]["item_id"] == item_id

    def test_a_foreign_ad_account_is_refused(self, identity, token):
        with pytest.raises(TiktokSDKError) as caught:
            identity.identity_get("7000000000000000001", token)
        assert code_of(caught) == 40001
