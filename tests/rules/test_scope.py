"""Every row belongs to a workspace."""

from django.apps import apps

from greenroom.core.scope import Scoped

# Rows of the whole install: the tenant, people (who may be in several), tables, ceilings and tidying that all share.
GLOBAL = {"Workspace", "User", "Matrix", "Roll", "QuotaBucket", "Allowance", "Sweep", "Heard"}


def ours():
    return [model for model in apps.get_models() if model.__module__.startswith("greenroom.")]


def test_every_model_is_scoped_or_on_the_list():
    stray = {model.__name__ for model in ours() if not issubclass(model, Scoped)} - GLOBAL
    assert stray == set()


def test_the_list_names_only_what_exists():
    assert {model.__name__ for model in ours()} >= GLOBAL


def test_within_keeps_tenants_apart(acme, at):
    from greenroom.creators.models import Creator

    Creator.objects.create(workspace=acme.workspace, name="Ana", created_at=at)
    Creator.objects.create(workspace=acme.rival, name="Bruno", created_at=at)
    assert [creator.name for creator in Creator.objects.within(acme.workspace)] == ["Ana"]
    assert [creator.name for creator in Creator.objects.within(acme.rival.pk)] == ["Bruno"]
