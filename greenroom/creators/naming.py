"""Names that people give: not empty, not too long, not given twice."""

from django.db.models import Model

from greenroom.core.models import Workspace


class Unfit(ValueError):
    """What was typed can't be kept; the words say why and what fits."""


def clean(kind: type[Model], workspace: Workspace, name: str, *, keep: Model | None = None) -> str:
    """`name` as a new row of `kind` may carry it, or the row `keep` that is renamed. Raises Unfit."""
    name = " ".join(name.split())
    longest = kind._meta.get_field("name").max_length or 0  # type: ignore[union-attr]
    noun = kind._meta.verbose_name
    if not name:
        raise Unfit(f"Give the {noun} a name.")
    if len(name) > longest:
        raise Unfit(f"A name has at most {longest} characters.")
    others = kind.objects.within(workspace).filter(name__iexact=name)  # type: ignore[attr-defined]
    if others.exclude(pk=keep.pk if keep else None).exists():
        raise Unfit(f"There is a {noun} {name} already.")
    return name
