"""All settings, read from the environment and from a file .env; .env.example describes each.

Production is the default and refuses to start if a required setting is missing. `make run`, `make test` and a manage.py
in an unconfigured checkout in which `make run` was used choose development, which needs no settings.
"""

import logging
import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env, EnvError, validate
from structlog.tracebacks import ExceptionDictTransformer

from config import postgres
from events.documents.limits import FILE as FILE_LIMIT

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)


def required(name: str, example: str) -> str:
    """A setting without which production must not start."""
    value: str = env.str(name, "").strip()
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. Set it in the environment or in .env, for example {name}={example}; "
            "on a laptop, set MAJLIS_MODE=development instead. See .env.example."
        )
    return value


try:
    MODE: str = env.str("MAJLIS_MODE", "production", validate=validate.OneOf(["production", "development"]))
    PRODUCTION = MODE == "production"
    DEBUG = env.bool("DEBUG", False)

    # The domain's rules about time and numbers
    MAJLIS_NO_RESPONSE_DAYS = env.int("MAJLIS_NO_RESPONSE_DAYS", 60, validate=validate.Range(min=1))
    MAJLIS_STALE_MONTHS = env.int("MAJLIS_STALE_MONTHS", 6, validate=validate.Range(min=1))
    MAJLIS_DUE_DAYS = env.int("MAJLIS_DUE_DAYS", 60, validate=validate.Range(min=1, max=3650))
    MAJLIS_UNVERIFIED_DAYS = env.int("MAJLIS_UNVERIFIED_DAYS", 90, validate=validate.Range(min=1, max=3650))
    MAJLIS_SMALLEST_GROUP = env.int("MAJLIS_SMALLEST_GROUP", 5, validate=validate.Range(min=1, max=1_000_000))

    # Archived copies of evidence
    MAJLIS_ARCHIVE_PORTS = frozenset(env.list("MAJLIS_ARCHIVE_PORTS", [80, 443], subcast=int))

    # The publisher, as reference lists name it. They read a comma or a semicolon as the end of a name.
    MAJLIS_PUBLISHER = env.str(
        "MAJLIS_PUBLISHER", "Majlis", validate=validate.Regexp(r"\A\S[^,;\x00-\x1f\x7f]*(?<=\S)\Z")
    )

    # Visitors and partners
    MAJLIS_PUBLIC_ONLY = env.bool("MAJLIS_PUBLIC_ONLY", False)
    MAJLIS_QUERY_SECONDS = env.int("MAJLIS_QUERY_SECONDS", 5, validate=validate.Range(min=1))

    # Answers for the public that are kept
    MAJLIS_KEPT_MEGABYTES = env.int("MAJLIS_KEPT_MEGABYTES", 32, validate=validate.Range(min=0, max=100_000))
    CACHE_URL = env.str("CACHE_URL", "").strip()

    REPLICA_URLS = [one for one in env.str("REPLICA_URLS", "").replace(" ", "").split(",") if one]
    MAJLIS_PREPARED_STATEMENTS = env.bool("MAJLIS_PREPARED_STATEMENTS", True)

    HSTS_DAYS = env.int("HSTS_DAYS", 365, validate=validate.Range(min=0))
    BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
    DATABASE_URL = env.str("DATABASE_URL", "").strip()
    SITE_URL = env.str("SITE_URL", "").strip().rstrip("/")
    DESK_URL = env.str("DESK_URL", "").strip().rstrip("/")

    # Mail; without a host it is printed
    EMAIL_HOST = env.str("EMAIL_HOST", "").strip()
    EMAIL_PORT = env.int("EMAIL_PORT", 587, validate=validate.Range(min=1, max=65535))
    EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
    EMAIL_SECURITY: str = env.str("EMAIL_SECURITY", "starttls", validate=validate.OneOf(["starttls", "tls", "none"]))
    DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Majlis <majlis@localhost>").strip()

    LOG_LEVEL = env.str("LOG_LEVEL", "INFO", validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]))
except EnvError as error:
    raise ImproperlyConfigured(f"{error} See .env.example.") from error

if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG shows everything to everybody; it needs MAJLIS_MODE=development.")
    SECRET_KEY = "" if MAJLIS_PUBLIC_ONLY else required("SECRET_KEY", "<50 or more random characters>")
    if not MAJLIS_PUBLIC_ONLY and (len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5):
        raise ImproperlyConfigured(
            "SECRET_KEY is too short to keep a secret: who guesses it signs in as anybody. Set 50 or more random characters; "
            "this prints some: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    ALLOWED_HOSTS = [host.strip() for host in required("ALLOWED_HOSTS", "majlis.example.org").split(",")]
    DATABASE_URL = required("DATABASE_URL", "postgresql://majlis:password@localhost/majlis")
else:
    # In development the sessions survive a restart and need no protection: the server listens on loopback only.
    SECRET_KEY = env.str("SECRET_KEY", "development-only-and-public-" * 2)
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])

