"""All settings, from the environment. Every secret may also come from a file: ``SECRET_KEY_FILE=/run/secrets/…``."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import environ
import pghistory
from celery.schedules import schedule
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def secret(name: str, default: str = "") -> str:
    """A value from NAME, or from the file that NAME_FILE points to."""
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_text().strip() if path else env.str(name, default)


# --- What kind of installation ----------------------------------------------------------------------------------
DEBUG = False  # there is no debug mode: what is developed is what runs
DEMO = env.bool("WOR_DEMO", False)
VERSION = "0.1"
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SITE = urlsplit(SITE_URL)
HTTPS = SITE.scheme == "https"
SECRET_KEY = secret("SECRET_KEY")
if not SECRET_KEY:
    raise ImproperlyConfigured("Geef SECRET_KEY of SECRET_KEY_FILE op: een lange willekeurige tekst.")
# Fernet keys for secrets at rest, newest first: the first encrypts, all decrypt.
ENCRYPTION_KEYS = [key for key in secret("ENCRYPTION_KEYS").split(",") if key]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[SITE.hostname or "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = [f"{SITE.scheme}://{SITE.netloc}"]
# Number of proxies of our own in front of the web process; 0 trusts no forwarded header.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Apps --------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "wor.tenancy",
    "wor.audit",
    "wor.outbox",
    "wor.accounts",
    "wor.retention",
    "wor",
    "activities",
    "referrals",
    "coaches",
    "dashboard",
    *(["wor.demo"] if DEMO else []),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "crispy_forms",
    "django_htmx",
    "csp",
    "django_structlog",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    # First what only adds headers, so that redirects to https and static files carry them too.
    "wor.headers.HeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "wor.headers.OddRequestMiddleware",
    "wor.headers.ReportMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "wor.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "wor.accounts.middleware.RegionMiddleware",
]

# Old values are looked up by the row they are of; an index on each reference would cost every update.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)

ROOT_URLCONF = "wor.urls"
WSGI_APPLICATION = "wor.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["wor.template_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "wor.accounts.context.page",
                *(["wor.demo.context.accounts"] if DEMO else []),
            ],
            "string_if_invalid": "",
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["wor"]
CRISPY_TEMPLATE_PACK = "wor"

# --- Database, cache, broker -------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url_config(secret("DATABASE_URL", "postgres://wor_app@/wor"))}
# The owner of the tables: migrate, demo data and tests only. Web, worker and beat never get this address.
if owner_url := secret("DATABASE_OWNER_URL"):
    DATABASES["owner"] = env.db_url_config(owner_url)
    # A migration that waits for a lock makes every request wait behind it: better that it gives up and is run again.
    DATABASES["owner"].setdefault("OPTIONS", {}).setdefault("options", "-c lock_timeout=5s")
# Ends what has lasted long enough (wor/retention): for the worker only, never for web or beat.
if keeper_url := secret("DATABASE_KEEPER_URL"):
    DATABASES["keeper"] = env.db_url_config(keeper_url)
for database in DATABASES.values():
    database.update(ENGINE="django.db.backends.postgresql", CONN_MAX_AGE=600, CONN_HEALTH_CHECKS=True)
    database["DISABLE_SERVER_SIDE_CURSORS"] = False
DATABASE_ROUTERS = ["wor.tenancy.router.OwnerMigrates"]
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "wor_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

CELERY_BROKER_URL = secret("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    # Look every 10 s for tasks of a worker that died. The throttle multiplies it: 10 would make that 100 s.
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
}
CELERY_TASK_TIME_LIMIT = 300
CELERY_TIMEZONE = "UTC"
CELERY_TASK_DEFAULT_QUEUE = "effects"
# Every task expires when the next one is due: a broker that was away does not come back with a heap of stale ticks.
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {
        "task": "wor.outbox.tasks.heartbeat",
        "schedule": schedule(10),
        "options": {"expires": 10, "queue": "effects"},
    },
    "dispatch-effects": {
        "task": "wor.outbox.tasks.dispatch_effects",
        "schedule": schedule(5),
        "options": {"expires": 5, "queue": "effects"},
    },
    "plan-reminders": {
        "task": "wor.outbox.tasks.plan_reminders",
        "schedule": schedule(900),
        "options": {"expires": 900, "queue": "reminders"},
    },
    "tell-reminders": {
        "task": "wor.outbox.tasks.tell_reminders",
        "schedule": schedule(60),
        "options": {"expires": 60, "queue": "reminders"},
    },
    "seal-access-log": {
        "task": "wor.audit.tasks.seal_access_log",
        "schedule": schedule(60),
        "options": {"expires": 60, "queue": "figures"},
    },
    "refresh-figures": {
        "task": "dashboard.tasks.refresh_figures",
        "schedule": schedule(10),
        "options": {"expires": 10, "queue": "figures"},
    },
    # What was changed past the triggers, or counted wrong, is right again the next day. A second for 100,000 referrals.
    "rebuild-figures": {
        "task": "dashboard.tasks.rebuild_figures",
        "schedule": schedule(24 * 3600),
        "options": {"expires": 3600, "queue": "figures"},
    },
    # A period is closed once, weeks after it ended; a turn with nothing to do costs two queries a region.
    "close-periods": {
        "task": "dashboard.tasks.close_periods",
        "schedule": schedule(3600),
        "options": {"expires": 3600, "queue": "figures"},
    },
    "build-reports": {
        "task": "dashboard.tasks.build_reports",
        "schedule": schedule(5),
        "options": {"expires": 5, "queue": "figures"},
    },
    "refresh-asked-lines": {
        "task": "coaches.tasks.refresh_asked_lines",
        "schedule": schedule(5),
        "options": {"expires": 5, "queue": "figures"},
    },
    "count-terms-anew": {
        "task": "coaches.tasks.count_terms_anew",
        "schedule": schedule(10),
        "options": {"expires": 10, "queue": "figures"},
    },
    "refresh-capacity": {
        "task": "coaches.tasks.refresh_capacity",
        "schedule": schedule(3600),
        "options": {"expires": 3600, "queue": "figures"},
    },
    # Once a day there is something to do (a row says whether today is done); a tick that was missed costs ten minutes.
    "end-what-lasted": {
        "task": "wor.retention.tasks.end_what_lasted",
        "schedule": schedule(600),
        "options": {"expires": 600, "queue": "figures"},
    },
    # Once a day would do; what was missed is caught up within hours, and a turn with nothing to do costs five queries.
    "refresh-directory": {
        "task": "activities.tasks.refresh_directory",
        "schedule": schedule(6 * 3600),
        "options": {"expires": 3600, "queue": "figures"},
    },
    # Files for the sociale kaart: found by polling, for nothing but effects is sent to the broker.
    "work-on-imports": {
        "task": "activities.tasks.work_on_imports",
        "schedule": schedule(5),
        "options": {"expires": 5, "queue": "figures"},
    },
    "delete-expired": {
        "task": "referrals.tasks.delete_expired_drafts",
        "schedule": schedule(3600),
        "options": {"expires": 3600, "queue": "figures"},
    },
}

# --- Signing in --------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "wor.accounts.passwords.ShortestValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "wor.accounts.passwords.LongestValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "wor.accounts.passwords.GuessableValidator"},
]
LOGIN_URL = "/aanmelden/"
LOGIN_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_ADAPTER = "wor.accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "wor.accounts.adapters.SocialAccountAdapter"
MFA_ADAPTER = "wor.accounts.adapters.MFAAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_FORMS = {
    "login": "wor.accounts.forms.SignInForm",
    "reauthenticate": "wor.accounts.forms.PasswordAgainForm",
    "reset_password": "wor.accounts.forms.ForgotPasswordForm",
    "reset_password_from_key": "wor.accounts.forms.NewPasswordForm",
    "change_password": "wor.accounts.forms.ChangePasswordForm",
    "set_password": "wor.accounts.forms.SetPasswordForm",
}
MFA_FORMS = {
    "authenticate": "wor.accounts.forms.SecondStepForm",
    "reauthenticate": "wor.accounts.forms.CodeAgainForm",
    "activate_totp": "wor.accounts.forms.StartAppForm",
    "login_webauthn": "wor.accounts.forms.PasskeySignInForm",
    "authenticate_webauthn": "wor.accounts.forms.PasskeySecondStepForm",
    "reauthenticate_webauthn": "wor.accounts.forms.PasskeyAgainForm",
    "add_webauthn": "wor.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "wor.accounts.forms.RenamePasskeyForm",
}
ACCOUNT_RATE_LIMITS = {"login_failed": "10/15m/key,50/15m/ip", "reset_password": "20/15m/ip,5/15m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an invitation was sent to the address: that is the verification
MFA_TOTP_TOLERANCE = 1  # half a minute: the clock of an old telephone
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_AGE = 30 * 24 * 3600
MFA_TOTP_ISSUER = "Welzijn op Recept"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False

# --- Session and cookies -----------------------------------------------------------------------------------------
SESSION_COOKIE_AGE = 12 * 3600  # absolute
SESSION_IDLE_SECONDS = 30 * 60
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessie"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}taal"
MFA_TRUST_COOKIE_NAME = f"{COOKIE_PREFIX}vertrouwd"
for cookie in ("SESSION", "CSRF", "LANGUAGE"):
    globals()[f"{cookie}_COOKIE_SECURE"] = HTTPS
    globals()[f"{cookie}_COOKIE_HTTPONLY"] = True
    globals()[f"{cookie}_COOKIE_SAMESITE"] = "Lax"
CSRF_FAILURE_VIEW = "wor.errors.csrf_failure"

# --- Who finds a hole tells: /.well-known/security.txt (RFC 9116). Without both there is no such page. -------------
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "")  # mailto:…, https://… or tel:…
SECURITY_TXT_EXPIRES = env.str("SECURITY_TXT_EXPIRES", "")  # a day, as 2027-06-30; the RFC asks for less than a year

# --- Headers -----------------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "report-uri": "/csp-melding/",
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in (
        *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation"),
        *("gyroscope", "magnetometer", "microphone", "midi", "payment", "usb", "xr-spatial-tracking"),
    )
} | {"publickey-credentials-get": ["self"], "publickey-credentials-create": ["self"], "clipboard-write": ["self"]}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # as large as a file may be: none is ever written to the disk

# --- Language, time, static files --------------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Nederlands")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Mail --------------------------------------------------------------------------------------------------------
# The demo keeps its mails in the database's outbox page; otherwise SMTP.
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Welzijn op Recept <niet-beantwoorden@localhost>")
EMAIL_TIMEOUT = 10
if DEMO:
    EMAIL_BACKEND = "wor.demo.mailbox.MailboxBackend"

# --- Retention ---------------------------------------------------------------------------------------------------
# Where the list of what was erased is also kept, outside the database: a restore needs it (docs/operations.md).
ERASURES_LIST = env.str("ERASURES_LIST", "")

# --- Logs: references only; wor.logs drops what may be personal -------------------------------------------------
LOG_LEVEL = env.str("LOG_LEVEL", "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "wor.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "celery.beat": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
    },
}
