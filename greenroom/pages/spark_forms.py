"""What is typed about Spark Ads: for how long, and when a post was boosted for how much."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from greenroom.core import currencies
from greenroom.creators.models import Post
from greenroom.spark.models import SparkAuthorization

DAYS = [(str(days), f"{days} days") for days in SparkAuthorization.DAYS]


class DaysForm(forms.Form):
    """For how long."""

    days = forms.TypedChoiceField(label="For how long", choices=DAYS, initial="30", coerce=int)


class BoostForm(forms.Form):
    """When a post was advertised, and what was spent on it."""

    started_on = forms.DateField(label="First day", widget=forms.DateInput(attrs={"type": "date"}))
    ended_on = forms.DateField(label="Last day", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    spend = forms.DecimalField(label="Spend", required=False, min_value=0, max_value=10**9, decimal_places=3)
    currency = forms.ChoiceField(label="Currency", required=False)

    def __init__(self, *told: Any, **more: Any) -> None:
        super().__init__(*told, **more)
        self.fields["currency"].choices = [("", "–"), *currencies.choices()]  # type: ignore[attr-defined]

    def asked(self, post: Post, *, at: datetime) -> dict[str, Any]:
        """What `boosts.note_boost` takes: the first day's beginning or the post's, the last one's end or now."""
        told = self.cleaned_data
        ended_at = min(_moment(told["ended_on"], time.max), at) if told["ended_on"] else None
        began = max(_moment(told["started_on"], time.min), post.posted_at)
        started_at = began if told["started_on"] >= timezone.localdate(post.posted_at) else _moment(
            told["started_on"], time.min
        )  # fmt: skip
        currency = told["currency"] if told["spend"] is not None else ""
        return {
            "started_at": started_at,
            "ended_at": ended_at,
            "spend_minor": None if told["spend"] is None else minor(told["spend"], currency),
            "currency": currency,
        }


def minor(amount: Decimal, currency: str) -> int:
    """12.34 in the currency's smallest units."""
    return int((amount * 10 ** currencies.digits(currency)).to_integral_value())


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