# The address of the site; see publishing.site_address

FORCE_SCRIPT_NAME = ""  # at the root of its host, whatever a header says

if PRODUCTION and (EMAIL_HOST or any(host == "*" or host.startswith(".") for host in ALLOWED_HOSTS)):
    # A mail has no host of its own, and with a pattern the client could choose the host.
    SITE_URL = required("SITE_URL", "https://majlis.example.org").rstrip("/")
for name, value in {"SITE_URL": SITE_URL, "DESK_URL": DESK_URL}.items():
    if value and not re.fullmatch(r"https?://[^/\s]+", value):
        raise ImproperlyConfigured(f"{name} is the beginning of every address, for example https://majlis.example.org.")
HOST_NAMES = [host.lower() for host in ALLOWED_HOSTS if re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", host)]
FIRST_HOST = urlsplit(SITE_URL).hostname or next(iter(HOST_NAMES), "localhost")
"""The host of the site outside of requests."""

MAJLIS_TAG_AUTHORITY = env.str("MAJLIS_TAG_AUTHORITY", "").strip() or f"{FIRST_HOST},2026"
"""The authority in the tag URIs of feed entries: a domain and a year (RFC 4151). It stays the same if the site moves.
"""
if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?,[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", MAJLIS_TAG_AUTHORITY):
    raise ImproperlyConfigured(
        f"MAJLIS_TAG_AUTHORITY is “{MAJLIS_TAG_AUTHORITY}”. Give the domain that you hold, in small letters, and a year "
        "in which you held it, for example majlis.example.org,2026."
    )

if MAJLIS_PUBLIC_ONLY:
    # Nothing for the public is signed. Without the key, an attacker in this process cannot forge a session at the desk,
    # so the desk's key is not even read.
    SECRET_KEY = secrets.token_urlsafe(64)
    if not DATABASE_URL:
        raise ImproperlyConfigured(
            "MAJLIS_PUBLIC_ONLY needs a DATABASE_URL with the reader's own credentials, for example "
            "postgresql://majlis_public:password@localhost/majlis. See docs/deploy.md."
        )

CACHE_SECRET = env.str("CACHE_SECRET", "").strip() or SECRET_KEY
"""With it the answers in CACHE_URL are signed; processes that are to share them have to have the same."""
if CACHE_URL:
    if not re.match(r"(redis|rediss|unix)://", CACHE_URL):
        raise ImproperlyConfigured(
            "CACHE_URL must begin with redis://, rediss:// or unix://, for example redis://127.0.0.1:6379/0 (Valkey too)."
        )
    if MAJLIS_PUBLIC_ONLY and (CACHE_SECRET == SECRET_KEY or len(CACHE_SECRET) < 50):
        raise ImproperlyConfigured(
            "CACHE_URL needs a CACHE_SECRET of 50 or more random characters where MAJLIS_PUBLIC_ONLY is set, the same in "
            "every process: without it each would take what the others keep for forged. See .env.example."
        )

OF_THE_DESK = {
    "config.apps.DeskConfig",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.context_processors.messages",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "events.names.check.KeepsAnswers",
}
"""Everything that needs signed-in users. A process for the public alone runs without it; see also `config.urls`."""


def without_the_desk(*names: str) -> list[str]:
    """`names`, without those of the desk in a process that has none."""
    return [name for name in names if not MAJLIS_PUBLIC_ONLY or name not in OF_THE_DESK]


PUBLICATION_KINDS = [
    ("actor", _("Actor")),
    ("topic", _("Topic")),
    ("source", _("Source")),
    ("partnership", _("Partnership")),
    ("claim", _("Claim")),
    ("series", _("Series")),
    ("event", _("Event")),
    ("report", _("Report")),
    ("recommendation", _("Recommendation")),
]
"""The publications, by the names of their models; `publishing` itself does not know them."""

INSTALLED_APPS = without_the_desk(
    "modeltranslation",  # before the admin, which it extends
    "config.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",  # the templates of its widgets, some of which are ours
    "csp",
    "django_filters",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "pghistory",
    "pgtrigger",
    "procrastinate.contrib.django",
    "rest_framework",
    "config",
    "publishing",
    "partnerships",
    "events",
    "recommendations",
)

MIDDLEWARE = without_the_desk(
    "config.middleware.request_id.RequestIdMiddleware",
    "config.isolation.IsolationMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "publishing.reader.http_cache.FreshnessMiddleware",
    "config.middleware.kept_answers.KeptAnswersMiddleware",  # nothing that costs anything stands outside of it
    "config.unreadable.UnreadableMiddleware",  # before anything reads a cookie
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.language.LanguageMiddleware",
    "config.middleware.body_limit.BodyLimitMiddleware",  # before anything reads the body
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "events.names.check.KeepsAnswers",  # outside of what the desk takes back
    "publishing.reader.audience.AudienceMiddleware",  # the public reads as a database role of its own
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": without_the_desk(
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ),
        },
    },
]

