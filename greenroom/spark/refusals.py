"""Every way a request for Spark Ads can be refused, each with words that say what to do."""

from greenroom.campaigns.refusals import BadInput, Refusal

__all__ = ["BadInput", "NotPossible", "Refusal"]


class NotPossible(Refusal):
    """Nobody can be asked for this post now: `code` says why, the words what would help."""

    code = "spark_not_possible"
