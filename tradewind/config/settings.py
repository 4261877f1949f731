"""Django's settings, read from the instance folder and a few variables of the environment.

Without an instance (checks, type checking) they name no database and a key that signs nothing.
"""

import os
import warnings
from pathlib import Path

from csp.constants import NONE, SELF

from tradewind.config import sign_in
from tradewind.config.safety import named_hosts
from tradewind.platform.operation import postgres
from tradewind.platform.operation.instance import ROOT, Instance, holds_instance, home_folder

INSTANCE = Instance.load() if holds_instance(home_folder()) else None
AS_OWNER = os.environ.get("TRADEWIND_OWNER") == "1"
HTTPS = os.environ.get("TRADEWIND_HTTPS", "") == "1"

DEBUG = False
SECRET_KEY = INSTANCE.secrets().secret_key if INSTANCE else "no-instance-no-signature"
HOSTS = named_hosts(os.environ.get("TRADEWIND_HOSTS", ""))
ALLOWED_HOSTS = [*HOSTS, "127.0.0.1", "localhost", "[::1]"]
# Live news come over a port of their own. A proxy, which has one port for both, leads /live to it.
PORT, LIVE_PORT = os.environ.get("TRADEWIND_PORT", ""), os.environ.get("TRADEWIND_LIVE_PORT", "")
LOCAL_NAMES = ("127.0.0.1", "localhost") if LIVE_PORT and not HOSTS else ()
LIVE_ORIGINS = [f"http://{name}:{PORT}" for name in LOCAL_NAMES]
# A host with a dot in front stands for all hosts below it, which an origin writes with a star.
CSRF_TRUSTED_ORIGINS = [f"https://{'*' * host.startswith('.')}{host}" for host in HOSTS if HTTPS]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "tradewind.platform.surface.shell",  # its sign-in pages stand in front of the library's
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "tradewind.integrations.oidc",
    "tradewind.integrations.feishu",
    "tradewind.integrations.dingtalk",
    "tradewind.integrations.wecom",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "tradewind.platform.spine",
    "tradewind.platform.services.notify",
    "tradewind.platform.surface",
    "tradewind.platform.surface.exchange",
    "tradewind.platform.surface.favourites",
    "tradewind.platform.surface.account",
    "tradewind.domains.organization",
    "tradewind.domains.approvals",
    "tradewind.domains.customers",
    "tradewind.domains.catalog",
    "tradewind.domains.ledger",
    "tradewind.domains.activities",
    "tradewind.domains.pipeline",
    "tradewind.domains.orders",
    "tradewind.domains.planning",
    "tradewind.domains.analytics",
    "tradewind.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "tradewind.platform.surface.shell.middleware.RequestIdMiddleware",
    "tradewind.platform.spine.access.middleware.ScopeMiddleware",
    "tradewind.platform.spine.access.sessions.SeenSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tradewind.platform.surface.account.bearer.BearerMiddleware",
    "tradewind.platform.spine.access.middleware.ActorMiddleware",
    "tradewind.platform.surface.shell.door.DoorMiddleware",
    "tradewind.platform.surface.shell.middleware.RefusalMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "tradewind.config.urls"
WSGI_APPLICATION = "tradewind.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "tradewind.platform.surface.shell.context.shell",
            ],
        },
    }
]


def _database(role: postgres.Role) -> dict[str, object]:
    """One database entry, signed in as this role; no place at all without an instance."""
    if INSTANCE is None:
        return {"ENGINE": "django.db.backends.postgresql", "NAME": "no-instance"}
    at = postgres.address(role, INSTANCE)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": at.host,
        "PORT": at.port,
        "NAME": at.name,
        "USER": at.user,
        "PASSWORD": at.password,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "application_name": f"tradewind-{role}",
            "prepare_threshold": 3,  # of statements that say so (spine.prepared)
            **at.options,
        },
    }


# Serving processes never hold the owner's connection; only set-up does.
DATABASES = {"default": _database("login")}
if AS_OWNER:
    DATABASES["owner"] = _database("owner")
    # A migration that cannot get its lock gives way instead of stopping everybody.
    DATABASES["owner"]["OPTIONS"] |= {"options": "-c lock_timeout=4s"}  # type: ignore[operator]

AUTH_USER_MODEL = "spine.User"
AUTHENTICATION_BACKENDS = ["tradewind.domains.organization.entry.SignIns"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "tradewind.platform.surface.shell.accounts.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "tradewind.platform.surface.account.passwords.HardToGuess"},
]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "tradewind.platform.surface.shell.accounts.ClosedDoor"
ACCOUNT_LOGOUT_REDIRECT_URL = "/sign-in/"
ACCOUNT_SESSION_REMEMBER = None
# Ten wrong tries in a quarter of an hour for an account; more for an address, which may be a whole office.
# Counted in the database, for all web processes together.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/15m/key,50/15m/ip",
    "change_password": "10/15m/user",
    "reauthenticate": "10/15m/user",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
MFA_ADAPTER = "tradewind.platform.surface.account.factors.Factors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # a phone's clock is off by some seconds, and people type slowly
MFA_RATE_LIMITS = {"webauthn_login": "30/m/ip"}
MFA_FORMS = {
    "authenticate": "tradewind.platform.surface.account.factors.CodeForm",
    "reauthenticate": "tradewind.platform.surface.account.factors.CodeAgainForm",
    "login_webauthn": "tradewind.platform.surface.account.factors.PasskeyAloneForm",
}
SECOND_FACTOR_URL = "/account/second-factor"
SECOND_FACTOR_ROLES = sign_in.roles(os.environ)
SOCIALACCOUNT_ADAPTER = "tradewind.platform.surface.account.linking.OtherDoors"
SOCIALACCOUNT_PROVIDERS = sign_in.providers(os.environ)
SIGN_IN_NAME_CLAIMS = sign_in.name_claims(os.environ)
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 30 * 60  # a one-time link is handed over at once

CSRF_FAILURE_VIEW = "tradewind.config.health.open_too_long"
SESSION_ENGINE = "tradewind.platform.spine.access.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF, *(f"http://{name}:{LIVE_PORT}" for name in LOCAL_NAMES)],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
COMPANY_TIME_ZONE = INSTANCE.timezone if INSTANCE else "Asia/Shanghai"
COMPANY_CURRENCY = INSTANCE.currency if INSTANCE else "CNY"
COMPANY_NAME = INSTANCE.company if INSTANCE else ""
FIXED_TODAY = INSTANCE.today if INSTANCE else None

FRONTEND_DIST = ROOT / "frontend" / "dist"
STATIC_URL = "/static/"
STATIC_ROOT = FRONTEND_DIST
WHITENOISE_MAX_AGE = 0
WHITENOISE_IMMUTABLE_FILE_TEST = r"-[0-9a-f]{10}\.\w+$"

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_HANDLERS = [
    "tradewind.platform.surface.exchange.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
    },
    "filters": {
        "request_id": {"()": "tradewind.platform.spine.trace.RequestIdFilter"},
        "lost_database": {"()": "tradewind.platform.spine.lost.LostDatabaseFilter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["request_id", "lost_database"],
        },
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}

# Where the front end was not bundled yet (type checks), there is nothing to serve.
warnings.filterwarnings("ignore", message="No directory at", module="whitenoise.base")
