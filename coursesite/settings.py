"""Settings, read from the environment; every variable is documented in docs/settings.md.

Nothing here is secret: in server mode (`COURSESITE_MODE=server`) the secret key must come from
`COURSESITE_SECRET_KEY` or a file named by `COURSESITE_SECRET_KEY_FILE`, or the process refuses to start.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from .environment import database, env, flag, mail

BASE_DIR = Path(__file__).resolve().parent.parent


MODE = env("MODE", "local")  # local: ./dev up on one machine; server: strict, nothing by default
if MODE not in {"local", "server"}:
    raise ImproperlyConfigured(f"COURSESITE_MODE is {MODE!r}; it must be local or server")
LOCAL = MODE == "local"
DEBUG = flag("DEBUG", False)
# An author's own site: drafts are shown, and pages open themselves anew (./dev preview).
PREVIEW = flag("PREVIEW", False)
if PREVIEW and not LOCAL:
    raise ImproperlyConfigured("COURSESITE_PREVIEW shows drafts to everybody: it is for the local mode only")
VAR_DIR = Path(env("VAR_DIR", str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)


def local_secret() -> str:
    """A key made once and kept beside the local database, readable by its owner alone."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        import secrets

        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = env("SECRET_KEY") or (local_secret() if LOCAL else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("server mode needs COURSESITE_SECRET_KEY or COURSESITE_SECRET_KEY_FILE")
OWN_NAMES = "localhost,127.0.0.1,[::1]" if LOCAL else ""
ALLOWED_HOSTS = [host for host in env("ALLOWED_HOSTS", OWN_NAMES).split(",") if host]
# Under which address mail leads back here, where no request tells it.
SITE_URL = env(
    "SITE_URL", "http://localhost:8000" if LOCAL else f"https://{ALLOWED_HOSTS[0] if ALLOWED_HOSTS else ''}"
).rstrip("/")
CSRF_TRUSTED_ORIGINS = [o for o in env("TRUSTED_ORIGINS").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "accounts",
    "lessons",
    "exercises",
    "grading",
    "dashboards",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "coursesite.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "coursesite.middleware.ReadersLanguage",
    "coursesite.middleware.ReadersTime",
    "coursesite.limits.WritesAreCounted",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "coursesite.middleware.on_one_thread",
]

ROOT_URLCONF = "coursesite.urls"
ASGI_APPLICATION = "coursesite.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.look",
                "accounts.context.mail_folder",
                *(["lessons.preview.on_pages"] if PREVIEW else []),
            ],
        },
    },
]


