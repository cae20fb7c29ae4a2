"""Why a figure has no value: the codes, and the sentence a person reads."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

WORDS = {
    "not_in_entitlement": _("TikTok does not report this for this kind of account or post."),
    "scope_missing": _("The creator has not shared this. They can add it the next time they authenticate."),
    "provider_omitted": _("TikTok left it out of its answer."),
    "not_yet_available": _("TikTok has not filled this in yet; it can take a day or two."),
    "fetch_failed": _("The last reading failed; the next one is scheduled."),
    "purged": _("Deleted, as its retention rule or the creator asked."),
    "unsupported_account": _("Non-authenticated, non-TTCM accounts can't be tracked."),
    "zero_denominator": _("There is nothing to divide by yet."),
    "not_additive": _("This cannot be added up over several posts or days."),
    "not_boosted": _("The post was not boosted."),
    "baseline_frozen": _("The organic part is frozen as it was when the boost began: TikTok tells no split."),
    "not_read": _("Nothing was read in this time."),
}


def words(code: str | None) -> str:
    """The sentence for a reason code; an unknown code is shown as it is rather than hidden."""
    if not code:
        return gettext("Nothing has been read yet.")
    found = WORDS.get(code)
    return str(found) if found else f"Not available: {code.replace('_', ' ')}."
