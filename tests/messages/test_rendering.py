"""Texts with placeholders: what comes out, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom.campaigns.refusals import BadInput
from greenroom.messages import ready_made, rendering
from greenroom.messages.placeholders import BY_NAME, CATALOGUE
from greenroom.messages.rendering import render

WANTED = {
    "first_name", "handle", "campaign_name", "brand_name", "description", "deliverables", "due_date", "date_range",
    "content_type", "invite_link", "campaign_code", "spark_days", "promo_code", "tracking_link", "portal_link",
    "sender_name",
}  # fmt: skip
PIECES = st.sampled_from(
    ["{", "}", "{{", "}}", "|", "\n", " ", "x", "{{first_name}}", "{{ handle }}", "{{promo_code}}",
     "{{promo_code|none}}", "first_name", "handle"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join)


def test_the_catalogue_has_every_placeholder_with_type_example_and_source():
    assert set(BY_NAME) >= WANTED
    assert all(one.type and one.example and one.source and one.missing for one in CATALOGUE)


def test_a_value_takes_the_place_of_its_placeholder_and_words_that_of_a_missing_one():
    told = render("Hi {{ first_name }}, {{promo_code|no code}}!", {"first_name": "Ana"})
    assert told.fit
    assert told.text == "Hi Ana, no code!"


def test_a_placeholder_without_a_value_leaves_no_text():
    told = render("Hi {{first_name}}: {{invite_link}} {{invite_link}}", {"first_name": "Ana"})
    assert (told.text, told.missing) == ("", ("invite_link",))


def test_what_a_value_holds_is_never_read_again():
    told = render("{{description}}", {"description": "{first_name}", "first_name": "Ana"})
    assert told.text == "{first_name}"
    assert render("{{description}}", {"description": "{{first_name}}", "first_name": "Ana"}).braces
    assert render("{{{description}}}", {"description": "{first_name}"}).braces  # they would meet their neighbours


@pytest.mark.parametrize(
    "text", ["{{nonsense}}", "{{first_name", "first_name}}", "{{first name}}", "{{handle|a{b}}", "{{}}", "{{ }}"]
)
def test_what_is_no_placeholder_can_not_be_saved(text):
    with pytest.raises(BadInput):
        rendering.check(text, field="body")


@given(TEXTS, st.dictionaries(st.sampled_from(sorted(BY_NAME)), TEXTS))
def test_no_input_leaves_the_braces_of_a_placeholder(text, values):
    told = render(text, values)
    assert "{{" not in told.text
    assert "}}" not in told.text
    assert told.fit or not told.text


@given(TEXTS)
def test_what_can_be_saved_needs_only_values(text):
    try:
        rendering.check(text, field="body")
    except BadInput:
        return
    values = dict.fromkeys(BY_NAME, "v")
    told = render(text, values)
    assert not told.missing
    assert told.fit or "{v" in text.replace("{{", "{v") or "}" in text


@pytest.mark.parametrize("text", ready_made.TEXTS, ids=lambda text: text.key)
def test_ready_made_templates_can_be_saved_and_state_dates_and_content_type(text):
    rendering.check(text.subject, field="subject")
    rendering.check(text.body, field="body")
    assert rendering.unsaid(text.body) == []