# The database

EMBEDDED_POSTGRES = not DATABASE_URL
"""Whether the embedded server of config.postgres is used; never in production."""

for name, urls in {"DATABASE_URL": [DATABASE_URL] if DATABASE_URL else [], "REPLICA_URLS": REPLICA_URLS}.items():
    if not all(url.startswith(("postgres://", "postgresql://")) for url in urls):
        raise ImproperlyConfigured(f"{name} must begin with postgresql://; no other database will do.")
if REPLICA_URLS and not MAJLIS_KEPT_MEGABYTES:
    raise ImproperlyConfigured(
        "REPLICA_URLS needs MAJLIS_KEPT_MEGABYTES: what is kept tells what a replica may answer."
    )

REPLICAS = [f"replica_{number}" for number in range(1, len(REPLICA_URLS) + 1)]
"""The names of the databases of REPLICA_URLS; no model is ever asked of them by name (publishing.reader.replicas)."""

# A thread does one thing at a time, so one persistent connection for each is enough.
DATABASES = {
    name: dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True)
    for name, url in zip(["default", *REPLICAS], [DATABASE_URL or postgres.RUN.url, *REPLICA_URLS], strict=True)
}
# Only what binds on the server is prepared: the statements of publishing.api.statements, and nothing of Django's.
# A machine that has gone says nothing. The timeouts end before gunicorn would kill the worker that waits (30 seconds).
for name, database in DATABASES.items():
    database["OPTIONS"] = {
        "connect_timeout": 3 if name == "default" else 1,  # seconds; a replica can be done without
        "tcp_user_timeout": 10_000,  # milliseconds until what was sent is taken to be lost
        **database.get("OPTIONS", {}),
        "prepare_threshold": 0 if MAJLIS_PREPARED_STATEMENTS else None,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Answers that processes share; nothing else is kept by Django

CACHES: dict[str, dict[str, object]] = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
if CACHE_URL:
    CACHES["answers"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "majlis",
        "OPTIONS": {
            "serializer": "publishing.reader.kept_answers.AsBytes",
            "socket_connect_timeout": 0.1,  # seconds: whoever is slower than that is no help
            "socket_timeout": 0.1,
        },
    }

# Language: decided by the prefix of the address, see config.middleware.language

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("tr", "Türkçe"), ("ar", "العربية")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_PATH = "/admin/"
LANGUAGE_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True
TIME_ZONE = "UTC"
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_LANGUAGES = ("en", "tr", "ar")
# A text that is missing in one language is shown in the first of these that has it, and marked.
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en", "tr", "ar")

# The background

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# Mail

EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_USE_TLS = EMAIL_SECURITY == "starttls"
EMAIL_USE_SSL = EMAIL_SECURITY == "tls"
EMAIL_TIMEOUT = 30
EMAIL_SUBJECT_PREFIX = ""
MAIL_DOMAIN = DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ") or "localhost"
"""The part after the @ in the ids of mails; Django would use the name of the machine."""

# Uploads: only the desk serves them (config.site.desk), to those who may see what they belong to

MEDIA_ROOT = env.path("MEDIA_ROOT", BASE_DIR / "var" / "media")
MEDIA_URL = "/admin/files/"

# Static files

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# In development the files are served from their source folders; in production from the folder of collectstatic.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION
WHITENOISE_KEEP_ONLY_HASHED_FILES = PRODUCTION

# Security

SECURE_SSL_REDIRECT = PRODUCTION
# If there is only one name, HTTP redirects to it and ignores the port of the client; otherwise to the requested name.
SECURE_SSL_HOST = (
    next(
        (urlsplit(url).netloc for url in (SITE_URL, DESK_URL) if urlsplit(url).hostname == HOST_NAMES[0]), HOST_NAMES[0]
    )
    if HOST_NAMES and len(ALLOWED_HOSTS) == 1
    else None
)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = HSTS_DAYS * 86_400 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.error_pages.csrf_failure"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
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
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
"""As many fields as MAX_ROWS of publishing.desk.sent_forms have; Django's default of 1,000 would refuse a report of 200
points.
"""
# Without sessions a forged request gains nothing.
SILENCED_SYSTEM_CHECKS = ["security.W003"] if MAJLIS_PUBLIC_ONLY else []

MAX_FILE_BYTES = FILE_LIMIT
MAX_BODY_BYTES = MAX_FILE_BYTES + DATA_UPLOAD_MAX_MEMORY_SIZE
# A file is read whole before it is stored, so it needs no temporary file.
FILE_UPLOAD_MAX_MEMORY_SIZE = MAX_FILE_BYTES
"""A larger body is refused before it is read; config.middleware.body_limit."""

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", **options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"OPTIONS": {"min_length": 12}},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# The API

REST_FRAMEWORK: dict[str, object] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "publishing.api.negotiation.Negotiation",
    "DEFAULT_PAGINATION_CLASS": "publishing.api.pagination.CursorPagination",
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["publishing.api.negotiation.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "config.api.schema.AutoSchema",
    "EXCEPTION_HANDLER": "publishing.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS: dict[str, object] = {
    "TITLE": "Majlis",
    "DESCRIPTION": "Partnerships, claims, events and recommendations: what is published, and what was known when. "
    "Codes and names are those of the knowledge base; what is unknown is null.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.api.schema.optional_where_left_out",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ActionType": "partnerships.models.instrument.ActionType",
        "ActorKind": "partnerships.models.actor.ActorKind",
        "AddresseeRole": "recommendations.models.recommendation.AddresseeRole",
        "Answer": "recommendations.api.serializers.ADDRESSEE_RESPONSES",
        "AttributionRule": "events.models.event.AttributionRule",
        "ChangeEvent": "publishing.models.change.ChangeEvent",
        "ChangeKind": PUBLICATION_KINDS,
        "ClaimKind": "partnerships.models.claim.ClaimKind",
        "ClaimLinkType": "partnerships.models.claim.ClaimLinkType",
        "ClaimSubjectRole": "partnerships.models.claim.ClaimSubjectRole",
        "DocumentFormat": "events.models.document.DocumentFormat",
        "EventKind": "events.models.event.EventKind",
        "ImplementationState": "recommendations.lifecycle.states.ImplementationState",
        "InstrumentStatus": "partnerships.models.instrument.InstrumentStatus",
        "InstrumentType": "partnerships.models.instrument.InstrumentType",
        "Language": "publishing.languages.Language",
        "OrganiserRole": "events.models.event.OrganiserRole",
        "PartnershipLinkType": "partnerships.models.partnership.PartnershipLinkType",
        "PartnershipStatus": "partnerships.models.partnership.PartnershipStatus",
        "PartyRole": "partnerships.models.partnership.PartyRole",
        "PointKind": "events.models.report.PointKind",
        "RecommendationLinkType": "recommendations.models.recommendation.RecommendationLinkType",
        "ResponseKind": "recommendations.lifecycle.states.ResponseKind",
        "RolledUpResponse": "recommendations.filters.RESPONSES",
        "TopicKind": "partnerships.models.topic.TopicKind",
        "VerificationStatus": "partnerships.models.claim.VerificationStatus",
    },
}

# Logs: one event a line, on standard error, with the request's id; JSON in production

DJANGO_STRUCTLOG_USER_ID_FIELD = None  # reading the user would open the session of every visitor
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # who reads what is nobody's business
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True  # config.middleware.request_id has seen to it
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG  # the end of a request tells the same and more

BEFORE_RENDERING: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *BEFORE_RENDERING,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": BEFORE_RENDERING,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                # Local variables hold drafts and passwords, so they are not logged.
                structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
                structlog.processors.JSONRenderer(),
            ],
        },
        "readable": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": BEFORE_RENDERING,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
            ],
        },
    },
    "handlers": {
        "standard_error": {"class": "logging.StreamHandler", "formatter": "json" if PRODUCTION else "readable"},
    },
    "root": {"handlers": ["standard_error"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # Django leaves it to the server to remove the body of an answer to HEAD; gunicorn warns each time.
        "gunicorn.http.wsgi": {"level": "ERROR"},
        # It logs every job that it looks at; a failed job is logged as a warning.
        "procrastinate": {"level": "WARNING"},
    },
}
