"""Who a creator is: name, e-mail, country, a sentence about them, and the workspace's own fields."""

import re
from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from greenroom.core import events
from greenroom.creators import fields
from greenroom.creators.crm import Value
from greenroom.creators.models import Creator, Field
from greenroom.creators.naming import Unfit

OWN = ("name", "email", "country", "about")
ABOUT_LONGEST = 500


def change(
    creator: Creator,
    told: Mapping[str, str],
    *,
    values: Mapping[Field, Value | None] | None = None,
    by: str,
    at: datetime,
) -> bool:
    """Change what `told` names (of OWN) and these field values; False when everything was so already.

    One event, `creator.changed`, has before and after of what did change. Raises Unfit.
    """
    wanted = {key: clean(key, text) for key, text in told.items()}
    was = {key: getattr(creator, key) for key in wanted}
    changed = [key for key in wanted if wanted[key] != was[key]]
    with transaction.atomic():
        before, after = fields.store(creator, values or {})
        for key in changed:
            setattr(creator, key, wanted[key])
        if changed:
            creator.save(update_fields=changed)
        before = {key: was[key] for key in changed} | before
        after = {key: wanted[key] for key in changed} | after
        if after:
            events.record(creator, "changed", by=by, at=at, before=before, after=after)
    return bool(after)


def clean(key: str, text: str) -> str:
    """One of OWN as it is kept. Raises Unfit. Pure."""
    text = text.strip()
    match key:
        case "name":
            text = " ".join(text.split())
            if not text or len(text) > 120:
                raise Unfit("A name has 1 to 120 characters.")
        case "email" if text:
            try:
                validate_email(text)
            except ValidationError:
                raise Unfit(f"{text} is not an email address.") from None
        case "country":
            text = text.upper()
            if text and not re.fullmatch("[A-Z]{2}", text):
                raise Unfit("A country is two letters, such as US or DE.")
        case "about" if len(text) > ABOUT_LONGEST:
            raise Unfit(f"At most {ABOUT_LONGEST} characters; the rest is a note.")
        case "email" | "about":
            pass
        case _:
            raise Unfit(f"A creator has no {key}; fields of your own go by `values`.")
    return text
