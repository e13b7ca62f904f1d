"""All settings in one file, read from the environment (see docs/reference/settings.md)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from tipline.config import environment as env
from tipline.ground.foundation.origins import second_name

BASE = Path(__file__).resolve().parent.parent

TIPLINE_HOME = env.folder("TIPLINE_HOME", "var")
TIPLINE_STORE = env.text("TIPLINE_STORE", f"file://{TIPLINE_HOME}/objects")
TIPLINE_KEY_FILE = Path(env.text("TIPLINE_KEY_FILE", str(TIPLINE_HOME / "keys" / "master.key")))
TIPLINE_PUBLIC_URL = env.origin("TIPLINE_PUBLIC_URL", "http://127.0.0.1:8000")
# Evidence bytes leave by a name of their own, which serves nothing else.
TIPLINE_EVIDENCE_URL = env.origin("TIPLINE_EVIDENCE_URL", second_name(TIPLINE_PUBLIC_URL))
TIPLINE_ESP_STRICT = env.switch("TIPLINE_ESP_STRICT", default=False)
TIPLINE_TRUSTED_PROXIES = env.addresses("TIPLINE_TRUSTED_PROXIES")
TIPLINE_LARGEST_BODY = env.number(
    "TIPLINE_LARGEST_BODY", 16 * 1024 * 1024, least=65_536, most=256 * 1024 * 1024
)
# Whose decision table of the legal gate ships: gate-us or gate-uk.
TIPLINE_JURISDICTION = env.one_of("TIPLINE_JURISDICTION", "us", ("us", "uk"))
# The public form: a line to call, and where its quick exit leads.
TIPLINE_HELP_LINE = env.text("TIPLINE_HELP_LINE")
TIPLINE_QUICK_EXIT_URL = env.web_address("TIPLINE_QUICK_EXIT_URL", "https://www.example.org/")

SECRET_KEY = env.secret_from("TIPLINE_SECRET_KEY_FILE", TIPLINE_HOME / "keys" / "secret.key")
DEBUG = False
_public = urlsplit(TIPLINE_PUBLIC_URL)
_secure = _public.scheme == "https"
_evidence = urlsplit(TIPLINE_EVIDENCE_URL)
ALLOWED_HOSTS = sorted(
    {_public.hostname or "", _evidence.hostname or "", "127.0.0.1", "localhost", "[::1]"}
)
CSRF_TRUSTED_ORIGINS = [TIPLINE_PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "tipline.ground.foundation",
    "tipline.ground.audit",
    "tipline.ground.accounts",
    "tipline.record.reports",
    "tipline.record.outcomes",
    "tipline.record.evidence",
    "tipline.record.intake",
    "tipline.insight.matching",
    "tipline.insight.enrichment",
    "tipline.insight.entities",
    "tipline.insight.lists",
    "tipline.insight.annotation",
    "tipline.insight.care",
    "tipline.insight.triage",
    "tipline.insight.review",
    "tipline.delivery.routing",
    "tipline.delivery.cases",
    "tipline.pipeline",
    "tipline.doors.portals.look",
    "tipline.config",
]

MIDDLEWARE = [
    "tipline.doors.interfaces.requests.TrustedProxyMiddleware",
    "tipline.doors.interfaces.requests.RequestIdMiddleware",
    "tipline.doors.portals.headers.SecurityHeadersMiddleware",
    "tipline.doors.portals.evidence.origin.EvidenceOriginMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "tipline.config.urls"
EVIDENCE_URLCONF = "tipline.config.urls_evidence"
WSGI_APPLICATION = "tipline.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.database("TIPLINE_DATABASE_URL", TIPLINE_HOME)}

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
     "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]  # fmt: skip
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": sorted((BASE / "doors" / "portals").glob("*/templates")),
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español"), ("fr", "Français"), ("pt", "Português")]
LOCALE_PATHS = [BASE / "locale"]

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

# Evidence never passes Django's upload handlers (they spool plaintext to the temp folder);
# forms take small values only, and the doors that take files stream them into the vault.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _secure
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # ends with the browser: a visitor takes no trace of us along
CSRF_FAILURE_VIEW = "tipline.doors.portals.errors.stale_form"
CSRF_COOKIE_SECURE = _secure
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

LOGGING_CONFIG = None
