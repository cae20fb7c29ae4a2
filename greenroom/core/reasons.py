"""Why a figure has no value: the codes, and the sentence a person reads."""

WORDS = {
    "not_in_entitlement": "TikTok does not report this for this kind of account or post.",
    "scope_missing": "The creator has not shared this. They can add it the next time they authenticate.",
    "provider_omitted": "TikTok left it out of its answer.",
    "not_yet_available": "TikTok has not filled this in yet; it can take a day or two.",
    "fetch_failed": "The last reading failed; the next one is scheduled.",
    "purged": "Deleted, as its retention rule or the creator asked.",
    "unsupported_account": "Non-authenticated, non-TTCM accounts can't be tracked.",
    "zero_denominator": "There is nothing to divide by yet.",
    "not_additive": "This cannot be added up over several posts or days.",
}


def words(code: str | None) -> str:
    """The sentence for a reason code; an unknown code is shown as it is rather than hidden."""
    if not code:
        return "Nothing has been read yet."
    return WORDS.get(code, f"Not available: {code.replace('_', ' ')}.")
