"""All settings, read from the environment or .env; every variable is listed in .env.example."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
VAR_DIR.mkdir(exist_ok=True)

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", False)
# Demo mode offers the demo accounts as buttons on the log-in page; never set it where real data live.
DEMO = env.bool("DEMO", False)


def one_of(name: str, *values: str) -> str:
    """A setting of few values, the first of them its default."""
    value: str = env.str(name, values[0])
    if value not in values:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(values)}, not {value!r}")
    return value


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

# Rules that differ by district or year; each has the default of domain practice and may be overridden here.
YQT: dict[str, Any] = {
    "SITE_NAME": env.str("SITE_NAME", "园企通"),
    # The day on which a statistical month starts: 1 (calendar) or 19 (接诉即办 practice).
    "MONTH_STARTS_ON": env.int("MONTH_STARTS_ON", 1),
    # What a "基本满意" and a "部分解决" count for in the rates (0, 0.5, 0.9, 1).
    "BASICALLY_SATISFIED_COUNTS": Decimal(env.str("BASICALLY_SATISFIED_COUNTS", "0.9")),
    "PARTLY_SOLVED_COUNTS": Decimal(env.str("PARTLY_SOLVED_COUNTS", "0")),
    # 口径 that districts settle differently (domain §2.4); each is printed under the figures it changes.
    # Whoever could not be reached: out of the rates, or counted as solved and satisfied, or as neither.
    "UNREACHABLE_COUNTS": one_of("UNREACHABLE_COUNTS", "out", "solved", "unsolved"),
    # A call-back that says nothing of satisfaction: out of the rates, or satisfied.
    "NO_ANSWER_ON_SATISFACTION": one_of("NO_ANSWER_ON_SATISFACTION", "out", "satisfied"),
    # Merged duplicates: once with the appeal they were merged into, or each as one received.
    "MERGED_COUNT": one_of("MERGED_COUNT", "once", "each"),
    # 不合理 matters are dropped from 解决率 and 满意率 only, or from every figure.
    "EXCLUDED_DROP": one_of("EXCLUDED_DROP", "rates", "all"),
    # Whether 挂账 is dropped from 解决率 while it is approved and its review is not due.
    "SHELVED_DROP": env.bool("SHELVED_DROP", True),
    # Of a reopened appeal the last closing counts, or the first.
    "REOPENED_BY": one_of("REOPENED_BY", "last", "first"),
    # Weights of response, solving and satisfaction in the composite score; they sum to 1.
    "SCORE_WEIGHTS": tuple(Decimal(w) for w in env.list("SCORE_WEIGHTS", default=["0.10", "0.50", "0.40"])),
    # Phone and online contacts are 联系, not 走访, unless a district counts them.
    "CONTACTS_COUNT_AS_VISITS": env.bool("CONTACTS_COUNT_AS_VISITS", False),
    # Days between visits by service tier; other enterprises use "none".
    "VISIT_INTERVAL_DAYS": {"city": 90, "district": 90, "town": 30, "none": 180},
    # Visits that a plan puts on one day of one person, up to 5.
    "PLANNED_VISITS_PER_DAY": min(env.int("PLANNED_VISITS_PER_DAY", 3), 5),
    # Days an enterprise must have been on a “服务包” list before it counts in the coverage (domain: V3).
    "COVERAGE_LISTED_DAYS": env.int("COVERAGE_LISTED_DAYS", 15),
    # Working days to first contact and to close with which the table 办理时限 begins (migration visits.0005); it is
    # kept on its page afterwards.
    "FIRST_CONTACT_WORKING_DAYS": env.int("FIRST_CONTACT_WORKING_DAYS", 1),
    "CLOSE_WORKING_DAYS": {"consult": 3, "coordinate": 10, "hard": 30},
    # 无效回访: so many attempts in vain, on so many different days; and the days for which a link may be answered.
    "CALL_BACK_TRIES": env.int("CALL_BACK_TRIES", 3),
    "CALL_BACK_DAYS": env.int("CALL_BACK_DAYS", 2),
    "CALL_BACK_LINK_DAYS": env.int("CALL_BACK_LINK_DAYS", 7),
    # From which likeness (0 to 1) on two texts are about one matter, and for how many days an open appeal of the same
    # enterprise is compared with a new one, if its own limit has passed (domain: 重复件合并).
    "SIMILAR_FROM": env.float("SIMILAR_FROM", 0.5),
    "DUPLICATE_DAYS": env.int("DUPLICATE_DAYS", 30),
    # So many enterprises with one matter in a month make it a 共性问题 (domain §12).
    "COMMON_MATTER_FIRMS": env.int("COMMON_MATTER_FIRMS", 3),
    # Working hours after its dispatch within which a unit may send an appeal back; 0: as long as it has not signed.
    "RETURN_WORKING_HOURS": env.int("RETURN_WORKING_HOURS", 0),
    # An answer comes with a file (办结佐证, domain §1.3), but for appeals of these classes, which words alone settle.
    "EVIDENCE_REQUIRED": env.bool("EVIDENCE_REQUIRED", True),
    "EVIDENCE_FREE_CLASSES": env.list("EVIDENCE_FREE_CLASSES", default=["consult"]),
    # Days for which an appeal may be paused at most, and after which a 挂账 is reviewed at the latest (yearly).
    "PAUSE_MAX_DAYS": env.int("PAUSE_MAX_DAYS", 60),
    "SHELVE_MAX_DAYS": env.int("SHELVE_MAX_DAYS", 366),
    # Days after which an open appeal stands in the list of 长期未结 of a report.
    "LONG_PENDING_DAYS": env.int("LONG_PENDING_DAYS", 30),
    # Lower bound, inclusive, of the capital share that leaders ask for (domain practice: 1000 万元).
    "LARGE_CAPITAL_YUAN": Decimal(env.str("LARGE_CAPITAL_YUAN", "10000000")),
    # Lower bounds, inclusive, of the bands of registered capital, in 万元; what is below the first is a band, too.
    "CAPITAL_BANDS": tuple(
        Decimal(b) for b in env.list("CAPITAL_BANDS", default=["100", "500", "1000", "5000", "10000"])
    ),
    # Rows that one export may hold.
    "EXPORT_MAX_ROWS": env.int("EXPORT_MAX_ROWS", 100_000),
    # Days after which a list that was uploaded and not imported is cleared (manage.py clear_imports).
    "UNFINISHED_IMPORT_DAYS": env.int("UNFINISHED_IMPORT_DAYS", 30),
    # Days after which the same command deletes the file of a list that somebody put aside (作废).
    "DROPPED_IMPORT_DAYS": env.int("DROPPED_IMPORT_DAYS", 7),
    # A folder with simfang.ttf, simhei.ttf, simkai.ttf… to print reports in the official faces.
    "OFFICIAL_FONTS_DIR": env.str("OFFICIAL_FONTS_DIR", ""),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
}
