"""The WSGI application that `greenroom serve` runs."""

import os

from django.core.wsgi import get_wsgi_application

from greenroom.core.parent import end_with

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenroom.settings")
application = get_wsgi_application()

if server := int(os.environ.get("GREENROOM_SERVER_PID", "0")):
    end_with(server, lambda: os._exit(0))
