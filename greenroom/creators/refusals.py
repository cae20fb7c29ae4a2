"""Every way adding or connecting an account can be refused, each with words that say what to do."""

from dataclasses import dataclass


class Refusal(Exception):
    """`code` for machines, `title` and `words` for people."""

    code = "refused"
    title = "That did not work"

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class NotConfigured(Refusal):
    """The operator has not set the keys of this TikTok app."""

    code = "not_configured"
    title = "TikTok is not set up yet"

    def __init__(self, dialect: str) -> None:
        names = (
            "GREENROOM_TIKTOK_CLIENT_KEY and GREENROOM_TIKTOK_CLIENT_SECRET"
            if dialect == "login_kit"
            else "GREENROOM_TIKTOK_APP_ID and GREENROOM_TIKTOK_APP_SECRET"
        )
        super().__init__(f"Set {names}, then try again.")


class PolicyMissing(Refusal):
    """GOV-08: nothing live may be connected before the operator recorded which of TikTok's policies they accepted."""

    code = "policy_missing"
    title = "Record TikTok's policies first"

    def __init__(self) -> None:
        super().__init__(
            "Before the first live connection, record on the Connections page which version of TikTok's developer "
            "policies you accepted."
        )


class NotAllowlisted(Refusal):
    """CON-02: TikTok has to allow a business account before it can be connected."""

    code = "not_allowlisted"
    title = "TikTok has not allow-listed this account"

    def __init__(self, handle: str, *, requested: bool) -> None:
        super().__init__(
            f"Allow-listing of @{handle} was requested; it can be connected once TikTok has confirmed it."
            if requested
            else f"@{handle} must be allow-listed by TikTok before it can be connected. Request allow-listing first."
        )
        self.handle, self.requested = handle, requested


@dataclass(frozen=True)
class Step:
    """One thing somebody can do about an account: a key, the button's words, and what will happen."""

    key: str
    label: str
    words: str


class NotTrackable(Refusal):
    """The account can't be kept without its creator's consent. `steps` are the two ways out (ACC-10), if they help."""

    code = "not_trackable"
    title = "This account can't be tracked yet"

    def __init__(self, words: str, *, code: str = "", steps: tuple[Step, ...] = ()) -> None:
        super().__init__(words)
        self.code = code or self.code
        self.steps = steps


class NotInvitable(Refusal):
    """No invite to the marketplace can go to this account, or not from here."""

    code = "not_invitable"
    title = "This account can't be invited"

    def __init__(self, words: str, *, code: str = "") -> None:
        super().__init__(words)
        self.code = code or self.code


class Ineligible(Refusal):
    """The account does not meet the marketplace's rules (TCM-11). `rules` are those that fail, in TikTok's order."""

    code = "ttcm_ineligible"
    title = "This account is not eligible for the marketplace"

    def __init__(self, words: str, *, rules: tuple[str, ...], by_tiktok: bool) -> None:
        super().__init__(words)
        self.rules, self.by_tiktok = rules, by_tiktok


class ConsentRefused(Refusal):
    """Somebody came back from TikTok's consent page and no connection was made."""

    def __init__(self, code: str, title: str, words: str) -> None:
        super().__init__(words)
        self.code, self.title = code, title

    def as_dict(self) -> dict[str, str]:
        return {"code": self.code, "title": self.title, "words": self.words}


class NoAnswer(ConsentRefused):
    """TikTok can't be reached just now; what was begun is kept, and asking again goes on from there."""

    def __init__(self) -> None:
        super().__init__(
            "no_answer",
            "TikTok does not answer",
            "Nothing is lost, nothing is connected yet. Try again in a minute.",
        )


class StillFinishing(Exception):
    """The same callback is being answered right now by somebody else; ask again in a moment."""


def unknown_visit() -> ConsentRefused:
    words = "TikTok sent you back with a ticket we don't know. Open your link again and start from there."
    return ConsentRefused("unknown_state", "We lost the thread", words)


def too_late() -> ConsentRefused:
    words = "More than an hour passed on TikTok's page, so its answer no longer counts. Start again; it takes a minute."
    return ConsentRefused("too_late", "That took too long", words)


def told_by_tiktok(error: str, words: str) -> ConsentRefused:
    """TikTok's page came back with an error instead of a code."""
    if error == "access_denied":
        return ConsentRefused(
            "access_denied",
            "You said no",
            "Nothing was connected and nothing is shared. If you change your mind, start again.",
        )
    if error == "invalid_scope":
        return ConsentRefused(
            "invalid_scope",
            "TikTok refused the request",
            "Our app asked for a permission TikTok has not given it yet, so TikTok refused everything. This is ours to "
            f"mend: please tell the team that invited you. TikTok said: {words or error}",
        )
    return ConsentRefused(error, "TikTok refused the request", f"TikTok said: {words or error}. Start again.")


def code_over() -> ConsentRefused:
    words = "TikTok's answer was already used or is too old. Nothing was connected. Start again."
    return ConsentRefused("code_over", "That answer no longer counts", words)


def code_lost() -> ConsentRefused:
    words = "TikTok let you in and then refused to say which account it is. Nothing was kept. Start again in a minute."
    return ConsentRefused("code_lost", "TikTok changed its mind", words)


def told_by_exchange(words: str) -> ConsentRefused:
    return ConsentRefused("rejected", "TikTok refused the request", f"TikTok said: {words}")


def wrong_account(*, wanted: str, came: str) -> ConsentRefused:
    return ConsentRefused(
        "wrong_account",
        f"Sign in as @{wanted}",
        f"TikTok says {f'@{came}' if came else 'another account'} is signed in. Switch to @{wanted} in TikTok, in this "
        "browser too, then start again. Nothing was connected.",
    )


def unnamed() -> ConsentRefused:
    return ConsentRefused(
        "unnamed",
        "TikTok did not say which account this is",
        "Start again and leave your profile and username switched on; without them we can't tell whose they are.",
    )


def business_as_creator(handle: str) -> ConsentRefused:
    return ConsentRefused(
        "personal_account_needed",
        "This is a business account",
        f"@{handle} is a TikTok business account, and creators take part with a personal one. In TikTok, open Settings "
        "and privacy, Account, and choose Switch to Personal Account; then start again. Is it the brand's own account? "
        "Then the brand's team connects it on its Connections page.",
    )


def personal_as_brand(handle: str) -> ConsentRefused:
    return ConsentRefused(
        "business_account_needed",
        "This is a personal account",
        f"@{handle} is a personal TikTok account; a brand-owned account must be a business account. In TikTok, open "
        "Settings and privacy, Account, and choose Switch to Business Account; then start again. If it belongs to a "
        "creator, send the creator an invited link.",
    )


def one_purpose(handle: str, purpose: str) -> ConsentRefused:
    kept = "a brand-owned account" if purpose == "brand" else "a creator's account"
    return ConsentRefused(
        "one_purpose",
        "This account is already connected for something else",
        f"@{handle} is connected here as {kept}, and one account can't be both. Disconnect it there first; readings for"
        " that purpose then stop.",
    )


def no_marketplace() -> ConsentRefused:
    return ConsentRefused(
        "no_marketplace_account",
        "No marketplace account behind this sign-in",
        "TikTok named no Creator Marketplace account this app may use. Sign in with the TikTok One account of the "
        "brand, or ask TikTok to add it, then start again.",
    )
