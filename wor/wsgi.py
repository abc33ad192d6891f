"""The web process: ``gunicorn wor.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wor.settings")
application = get_wsgi_application()

from wor.checks import refuse_unsafe_start  # noqa: E402 - Django must be set up first

refuse_unsafe_start()
