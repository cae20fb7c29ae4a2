"""Every metric of every workspace by account and by post, newest and gained, as JSON: `python figures.py AT`."""

import json
import os
import sys
from datetime import datetime, timedelta


def figures(at: datetime) -> dict:
    from greenroom.core.models import Workspace
    from greenroom.metrics import actions, tabulate
    from greenroom.metrics.definitions import METRICS
    from greenroom.metrics.query import Query

    told = {}
    for workspace in Workspace.objects.order_by("pk"):
        for key, metric in METRICS.items():
            for by in ("account", "post") if metric.grain == "post" else ("account",):
                for name, window in {
                    "newest": {},
                    "as of": {"as_of": at},
                    "gained": {"since": at - timedelta(days=2), "until": at},
                }.items():
                    answer = actions.measure(Query((key,), by=(by,), **window), workspace, at=at)
                    told[f"{workspace.slug} {key} by {by}, {name}"] = tabulate.as_json(answer)
    return told


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenroom.settings")
    sys.path.insert(0, os.getcwd())
    import django

    django.setup()
    json.dump(figures(datetime.fromisoformat(sys.argv[1])), sys.stdout)
