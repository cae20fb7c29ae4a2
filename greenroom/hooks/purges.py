"""Events of leaving a former source."""

from greenroom.hooks.kinds import Group, group

GROUPS: tuple[Group, ...] = (
    group(
        "purge",
        "Purges of a former source",
        ("planned", "Somebody counted what a former source left.", "stores"),
        ("running", "A purge began: nothing of the source is shown from now on.", "was", "stores"),
        ("done", "Every store was counted again, and nothing is left.", "was", "removed", "certificate"),
        ("cancelled", "A plan was replaced by another one.", "was"),
        ("retried", "Somebody had a purge go on at once."),
    ),
)
