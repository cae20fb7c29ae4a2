"""The WSGI application that `greenroom serve` runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from greenroom.core.parent import end_with

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenroom.settings")
application = get_wsgi_application()

# What is loaded now stays: without this a full collection, every few dozen pages, looks at all of it for 100 ms.
gc.collect()
gc.freeze()

if server := int(os.environ.get("GREENROOM_SERVER_PID", "0")):
    end_with(server, lambda: os._exit(0))
