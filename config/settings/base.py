"""Settings that are safe for production with nothing set but the secrets.

Every value that an operator may set is read here through `config.settings.env`
and listed in README's table; a test holds the two together.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.http.schema import INTRODUCTION
from config.kernel.slices import EnumNames
from config.settings import admin as panel
from config.settings.env import (
    NO_REDIS,
    NO_TRUSTED_PROXY,
    SHARED_KEY,
    addresses,
    choice,
    env,
    integer,
    secret,
    switch,
)
from config.settings.parts import chosen_parts
from config.settings.storage import (
    broker_options,
    broker_queues,
    cache_url,
    celery_url,
    database,
    default_queue_type,
    unit_databases,
)

django_stubs_ext.monkeypatch()
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # names are read character by character

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.str("SAOMA_DATA_DIR", default=str(BASE_DIR / "var")))

# ---- process -----------------------------------------------------------------
SECRET_KEY = secret("DJANGO_SECRET_KEY")
DEBUG = switch("DJANGO_DEBUG", default=False)
# The lab moves the world's clock, shows the theatre and lets notifications reach this machine.
LAB_MODE = switch("SAOMA_LAB_MODE", default=False)
ALLOWED_HOSTS: list[str] = env.list("DJANGO_ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("DJANGO_CSRF_TRUSTED_ORIGINS", default=[])
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---- what the product is made of ---------------------------------------------
# The panel and the API document list what each slice declares in this order.
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "django_htmx",
    "csp",
    "config.kernel",
    "config.kernel.outbox",
    "config.kernel.idempotency",
    "config.kernel.limits",
    "config.kernel.audit",
    "config.kernel.alarms",
    "config.kernel.approvals",
    "config.kernel.access",
    "config.admin",
    "wallet.ledger",
    "wallet.accounts",
    "wallet.risk",
    "wallet.funding",
    "wallet.coupons",
    "wallet.payments",
    "wallet.sharing",
    "wallet.clearing",
    "wallet.agreements",
    "wallet.authorisations",
    "wallet.passkeys",
    "merchants.onboarding",
    "merchants.workbench",
    "merchants.certificates",
    "merchants.faces",
    "merchants.consents",
    "merchants.acceptance",
    "merchants.exchange",
    "merchants.settlement",
    "merchants.payouts",
    "merchants.reconciliation",
    "merchants.escrow",
    "merchants.deals",
    "merchants.disputes",
    "merchants.customs",
    "merchants.exposure",
    "merchants.splits",
    "merchants.funds",
    "merchants.terms",
    "merchants.bills",
    "merchants.transit",
    "merchants.selfscan",
    "merchants.speakers",
    "merchants.parking",
    "merchants.gateway",
    "merchants.notifications",
    "merchants.checkout",
    "merchants.diagnosis",
    "merchants.console",
    "healthcode.subjects",
    "healthcode.evidence",
    "healthcode.rules",
    "healthcode.decisions",
    "healthcode.passes",
    "healthcode.verification",
    "healthcode.tracing",
    "healthcode.footfall",
    "healthcode.appeals",
    "healthcode.abuses",
    "healthcode.pages",
    "lab",
]

MIDDLEWARE = [
    "config.http.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.http.middleware.BadBytesMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.http.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.http.pages.LanguageChoiceMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.http.middleware.NotAllowedMiddleware",
    "healthcode.subjects.middleware.ProgrammeMiddleware",
    "healthcode.subjects.middleware.NamedSubjectMiddleware",
    "config.admin.session_limits.SessionLimitsMiddleware",
    "config.admin.middleware.PanelIdsMiddleware",
    "config.admin.looks.LooksMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.http.pages.page_facts",
                "config.admin.lab_logins.lab_logins",
                "config.admin.saved_views.for_page",
            ],
        },
    }
]

# ---- data ----------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'saoma.sqlite3'}")
DATABASES: dict[str, Any] = {"default": database(DATABASE_URL)}
# Other placement units' databases, which messages of clearing go to; none for one installation.
_OTHERS, SAOMA_UNIT_ALIASES = unit_databases(secret("SAOMA_UNIT_DATABASES", default=""))
DATABASES |= _OTHERS
DATABASE_ROUTERS = ["config.kernel.placement.UnitRouter"] if _OTHERS else []
REDIS_URL = env.str("REDIS_URL", default="")
if not (REDIS_URL or LAB_MODE):
    raise ImproperlyConfigured(NO_REDIS)
CACHES = {"default": cache_url(REDIS_URL)}

# ---- Celery ----------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=celery_url(REDIS_URL))
# A queue of RabbitMQ keeps the type it was made with; another type wants another broker.
SAOMA_QUEUE_TYPE = choice(
    "SAOMA_QUEUE_TYPE", default_queue_type(CELERY_BROKER_URL), ("classic", "quorum")
)
CELERY_TASK_QUEUES = broker_queues(SAOMA_QUEUE_TYPE)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 50
CELERY_TASK_SOFT_TIME_LIMIT = 40
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A broker that accepts and never answers holds its caller for seconds, not for ever.
CELERY_BROKER_CONNECTION_TIMEOUT = 3
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.2, "interval_max": 0.2}
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(CELERY_BROKER_URL)
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# ---- language and time -------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("SAOMA_TIME_ZONE", default="Asia/Shanghai")

# ---- files ---------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
# What the pages of several apps share: base style, small modules, others' code.
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# ---- operators ---------------------------------------------------------------------------
LOGIN_URL = "admin:login"
# A link for a new password, handed over after two have approved it: an hour.
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_REDIRECT_URL = "admin:index"
AUTHENTICATION_BACKENDS = ["config.admin.sign_in.OperatorBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# ---- transport security --------------------------------------------------------------------
BEHIND_TLS = switch("SAOMA_BEHIND_TLS", default=True)
# Proxies whose word on a caller's address is believed: addresses, networks, "unix".
SAOMA_TRUSTED_PROXIES = addresses("SAOMA_TRUSTED_PROXIES")
if BEHIND_TLS and not SAOMA_TRUSTED_PROXIES:
    raise ImproperlyConfigured(NO_TRUSTED_PROXY)
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SECURE_HSTS_PRELOAD = BEHIND_TLS
SESSION_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "config.http.problems.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, "'wasm-unsafe-eval'"],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF, "blob:"],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "object-src": [NONE],
    }
}

# ---- HTTP API ------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["wallet.accounts.authentication.SessionTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.http.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "config.http.pagination.CursorPage",
    "EXCEPTION_HANDLER": "config.http.problems.handle",
    "UNAUTHENTICATED_USER": None,
    # OPTIONS says nothing that the OpenAPI document does not say better.
    "DEFAULT_METADATA_CLASS": None,
    "PAGE_SIZE": 20,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Saoma",
    "DESCRIPTION": INTRODUCTION,
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    # Clients are generated from these names; without them a new field could rename a type.
    "ENUM_NAME_OVERRIDES": EnumNames(),
    "PREPROCESSING_HOOKS": ["config.http.schema.leave_lab_out"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.http.schema.describe_operations",
        "config.http.schema.declare_problems",
    ],
}

# ---- Saoma ---------------------------------------------------------------------------------
# Keys at rest and device keys derive from this one; never stored in the database.
MASTER_KEY = secret("SAOMA_MASTER_KEY")
# Older master keys, newest first: what they sealed opens until it is sealed anew.
MASTER_KEY_FALLBACKS = secret("SAOMA_MASTER_KEY_FALLBACKS", default="").replace(",", " ").split()
# The installation's first master key: digests and devices' secrets stay what they are.
DERIVATION_KEY = secret("SAOMA_DERIVATION_KEY", default=MASTER_KEY)
if MASTER_KEY == SECRET_KEY:
    raise ImproperlyConfigured(SHARED_KEY)
# Off only where the module is loaded and nothing is served: in the test suite.
KEY_CHECKED_AT_START = True
# Where the audit chain's signed roots are kept outside the database.
SAOMA_AUDIT_DIR = env.str("SAOMA_AUDIT_DIR", default=str(DATA_DIR / "audit"))
BENCH = switch("SAOMA_BENCH", default=False)
OUTBOX_KICK = switch("SAOMA_OUTBOX_KICK", default=True)
PUBLIC_URL = env.str("SAOMA_PUBLIC_URL", default="http://127.0.0.1:8000")
SAOMA_PAYCODE_PREFIX = env.str("SAOMA_PAYCODE_PREFIX", default="28")
# Owner of the account template in our merchant codes: the installation's reversed domain.
SAOMA_MERCHANT_GUID = env.str("SAOMA_MERCHANT_GUID", default="test.saoma")
# A body larger than this, or that takes longer, is refused before a thread is taken for it.
SAOMA_MAX_BODY = integer("SAOMA_MAX_BODY", 4_194_304, minimum=65_536)
SAOMA_BODY_TIMEOUT_S = integer("SAOMA_BODY_TIMEOUT_S", 10, minimum=1)
SAOMA_GATEWAY_MAX_BODY = integer("SAOMA_GATEWAY_MAX_BODY", 262_144, minimum=1024)
SAOMA_GATEWAY_MAX_SKEW_S = integer(
    "SAOMA_GATEWAY_MAX_SKEW_S", 0
)  # 0: clients' clocks are not judged
# What developers read in the console: written behind the answer, with it (inline), or not.
SAOMA_GATEWAY_LOG = choice(
    "SAOMA_GATEWAY_LOG", "background" if LAB_MODE else "off", ("off", "inline", "background")
)
SESSION_LIFETIME = timedelta(days=30)

# ---- the world outside: adapters behind the ports ---------------------------------------------
SAOMA_PARTS = chosen_parts(lab_mode=LAB_MODE)
SAOMA_BANK = SAOMA_PARTS["SAOMA_BANK"]
SAOMA_PAYOUT_BANK = SAOMA_PARTS["SAOMA_PAYOUT_BANK"]
SAOMA_CARD_BANK = SAOMA_PARTS["SAOMA_CARD_BANK"]
SAOMA_IDENTITY_CHECK = SAOMA_PARTS["SAOMA_IDENTITY_CHECK"]
SAOMA_SMS = SAOMA_PARTS["SAOMA_SMS"]
SAOMA_CUSTOMS = SAOMA_PARTS["SAOMA_CUSTOMS"]
SAOMA_ALERTS = SAOMA_PARTS["SAOMA_ALERTS"]
# Each signs what its real bank tells us; without it that bank's address does not exist.
SAOMA_BANK_SECRET = secret("SAOMA_BANK_SECRET", default="")
SAOMA_PAYOUT_BANK_SECRET = secret("SAOMA_PAYOUT_BANK_SECRET", default="")
SAOMA_CARD_BANK_SECRET = secret("SAOMA_CARD_BANK_SECRET", default="")
# Bearer token of the monitoring system; without it only operators read /metrics.
SAOMA_METRICS_TOKEN = secret("SAOMA_METRICS_TOKEN", default="")

# ---- wallet accounts: hashing, the simulated bank, the mock identity check -------------------
SAOMA_ARGON2_COST = {"time_cost": 2, "memory_cost": 19_456, "parallelism": 1}
SAOMA_BANK_ANSWER_S = integer("SAOMA_BANK_ANSWER_S", 1)
SAOMA_BANK_BEHAVIOUR = choice(
    "SAOMA_BANK_BEHAVIOUR",
    "BY_AMOUNT",
    ("BY_AMOUNT", "NORMAL", "FAIL", "SLOW", "TWICE", "LATE", "SILENT", "CONTRADICT"),
)
SAOMA_BANK_PROCESS_S = integer("SAOMA_BANK_PROCESS_S", 0)
SAOMA_KYC_DECISION_S = integer("SAOMA_KYC_DECISION_S", 2)
# Whoever registers over the network proves the phone with a code; a lab lets them do it later.
SAOMA_PHONE_PROOF = switch("SAOMA_PHONE_PROOF", default=not LAB_MODE)
SAOMA_REGISTRATIONS_HOURLY = integer("SAOMA_REGISTRATIONS_HOURLY", 200 if LAB_MODE else 20)
SAOMA_PHONE_CODES_HOURLY = integer("SAOMA_PHONE_CODES_HOURLY", 200 if LAB_MODE else 20)

# Payments. Limits in fen; 0 means that a limit is not applied. The daily limits are those
# of PBoC Yinfa [2017] 296; a lab, where one payer pays all day long, leaves two of them off.
SAOMA_NO_PIN_LIMIT_MINOR = integer("SAOMA_NO_PIN_LIMIT_MINOR", 1_000_00)
SAOMA_DAILY_NO_PIN_MINOR = integer("SAOMA_DAILY_NO_PIN_MINOR", 0 if LAB_MODE else 1_000_00)
SAOMA_DAILY_PIN_MINOR = integer("SAOMA_DAILY_PIN_MINOR", 0 if LAB_MODE else 5_000_00)
SAOMA_STATIC_DAILY_MINOR = integer("SAOMA_STATIC_DAILY_MINOR", 500_00)
SAOMA_FACE_LIMIT_MINOR = integer("SAOMA_FACE_LIMIT_MINOR", 1_000_00)
SAOMA_OFFLINE_LIMIT_MINOR = integer("SAOMA_OFFLINE_LIMIT_MINOR", 300_00)
SAOMA_OFFLINE_DAILY_MINOR = integer("SAOMA_OFFLINE_DAILY_MINOR", 1_000_00)
SAOMA_ALIAS_LIFE_H = integer("SAOMA_ALIAS_LIFE_H", 24, minimum=1)
SAOMA_REFUND_WINDOW_DAYS = integer("SAOMA_REFUND_WINDOW_DAYS", 365, minimum=1)
# A first transfer to somebody new of so much (fen; 0: never) waits, and may be called back.
SAOMA_TRANSFER_PAUSE_FROM_MINOR = integer("SAOMA_TRANSFER_PAUSE_FROM_MINOR", 2_000_00, minimum=0)
SAOMA_TRANSFER_PAUSE_HOURS = integer("SAOMA_TRANSFER_PAUSE_HOURS", 24, minimum=1)
# Pre-authorisations: how long one lives, and what we vouch for one trusted payer at a time.
SAOMA_AUTHORISATION_LIFE_DAYS = integer("SAOMA_AUTHORISATION_LIFE_DAYS", 30, minimum=1)
SAOMA_WAIVER_LIMIT_MINOR = integer("SAOMA_WAIVER_LIMIT_MINOR", 2_000_00)
# A bundled rule set; empty: the newest published in the panel, or the newest bundled one.
SAOMA_RISK_RULES = env.str("SAOMA_RISK_RULES", default="")
SAOMA_RISK_REFRESH_S = integer("SAOMA_RISK_REFRESH_S", 5, minimum=0)
SAOMA_RISK_COOL_OFF_MIN = integer("SAOMA_RISK_COOL_OFF_MIN", 30, minimum=1)
SAOMA_RISK_CASE_H = integer("SAOMA_RISK_CASE_H", 24, minimum=1)

# Health code: the rule set in force and who issues passes.
SAOMA_HEALTH_RULE_SET = env.str("SAOMA_HEALTH_RULE_SET", default="hangzhou-2020-02")
# A registry that believes whoever types a document, as the lab's identity check does.
SAOMA_HEALTH_SIMULATED_IDENTITY = switch("SAOMA_HEALTH_SIMULATED_IDENTITY", default=LAB_MODE)
SAOMA_HEALTH_ISSUER = env.str("SAOMA_HEALTH_ISSUER", default="CN-330100")

# ---- settlement: what goes out on one person's word; a place to die at, in the lab ------------
SAOMA_SETTLEMENT_APPROVAL_MINOR = integer("SAOMA_SETTLEMENT_APPROVAL_MINOR", 10_000_000)
# Bills of a day that is not over: in the lab; elsewhere a bill is had the day after.
SAOMA_BILL_SAME_DAY = switch("SAOMA_BILL_SAME_DAY", default=LAB_MODE)
# Transfers from a merchant's balance, in fen: one, and a day's; 0 leaves the day open.
SAOMA_TRANSFER_MAXIMUM_MINOR = integer("SAOMA_TRANSFER_MAXIMUM_MINOR", 50_000_00, minimum=10)
SAOMA_TRANSFER_DAILY_MINOR = integer("SAOMA_TRANSFER_DAILY_MINOR", 1_000_000_00)
# The scenes in which merchants may send money, where a transfer must name one; none asks nothing.
SAOMA_TRANSFER_SCENES: list[str] = env.list("SAOMA_TRANSFER_SCENES", default=[])
# How many days after its own a trade can still be split from its own money.
SAOMA_SPLIT_DAYS = integer("SAOMA_SPLIT_DAYS", 1, minimum=1)
# What a merchant may come to owe us, in fen, once it is no longer young; its own ceiling wins.
SAOMA_MERCHANT_CREDIT_MINOR = integer("SAOMA_MERCHANT_CREDIT_MINOR", 0)
SAOMA_MERCHANT_YOUNG_DAYS = integer("SAOMA_MERCHANT_YOUNG_DAYS", 90)
# Where statements of the bank are fetched: a folder with YYYY-MM-DD.xml or .csv, or `simulated`.
SAOMA_STATEMENTS_FROM = env.str("SAOMA_STATEMENTS_FROM", default="")
# How long the bank has to say what became of a payout.
SAOMA_PAYOUT_ANSWER_HOURS = integer("SAOMA_PAYOUT_ANSWER_HOURS", 48, minimum=1)
# How long another bank account of a merchant waits before payouts go to it.
SAOMA_BANK_ACCOUNT_COOLING_HOURS = integer("SAOMA_BANK_ACCOUNT_COOLING_HOURS", 72, minimum=1)
SAOMA_CRASH_AT = env.str("SAOMA_CRASH_AT", default="")

# ---- operators' panel ----------------------------------------------------------------------
UNFOLD = panel.UNFOLD

# ---- logs ------------------------------------------------------------------------------------
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "config.kernel.logs.RequestIdFilter"},
        "readiness": {"()": "config.kernel.logs.ReadinessFilter"},
    },
    "formatters": {"json": {"()": "config.kernel.logs.JsonFormatter"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # A stray Host is refused; its traceback tells nobody anything.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.request": {"filters": ["readiness"]},
        # Each beat and each message would be a line: 60 MB a day of an idle installation.
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        # Each beat that waited too long in its queue, where the machine is busy.
        "celery.worker.request": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}