DATABASES = {"default": database(env("DATABASE_URL", f"sqlite://{VAR_DIR / 'db.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Only a confirmed address hides whether it had an account; locally the page says where the mail lies.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that signed up, and in no other
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {"download_data": "6/h/user", "join_code": "30/10m/ip"}  # a class may share an address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # no mail would take no time, and that can be measured
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Coursesite: "
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.profile.ProfileFields"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "signup": "accounts.forms.SignUpForm",
    "reset_password": "accounts.forms.AskResetForm",
    "reset_password_from_key": "accounts.forms.ResetForm",
    "change_password": "accounts.forms.ChangeForm",
    "set_password": "accounts.forms.SetForm",
    "reauthenticate": "accounts.forms.ProveForm",
    "add_email": "accounts.forms.AddressForm",
}
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Coursesite"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL  # http://localhost
MFA_FORMS = {
    "authenticate": "accounts.second_factor.CodeForm",
    "reauthenticate": "accounts.second_factor.ProveByCodeForm",
    "activate_totp": "accounts.second_factor.ActivateForm",
    "add_webauthn": "accounts.second_factor.AddKeyForm",
    "login_webauthn": "accounts.second_factor.SignInByKeyForm",
    "authenticate_webauthn": "accounts.second_factor.KeyForm",
    "reauthenticate_webauthn": "accounts.second_factor.ProveByKeyForm",
    "edit_webauthn": "accounts.second_factor.RenameKeyForm",
}


def social_providers() -> dict[str, dict[str, object]]:
    """The accounts of others with which one may sign in: those whose client id is set."""
    named = {
        "google": "Google",
        "github": "GitHub",
        "openid_connect": env("SOCIAL_OIDC_NAME", "OpenID Connect"),
    }
    variables = {"google": "GOOGLE", "github": "GITHUB", "openid_connect": "OIDC"}
    chosen: dict[str, dict[str, object]] = {}
    for provider, variable in variables.items():
        if not (client_id := env(f"SOCIAL_{variable}_ID")):
            continue
        app: dict[str, object] = {
            "client_id": client_id,
            "secret": env(f"SOCIAL_{variable}_SECRET"),
            "name": named[provider],
        }
        if provider == "openid_connect":
            if not (server := env("SOCIAL_OIDC_URL")):
                raise ImproperlyConfigured("COURSESITE_SOCIAL_OIDC_ID needs COURSESITE_SOCIAL_OIDC_URL")
            app |= {"provider_id": "oidc", "settings": {"server_url": server}}
        chosen[provider] = {"APPS": [app], "OAUTH_PKCE_ENABLED": True}
    return chosen


def social_origins() -> list[str]:
    """Where the buttons of those providers lead, for the content security policy."""
    server = urlsplit(env("SOCIAL_OIDC_URL"))
    origins = {
        "google": "https://accounts.google.com",
        "github": "https://github.com",
        "openid_connect": f"{server.scheme}://{server.netloc}",
    }
    return [origins[name] for name in SOCIALACCOUNT_PROVIDERS]


SOCIALACCOUNT_PROVIDERS = social_providers()
SOCIAL_ORIGINS = social_origins()
INSTALLED_APPS += [f"allauth.socialaccount.providers.{name}" for name in SOCIALACCOUNT_PROVIDERS]
SOCIALACCOUNT_ADAPTER = "accounts.adapter.SocialAdapter"
SOCIALACCOUNT_FORMS = {
    "signup": "accounts.forms.SocialSignUpForm",
    "disconnect": "accounts.forms.DisconnectForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if flag("BEHIND_PROXY", False) else 0
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "lessons:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "lessons:home"

LANGUAGE_CODE = "es"
LANGUAGES = [("es", _("Español")), ("en", _("Inglés"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env("TIME_ZONE", "Europe/Madrid")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "frontend" / "dist"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}


globals().update(mail(env("EMAIL_URL"), folder=VAR_DIR / "mail"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("EMAIL_FROM", "coursesite@localhost")
ADMINS = [("", address.strip()) for address in env("ADMINS").split(",") if address.strip()]
EMAIL_SUBJECT_PREFIX = "Coursesite: "

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = flag("HTTPS", not LOCAL)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # probes come from inside, without TLS
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("BEHIND_PROXY", False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

COURSES_DIR = Path(env("COURSES_DIR", str(BASE_DIR / "courses"))).resolve()

# Broker and live events; unix sockets by default, see `coursesite.embedded`.
REDIS_URL = env("REDIS_URL", f"unix://{VAR_DIR / 'redis.sock'}")

# Rate limits count here; one process has its memory, many share Redis.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # a full one forgets at random, and with it who tried too often
    }
    if LOCAL
    else {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.InScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env("API_RATE_ANONYMOUS", "60/min"),
        "user": env("API_RATE", "600/min"),
        "submissions": env("API_RATE_SUBMISSIONS", "60/min"),
        "certificates": "60/min",  # of one address, on the public pages
    },
    "NUM_PROXIES": 1 if flag("BEHIND_PROXY", False) else 0,
    "EXCEPTION_HANDLER": "accounts.api.problems.as_problem",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Coursesite",
    "DESCRIPTION": "Courses, exercises, submissions and progress for programs.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "coursesite.api_docs.describe_events",
    ],
    "ENUM_NAME_OVERRIDES": {
        "SubmissionState": "grading.models.State",
        "SubmissionKind": "grading.models.Kind",
    },
}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "cpu.submit"
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 1,
    "socket_timeout": 10,
}
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "grading.sweep",
        "schedule": 5.0,
        "options": {"queue": "cpu.run", "expires": 5.0},
    },
    "anonymise": {
        "task": "accounts.anonymise",
        "schedule": crontab(hour=4, minute=10),
        "options": {"queue": "cpu.run"},
    },
    "digest": {
        "task": "accounts.digest",
        "schedule": crontab(minute=5),  # eight o'clock comes at another hour in each time zone
        "options": {"queue": "cpu.run", "expires": 3000.0},
    },
    "remind": {
        "task": "grading.remind",
        "schedule": crontab(minute=35),  # before the digest takes along what it tells
        "options": {"queue": "cpu.run", "expires": 3000.0},
    },
    "invitations": {
        "task": "lessons.mail_invitations",  # rung when there are any; this finds what nobody heard
        "schedule": crontab(minute="*/5"),
        "options": {"queue": "cpu.run", "expires": 240.0},
    },
}

# Student runtimes: one environment each, made by ./dev, found at RUNTIMES_DIR/<name>.
RUNTIMES_DIR = Path(env("RUNTIMES_DIR", str(BASE_DIR / ".dev" / "runtimes"))).resolve()
SANDBOX_BACKEND = env("SANDBOX_BACKEND", "namespaces")
SANDBOX_OCI_RUNTIME = env("SANDBOX_OCI_RUNTIME", "runc")
SANDBOX_ALLOW_COARSE_LIMITS = flag("SANDBOX_ALLOW_COARSE_LIMITS", LOCAL)
SANDBOX_ANSWER_SECONDS = float(env("SANDBOX_ANSWER_SECONDS", "10"))
SANDBOX_RECYCLE_FORKS = int(env("SANDBOX_RECYCLE_FORKS", "5000"))
SANDBOX_RECYCLE_GROWTH_MB = int(env("SANDBOX_RECYCLE_GROWTH_MB", "64"))

# GPUs that students may get on this machine, by place ("0", "0:1") or name; "all" or "none".
GPU_DEVICES = env("GPU_DEVICES", "all").replace(",", " ").split()
GPU_WAIT_SECONDS = float(env("GPU_WAIT_SECONDS", "30"))
GPU_LEASES_DIR = Path(env("GPU_LEASES_DIR", str(VAR_DIR / "devices")))
GPU_DRIVER_DIRS = env("GPU_DRIVER_DIRS", "").replace(":", " ").split()

GRADING_IN_FLIGHT_PER_STUDENT = int(env("IN_FLIGHT_PER_STUDENT", "2"))
GRADING_LEASE_SECONDS = int(env("LEASE_SECONDS", "20"))
GRADING_WAITING_PER_STUDENT = int(env("WAITING_PER_STUDENT", "50"))
GRADING_MAX_FAULTS = 3  # from then on it is tried alone
GRADING_MOST_FAULTS = 15  # no accident stops so many gradings of one
GRADING_RETRY_SECONDS = 2  # times the number of faults so far
GRADING_BELL_SECONDS = 5  # a ring that no empty queue holds is lost after this
SUBMISSION_MAX_BYTES = 256 * 1024
SUBMISSION_MAX_LINES = 4000  # each is a line of the page on which it is read
WRITES_PER_MINUTE = int(env("WRITES_PER_MINUTE", "240"))
REQUEST_MAX_BYTES = int(float(env("REQUEST_MAX_MB", "8")) * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = REQUEST_MAX_BYTES

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", "INFO")},
    "loggers": {"fontTools": {"level": "WARNING"}},  # each certificate's font would be told glyph by glyph
}
