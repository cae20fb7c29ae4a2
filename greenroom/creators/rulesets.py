"""Which rules of the marketplace a workspace goes by: those that come with the program, and versions it loaded."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from greenroom.core import events
from greenroom.core.models import Workspace
from greenroom.creators import eligibility
from greenroom.creators.eligibility import BadRules, Rules
from greenroom.creators.models import Ruleset


def known(workspace: Workspace) -> list[Rules]:
    """Every version, the shipped ones first."""
    own = Ruleset.objects.within(workspace).order_by("pk").values_list("document", flat=True)
    return [*eligibility.shipped(), *(Rules.parse(document) for document in own)]


def in_force(workspace: Workspace, *, at: datetime) -> Rules:
    """The version that holds at an instant."""
    return eligibility.in_force(known(workspace), at.date())


def load(workspace: Workspace, document: Mapping[str, Any], *, by: str, at: datetime) -> Ruleset:
    """Add a version; it holds from its date on, and what was decided before keeps its own. Raises BadRules."""
    rules = Rules.parse(document)
    if rules.version in {one.version for one in known(workspace)}:
        raise BadRules(f"There is a version {rules.version} already; a version is never changed.")
    try:
        with transaction.atomic():
            made: Ruleset = Ruleset.objects.create(
                workspace=workspace,
                version=rules.version,
                effective_from=rules.effective_from,
                document=rules.as_document(),
                by=by,
                made_at=at,
            )
            told = {"version": rules.version, "programme": rules.programme}
            events.record(made, "loaded", by=by, at=at, effective_from=rules.effective_from.isoformat(), **told)
    except IntegrityError as error:  # somebody loaded it in between
        raise BadRules(f"There is a version {rules.version} already; a version is never changed.") from error
    return made


def set_minimum(workspace: Workspace, *, country: str, followers: int, by: str, at: datetime) -> Ruleset:
    """From today on a country has this minimum of followers: a version of its own. Raises BadRules."""
    now, versions = in_force(workspace, at=at), {one.version for one in known(workspace)}
    stem = re.sub(r"\.\d+$", "", now.version)
    name = next(name for number in range(1, len(versions) + 2) if (name := f"{stem}.{number}") not in versions)
    rules = now.with_minimum(country.strip().upper(), followers, version=name, since=at.date())
    return load(workspace, rules.as_document(), by=by, at=at)
