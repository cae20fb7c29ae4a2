"""Every setting of a Greenroom install, in one file, read from the environment.

`GREENROOM_HOME` holds everything embedded (database, lake, archive, cache, keys); nothing else needs to be set.
The table in `docs/settings.md` names each variable.
"""

import os
from datetime import date
from pathlib import Path
from typing import Any

from greenroom.core import home
from greenroom.core.database import database_from_url


def _flag(name: str, default: str = "") -> bool:
    return os.environ.get(name, default).lower() in {"1", "true", "yes", "on"}


def _list(name: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


GREENROOM_HOME: Path = home.folder()
home.read_settings(GREENROOM_HOME)
GREENROOM_LAKE = os.environ.get("GREENROOM_LAKE", str(GREENROOM_HOME / "lake"))
GREENROOM_ARCHIVE = GREENROOM_HOME / "archive"
GREENROOM_IMPORTS = GREENROOM_HOME / "imports"
GREENROOM_CACHE = GREENROOM_HOME / "cache"

DEBUG = _flag("GREENROOM_DEBUG")
SECRET_KEY = home.signing_key(GREENROOM_HOME)
GREENROOM_KEYS = home.encryption_keys(GREENROOM_HOME)
GREENROOM_URL = os.environ.get("GREENROOM_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = _list("GREENROOM_HOSTS") or ["127.0.0.1", "localhost", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [GREENROOM_URL] if GREENROOM_URL.startswith("https://") else []
_https = GREENROOM_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("GREENROOM_BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True

# Which TikTok is spoken to. Unset hosts mean the live ones; `greenroom demo` points all three at the sandbox.
TIKTOK_URL = os.environ.get("GREENROOM_TIKTOK_URL", "")
TIKTOK_APP = (os.environ.get("GREENROOM_TIKTOK_APP_ID", ""), os.environ.get("GREENROOM_TIKTOK_APP_SECRET", ""))
TIKTOK_LOGIN_KIT = (
    os.environ.get("GREENROOM_TIKTOK_CLIENT_KEY", ""),
    os.environ.get("GREENROOM_TIKTOK_CLIENT_SECRET", ""),
)
TIKTOK_LEVEL = os.environ.get("GREENROOM_TIKTOK_LEVEL", "basic")
# Private receivers of webhooks that the operator allows: names and networks.
GREENROOM_ALLOW_PRIVATE_HOOKS = _list("GREENROOM_ALLOW_PRIVATE_HOOKS")
# Where TikTok's allow-list of business accounts counts: live, always or never.
GREENROOM_ALLOWLIST = os.environ.get("GREENROOM_ALLOWLIST", "live")
GREENROOM_WORKERS = int(os.environ.get("GREENROOM_WORKER_THREADS", "16"))

# The Business API: how often a caller may ask, and what its version 1 still calls creators' accounts, until when.
GREENROOM_API_PER_MINUTE = int(os.environ.get("GREENROOM_API_PER_MINUTE", "600"))
GREENROOM_API_LEGACY_ACCOUNT_TYPE = os.environ.get("GREENROOM_API_LEGACY_ACCOUNT_TYPE", "")
_sunset = os.environ.get("GREENROOM_API_LEGACY_SUNSET", "")
GREENROOM_API_LEGACY_SUNSET = date.fromisoformat(_sunset) if _sunset else None

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "greenroom.core",  # above allauth: its templates replace allauth's
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "ninja",
    "greenroom.people",
    "greenroom.keys",
    "greenroom.help",
    "greenroom.hooks",
    "greenroom.observations",
    "greenroom.creators",
    "greenroom.campaigns",
    "greenroom.spark",
    "greenroom.messages",
    "greenroom.syncs",
    "greenroom.imports",
    "greenroom.metrics",
    "greenroom.purges",
    "greenroom.pages",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "greenroom.core.csp.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "greenroom.core.text.typed_text",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "greenroom.core.display.as_liked",
    "greenroom.people.sessions.seen",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "greenroom.urls"
WSGI_APPLICATION = "greenroom.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "greenroom.core.web.page_context",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "template_partials.templatetags.partials",
                "greenroom.core.templatetags.greenroom",
                "greenroom.help.templatetags.help",
                "greenroom.pages.templatetags.places",
            ],
        },
    }
]

DATABASES = {"default": database_from_url(os.environ.get("DATABASE_URL", ""), GREENROOM_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "greenroom.people.signin.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_CHANGE_EMAIL = True
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Greenroom"
MFA_ADAPTER = "greenroom.core.signin.SecondFactor"

EMAIL_BACKEND = os.environ.get("GREENROOM_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = GREENROOM_HOME / "mail"
EMAIL_HOST = os.environ.get("GREENROOM_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("GREENROOM_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("GREENROOM_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("GREENROOM_SMTP_PASSWORD", "")
EMAIL_USE_TLS = _flag("GREENROOM_SMTP_TLS")
DEFAULT_FROM_EMAIL = os.environ.get("GREENROOM_EMAIL_FROM", "Greenroom <greenroom@localhost>")

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [Path(__file__).with_name("locale")]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = GREENROOM_HOME / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "greenroom.core.vega.VegaFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# `greenroom init` collects and compresses; a checkout that was never initialised serves from the source.
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "app.js").exists()
STATIC_ROOT.mkdir(exist_ok=True)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("GREENROOM_LOG", "WARNING")},
    # httpx logs each URL at INFO, and TikTok's OAuth URLs carry codes.
    "loggers": {"httpx2": {"level": "WARNING"}, "httpcore2": {"level": "WARNING"}},
}
