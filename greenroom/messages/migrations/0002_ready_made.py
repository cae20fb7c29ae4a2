"""Workspaces that are older than messages get the ready-made templates."""

from django.db import migrations
from django.utils import timezone

from greenroom.messages.ready_made import TEXTS


def lay_out(apps, schema_editor):
    Template = apps.get_model("messaging", "Template")
    at = timezone.now()
    Template.objects.bulk_create(
        Template(workspace=workspace, by="system", made_at=at, **text._asdict())
        for workspace in apps.get_model("core", "Workspace").objects.all()
        for text in TEXTS
    )


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]
    operations = [migrations.RunPython(lay_out, migrations.RunPython.noop)]
