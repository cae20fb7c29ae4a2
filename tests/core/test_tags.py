"""What templates are made of: figures that never turn missing into zero, and the ways values are written."""

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.template import engines
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from greenroom.core import formats, reasons, web
from greenroom.metrics.figure import REASONS

AT = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)


def fig(value=None, state="none", reason=None, as_of=AT, n=0, of=0):
    return SimpleNamespace(value=value, state=state, reason=reason, as_of=as_of, n=n, of=of)


def show(text: str, query: str = "", **context) -> str:
    return engines["django"].from_string(text).render(context, RequestFactory().get("/" + query))


class TestFigures:
    @given(st.sampled_from(sorted(reasons.WORDS)), st.sampled_from(["", "percent", "seconds"]))
    def test_a_missing_value_is_a_dash_with_its_reason_and_never_a_digit(self, reason, unit):
        html = show("{% figure f 'Reach' '/p/' unit %}", f=fig(reason=reason, as_of=None), unit=unit)
        assert ">–<" in html
        assert 'data-a="none"' in html
        shown = re.sub(r"<[^>]*>", "", html)
        assert not re.search(r"\d", shown)
        assert "Reach: not available. " in html

    @given(st.one_of(st.integers(-(10**12), 10**12), st.floats(-1e6, 1e6)))
    def test_a_value_is_never_a_dash(self, value):
        assert ">–<" not in show("{% figure f 'Reach' '/p/' %}", f=fig(value, "full"))

    def test_a_real_zero_is_a_zero(self):
        assert show("{% value f %}", f=fig(0, "full")) == "0"

    @pytest.mark.parametrize(
        ("state", "shape"), [("full", "full"), ("limited", "part"), ("partial", "part"), ("derived", "calc")]
    )
    def test_each_state_has_its_own_bulb(self, state, shape):
        assert f'data-a="{shape}"' in show("{% prov f 'Reach' '/p/' %}", f=fig(1, state))

    def test_partial_coverage_is_said(self):
        html = show("{% stat f 'Reach' '/p/' %}", f=fig(2604310, "partial", n=16, of=19))
        assert "Covers 16 of 19." in html
        assert '<dd class="d">16 of 19</dd>' in html

    def test_the_bulb_says_source_state_and_time_and_leads_to_the_passport(self):
        html = show("{% prov f 'Reach' href %}", f=fig(1, "full"), href="/p/?a=1&b=2")
        assert 'href="/p/?a=1&amp;b=2"' in html
        assert 'aria-label="Reach: available. As of 12 Mar' in html

    def test_on_hover_it_tells_definition_numerator_and_denominator(self):
        """MET-10."""
        rate = SimpleNamespace(**vars(fig(0.05, "full")), definition="Shares by views.", top=50, bottom=1000)
        html = show("{% prov f 'Share rate' '/p/' %}", f=rate)
        assert 'title="Shares by views. 50 ÷ 1,000"' in html
        html = show("{% prov f 'Share rate' '/p/' %}", f=SimpleNamespace(**{**vars(rate), "top": None}))
        assert 'title="Shares by views."' in html

    def test_an_unknown_reason_is_shown_rather_than_hidden(self):
        assert reasons.words("moon_phase") == "Not available: moon phase."

    def test_every_reason_a_figure_may_give_has_its_sentence(self):
        assert set(REASONS) <= set(reasons.WORDS)

    def test_text_from_outside_is_escaped(self):
        html = show(
            "{% stat f label '/p/' %}{% avatar label %}{% status 'live' label %}", f=fig("<b>", "full"), label="<i>x"
        )
        assert "<b>" not in html
        assert "<i>" not in html


class TestAccounts:
    @pytest.mark.parametrize(("member", "word"), [(True, "Marketplace"), (False, "Non-TTCM"), (None, "Non-TTCM")])
    def test_the_membership_label_has_exactly_these_words(self, member, word):
        html = show("{% tag_market a %}", a=SimpleNamespace(in_marketplace=member))
        assert re.sub(r"<[^>]*>", "", html) == word

    def test_the_coverage_row_counts_in_words(self):
        assert 'aria-label="2 of 4 metrics available, 1 partly"' in show(
            "{% bulbs c %}", c=["full", "full", "limited", "none"]
        )


