"""The web process: one WSGI application."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from tipline.ground.foundation import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tipline.config.settings")
logs.configure()
application = get_wsgi_application()
