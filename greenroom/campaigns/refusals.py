"""Every way a campaign or an order can be refused, each with words that say what to do."""


class Refusal(Exception):
    """`code` for machines, `words` for people."""

    code = "refused"

    def __init__(self, words: str, *, code: str = "", field: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.code = code or self.code
        self.field = field  # the input at fault, if it is one


class BadInput(Refusal):
    """What was typed can't be kept."""

    code = "invalid"


class NotReady(Refusal):
    """The campaign can't have orders yet: TikTok is off, brand name or description is missing, it is not active."""

    code = "not_ready"


class NotTrackable(Refusal):
    """Only accounts that can be tracked in any case may get an order here (ORD-03)."""

    code = "not_trackable"


class NothingToOrder(Refusal):
    """Every post that is asked for is ordered already."""

    code = "nothing_to_order"


class PostTaken(Refusal):
    """The post is in a campaign already, and a post is in one at most."""

    code = "post_taken"


class PostTied(Refusal):
    """The post is there through an order, so no person takes it away or moves it by hand."""

    code = "post_tied"


class NotMoved(Refusal):
    """A post can't go to that order's place (ORD-20)."""

    code = "not_moved"
