"""The web process: one WSGI application."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from tipline.ground.foundation import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tipline.config.settings")
logs.configure()
application = get_wsgi_application()
# Load every view now: the first caller should not wait for our imports.
get_resolver().url_patterns  # noqa: B018 - the look-up loads the modules
