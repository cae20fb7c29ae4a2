"""The schema of readings."""

import pytest

from greenroom.observations import schema


def test_there_is_no_source_class_for_scraping():
    assert "scraped" not in schema.SOURCE_CLASSES
    assert {"official_api", "creator_consent", "brand_owned", "user_entered", "sandbox"} <= set(schema.SOURCE_CLASSES)


@pytest.mark.parametrize("kind", schema.KINDS)
def test_every_field_names_known_surfaces_and_a_type_that_arrow_knows(kind):
    for field in schema.KINDS[kind].fields.values():
        assert field.sources
        assert set(field.sources) <= set(schema.SURFACES)
        assert schema.arrow_type(field.type)


def test_no_row_of_a_kind_hides_a_common_column():
    for kind in schema.KINDS:
        names = schema.arrow_schema(kind).names
        assert len(names) == len(set(names))
        assert names[1:11] == list(schema.GIVEN)


def test_public_counters_need_no_grant_and_insights_do():
    posts = schema.POST.fields
    assert not any(posts[key].consent_required for key in ("views", "likes", "comments", "shares"))
    assert all(posts[key].consent_required for key in ("reach", "total_play_time", "audience_countries"))


def test_the_surfaces_read_give_all_five_families():
    assert schema.families_of("accounts_api") == {"performance", "engagement", "account", "audience"}
    assert schema.families_of("marketplace_tto") == {"performance", "engagement", "account", "audience"}
    assert schema.families_of("display_api") == {"performance", "engagement", "account"}
    assert schema.families_of("order_report") == {"performance", "engagement", "audience", "ads"}
    assert set().union(*map(schema.families_of, schema.SURFACES)) == set(schema.FAMILIES)


def test_a_surface_supplies_what_its_scopes_open():
    assert "views" in schema.supplied_by("post", "accounts_api", {"video.list"})
    assert "total_play_time" not in schema.supplied_by("post", "accounts_api", {"video.list"})
    assert schema.supplied_by("post", "marketplace_tto", ()) == ("views", "likes", "comments", "shares", "favorites")