class TestRail:
    def rail(self, client, acme, who: str) -> str:
        client.force_login(getattr(acme, who).user)
        return client.get("/w/acme/").content.decode()

    def test_it_shows_only_what_the_role_opens(self, client, acme):
        assert 'href="/w/acme/jobs/"' in self.rail(client, acme, "mia")
        client_sees = self.rail(client, acme, "vic")
        assert 'href="/w/acme/creators/"' in client_sees
        assert "/w/acme/jobs/" not in client_sees.split("<main")[0]
        assert "/w/acme/connections/" not in client_sees.split("<main")[0]

    def test_it_says_where_you_are(self, client, acme):
        assert 'href="/w/acme/" aria-current="page"' in self.rail(client, acme, "mia")
        assert client.get("/w/acme/creators/add/").content.decode().count('aria-current="page"') >= 1
        assert 'href="/w/acme/" aria-current' not in client.get("/w/acme/creators/").content.decode()


class TestLists:
    def test_a_header_sorts_down_then_up_and_keeps_the_filters(self):
        tag = "{% th 'Views' 'views' %}"
        assert 'href="?country=de&amp;sort=-views"' in show(tag, "?country=de&page=3")
        assert 'aria-sort="descending"><a class="sort" href="?sort=views"' in show(tag, "?sort=-views")
        assert 'aria-sort="ascending"><a class="sort" href="?sort=-views"' in show(tag, "?sort=views")

    def test_the_pager_keeps_the_query(self):
        page = web.paginate(RequestFactory().get("/?page=2"), list(range(1204)))
        html = show("{% pager p %}", "?sort=views&page=2", p=page)
        assert "51 to 100 of 1,204" in html
        assert 'href="?sort=views&amp;page=3"' in html

    def test_clear_all_is_offered_for_two_filters(self):
        one, two = web.Chip("Country", "DE", "?"), web.Chip("Label", "x", "?")
        assert "Clear all" not in show("{% chips c %}", c=[one])
        assert "Clear all" in show("{% chips c %}", c=[one, two])


class TestChart:
    def test_a_spec_cannot_break_out_of_its_attribute(self):
        html = show("{% chart s title %}", s={"title": "'\"><script>x</script>"}, title="'\"><script>")
        assert "<script" not in html
        attribute = re.search(r"data-chart='([^']*)'", html)[1]
        assert "&lt;script&gt;" in attribute

    def test_a_missing_cell_of_its_table_is_a_dash(self):
        html = show("{% chart s 'x' t %}", s={}, t={"head": ["Day", "Views"], "rows": [["1 Mar", None], ["2 Mar", 0]]})
        assert re.findall(r'<td class="n">(.*?)</td>', html) == ["–", "0"]


class TestFormats:
    @pytest.mark.parametrize(
        ("value", "text"), [(3412880, "3,412,880"), (0, "0"), (-3, "−3"), (2.5, "2.50"), (1234.5, "1,234"), (None, "")]
    )
    def test_numbers(self, value, text):
        assert formats.num(value) == text

    @pytest.mark.parametrize(
        ("value", "text"), [(0.0789, "7.9%"), (0.0004, "0.04%"), (0, "0.0%"), (-0.1, "−10.0%"), (1, "100.0%")]
    )
    def test_fractions_are_shown_as_percentages(self, value, text):
        assert formats.percent(value) == text

    @pytest.mark.parametrize(
        ("value", "text"), [(3412880, "3.4M"), (15300, "15K"), (980, "980"), (999999, "1M"), (-1500, "−1.5K")]
    )
    def test_short_numbers(self, value, text):
        assert formats.short(value) == text

    @pytest.mark.parametrize(
        ("value", "text"), [(7.25, "7.2 s"), (95, "1 min 35 s"), (93600, "1 d 2 h"), (3600, "1 h"), (86405, "1 d")]
    )
    def test_durations(self, value, text):
        assert formats.duration(value) == text

    def test_times_carry_the_zone_and_the_year_when_it_is_another(self):
        assert formats.when(datetime(2019, 3, 12, 14, 5, tzinfo=UTC)) == "12 Mar 2019, 14:05 UTC"
        assert formats.when(date(2019, 3, 2)) == "2 Mar 2019"

    def test_money_in_minor_units(self):
        assert formats.money(196867, "USD") == "$1,968.67"
        assert formats.money(-4126, "EUR") == "−41.26 EUR"
