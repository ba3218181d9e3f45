"""Settings of Django and of the packages; those of the districts are in crm/rules.py. Every variable: .env.example."""

from typing import Any

from csp.constants import NONE, SELF

from crm.environment import BASE_DIR, env
from crm.rules import RULES

VAR_DIR = BASE_DIR / "var"
VAR_DIR.mkdir(exist_ok=True)

DEBUG = env.bool("DEBUG", False)
# Demo mode offers the demo accounts as buttons on the log-in page; never set it where real data live.
DEMO = env.bool("DEMO", False)

SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", not (DEBUG or DEMO))
# Of this site as people open it, for what is read away from it: QR codes on paper, messages. Empty: none is printed.
SITE_ADDRESS = env.str("SITE_ADDRESS", "")

INSTALLED_APPS = [
    "reports",
    "visits",
    "parks",
    "crm",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "rest_framework",
    "simple_history",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crm.middleware.WholePageLogin",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "crm.middleware.MustChangePassword",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "crm.middleware.BusyDatabase",
]

ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crm.navigation.navigation",
            ],
            "builtins": ["crm.templatetags.ui"],
        },
    }
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'yuanqitong.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock at BEGIN: a transaction waits for its turn and never fails half-way with "locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # No question of ours is worth compiling first (100 ms and more), and tables lie in memory or on a disk without a
    # head. Empty for a pooler that refuses start-up options.
    postgres_options = env.str("POSTGRES_OPTIONS", "-c jit=off -c random_page_cost=1.1")
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", postgres_options)
# Shared by all processes: attempts to log in are counted here, and a worker tells here how far an import has come.
CACHES: dict[str, dict[str, Any]] = {
    "default": env.cache_url("CACHE_URL", default=f"filecache://{VAR_DIR / 'cache'}") | {"KEY_PREFIX": "yqt"}
}
if CACHES["default"]["BACKEND"].endswith("FileBasedCache"):
    # The default of 300 entries would throw away what is counted, at random.
    CACHES["default"]["OPTIONS"] = {"MAX_ENTRIES": 10_000}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "crm.User"
# One backend only: a second would be asked for every right a user lacks, by two queries each time.
AUTHENTICATION_BACKENDS = ["crm.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "crm.accounts.ClosedAdapter"
ACCOUNT_FORMS = {"login": "crm.accounts.LoginForm", "change_password": "crm.accounts.ChangePasswordForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/15m/key"}
# The same for pages without a log-in: links that do not exist (guessing), and answers sent.
PUBLIC_RATE_LIMITS = {
    "link_miss": "10/m/ip,60/h/ip",
    "link_answer": "10/m/ip,60/h/ip",
    "verify_miss": "10/m/ip,60/h/ip",
    # A display asks once in five minutes; several of one hall share an address.
    "screen_open": "30/m/ip",
}
# The address of a client behind a reverse proxy is believed only as deep as this many proxies.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)

SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "crm.views.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 60 * 60 * 24 * 365) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        # Bootstrap's own icons are data: images inside its style sheet.
        "img-src": [SELF, "data:", "blob:"],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["crm.formats"]
USE_THOUSAND_SEPARATOR = False

NODE_MODULES = BASE_DIR / "node_modules"
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    ("vendor/bootstrap", NODE_MODULES / "bootstrap/dist"),
    ("vendor/bootstrap-icons", NODE_MODULES / "bootstrap-icons/font"),
    ("vendor/htmx", NODE_MODULES / "htmx.org/dist"),
]
# The folder of ECharts holds fifty megabytes, of which one file is served: bars, lines and the SVG renderer.
STATIC_FILES = {
    "vendor/echarts/echarts.common.min.js": NODE_MODULES / "echarts/dist/echarts.common.min.js",
}
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "crm.static_files.SingleFiles",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "crm.static_files.HashedFiles"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
MEDIA_URL = "media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR_DIR / "media"))
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

TASKS = {"default": {"BACKEND": env.str("TASKS_BACKEND", "django_tasks_db.DatabaseBackend")}}

# smtp+tls://user:password@mail.example.cn:587; empty: no mail goes out.
EMAIL_IS_SET = bool(env.str("EMAIL_URL", ""))
if EMAIL_IS_SET:
    globals().update(env.email("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", "noreply@localhost")
EMAIL_TIMEOUT = 15
# Group bots by name. Their addresses and secrets stand here only, never in the database; the hosts are those that the
# services document, and no message goes elsewhere.
REPORT_BOTS = {
    name: {
        "label": env.str(f"REPORT_BOT_{name.upper()}_LABEL", name),
        "kind": env.str(f"REPORT_BOT_{name.upper()}_KIND", "wecom"),
        "address": env.str(f"REPORT_BOT_{name.upper()}_ADDRESS", ""),
        "secret": env.str(f"REPORT_BOT_{name.upper()}_SECRET", ""),
    }
    for name in env.list("REPORT_BOTS", default=[])
}
REPORT_BOT_SITES = {"wecom": "https://qyapi.weixin.qq.com", "dingtalk": "https://oapi.dingtalk.com"}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["crm.permissions.HasDeclaredPermission"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "园企通 API",
    "DESCRIPTION": "企业、走访、诉求与统计指标的只读与办理接口",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "AppealStatusEnum": "visits.choices.AppealStatus",
        "VisitStatusEnum": "visits.choices.VisitStatus",
        "RegistrationStatusEnum": "parks.choices.RegistrationStatus",
    },
}

SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = False

# Declarations of the apps, named here because arrows point down: what points at an enterprise, which lists are read.
ENTERPRISE_RELATIONS = ["parks.relations.OWN", "visits.relations.RELATIONS"]
# Told the keys of enterprises whose search text has changed, or which went into the bin or came out of it.
ENTERPRISE_FOLLOWERS = ["visits.search.follow_enterprises"]
# Which declaration reads which kind of list; crm may not import the other apps, so they are named here.
IMPORT_RESOURCES = {
    "enterprises": "parks.resources.EnterpriseResource",
    "qualifications": "parks.resources.QualificationResource",
    "indicators": "parks.resources.IndicatorResource",
    "visits": "visits.resources.VisitResource",
    "appeals": "visits.resources.AppealResource",
    "tickets": "visits.resources.TicketResource",
    "results": "reports.evaluation.resources.ResultResource",
}
# What the search of everything looks through, in this order.
SEARCH_GROUPS = [
    "parks.search.ENTERPRISES",
    "parks.search.CONTACTS",
    "visits.search.VISITS",
    "visits.search.APPEALS",
    "visits.search.TICKETS",
]

# Of the other apps, what the bell counts besides reminders of appeals: label, address and number for a user.
OTHER_NOTICES = ["reports.notices.report_notices"]

# Tasks that follow an edit of the working calendar; each takes the key of the edit.
CALENDAR_FOLLOWERS = ["visits.tasks.follow_calendar"]

# Rules that differ by district or year: crm/rules.py.
YQT = RULES

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
}
