"""Settings common to every environment. What differs lives in dev, test and production."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from lms.sqlite import journal_mode

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = BASE_DIR / "var"

INSTALLED_APPS = [
    "lms",
    "cms_pages",
    "reports",
    "certificates",
    "activities.quiz",
    "courses",
    "people",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.locales",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "import_export",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "lms.request_ids.NameRequests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages weigh a fifth on the line; it adds random bytes, so lengths tell nothing (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "lms.middleware.AdminContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lms.middleware.SpeakChosenLanguage",
    "lms.middleware.KeepPersonalPagesPrivate",
    "lms.middleware.RefuseNul",
    "django.contrib.messages.middleware.MessageMiddleware",
    "lms.middleware.AskSecondStep",
    "lms.administration.middleware.LogDenials",
    "lms.administration.middleware.ViewAs",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    # Last, so that it sees what every other one did to the request.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "lms.context_processors.site",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# Data -------------------------------------------------------------------------------------------

DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{VAR_DIR / 'lms.sqlite3'}", conn_max_age=60, conn_health_checks=True
    )
}
# Never ATOMIC_REQUESTS: with IMMEDIATE every read would take SQLite's one write lock.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds
        "init_command": f"PRAGMA journal_mode={journal_mode()}; PRAGMA synchronous=FULL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MEDIA_ROOT = os.environ.get("MEDIA_ROOT", VAR_DIR / "media")
MEDIA_URL = "/media/"

# Without it each process counts for itself how often somebody tried (people/throttling.py): two let
# a sender try twice as often. Failed sign-ins are counted in the database, so by all together.
REDIS_URL = os.environ.get("REDIS_URL", "")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}
SESSION_ENGINE = "django.contrib.sessions.backends." + ("cache" if REDIS_URL else "db")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Static files -----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    ("fonts", path)
    for path in [NODE_MODULES / "@fontsource" / "be-vietnam-pro" / "files"]
    if path.is_dir()
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "lms.static_storage.HashedStaticFiles"},
}
CERTIFICATE_FONTS = NODE_MODULES / "@expo-google-fonts" / "be-vietnam-pro"

# Language, dates --------------------------------------------------------------------------------

LANGUAGE_CODE = "vi"  # of the source strings, and of whoever has chosen none
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
# Ours come first: English, and Vietnamese where that of Wagtail or Django is missing.
LOCALE_PATHS = [BASE_DIR / "lms" / "locale"]
FORMAT_MODULE_PATH = ["lms.formats"]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # seconds
LANGUAGE_COOKIE_HTTPONLY = True
WAGTAIL_I18N_ENABLED = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True

# Accounts ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "people.backends.IdentifierBackend",
]
PASSWORD_HASHERS = [
    # Django's defaults cost a quarter of a second of CPU each, which two cores can't give when a
    # whole district signs in before a deadline. Older hashes are renewed at the next sign-in.
    "people.hashers.BriskScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "people:login"
LOGIN_REDIRECT_URL = "/my/"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 14 * 24 * 3600  # seconds: a teacher on her own phone stays signed in
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "people/locked.html"
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "people.backends.identity_of"
AXES_CLIENT_IP_CALLABLE = "people.throttling.sender_of"
AXES_VERBOSE = False
# Never kept with a failed sign-in, not even what was nearly right.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "access_code", "second_code"]
ACCESS_CODE_DAYS = 30  # how long a slip opens an account
ACCESS_CODE_ATTEMPTS = 20  # wrong guesses, from anywhere, that make a slip worthless
# The second step of signing in, for whoever sees other people's records (docs/adr/0018):
# "off", "offered" (each may switch it on), "required" (set up before anything else is shown).
SECOND_FACTOR = os.environ.get("SECOND_FACTOR", "offered")
if SECOND_FACTOR not in {"off", "offered", "required"}:  # a slip of the pen must not weaken it
    raise ImproperlyConfigured("SECOND_FACTOR is off, offered or required.")
CODE_MAILS_AN_HOUR = 300  # that one manager may have sent
API_REQUESTS_AN_HOUR = 600  # with one token
API_WRONG_TOKENS_AN_HOUR = 30  # from one address

# E-mail: only where an office has a server for it; without one, slips are printed ----------------

EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "") == "1"
EMAIL_USE_SSL = os.environ.get("EMAIL_USE_SSL", "") == "1"
EMAIL_TIMEOUT = 20  # seconds
EMAIL_BACKEND = "django.core.mail.backends." + ("smtp" if EMAIL_HOST else "dummy") + ".EmailBackend"
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "no-reply@localhost")
SENDS_EMAIL = bool(EMAIL_HOST)

# Security ---------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],  # Wagtail's preview panel frames our own pages
    }
}
TRUSTED_PROXIES: list[str] = []  # whose X-Forwarded-For says who sent a request
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = False  # the page's own scripts send its value when they save an answer
CSRF_FAILURE_VIEW = "lms.errors.csrf_failure"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # Wagtail's page editor with many blocks

# Wagtail ----------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Bồi dưỡng bảo vệ trẻ em"
OTP_TOTP_ISSUER = WAGTAIL_SITE_NAME  # what an app on a phone calls the account
WAGTAILADMIN_BASE_URL = os.environ.get("BASE_URL", "http://127.0.0.1:8000")
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]  # one city; browsers refuse some names of the full list
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024  # bytes
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_INLINE_CONTENT_TYPES = ["application/pdf"]
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []

# Log --------------------------------------------------------------------------------------------

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "lms.request_ids.RequestIdFilter"}},
    "formatters": {
        # The id is what an error page asks people to quote.
        "line": {"format": "%(asctime)s %(levelname)s [%(request_id)s] %(name)s %(message)s"}
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}

# The product ------------------------------------------------------------------------------------

SUPPORT_CONTACT = os.environ.get("SUPPORT_CONTACT", "")
BASE_URL = WAGTAILADMIN_BASE_URL
# Where "Thoát nhanh" leads on the pages about abuse: somewhere that says nothing of this site.
QUICK_EXIT_URL = os.environ.get("QUICK_EXIT_URL", "https://www.google.com/")
DEMO = False  # demo passwords work only where this is on
SMALLEST_CELL = 5  # people; whoever sees figures alone sees no smaller number
# Reports: the day their figures are of, and the last day (until its midnight) on which each step of
# the chain sends in time. The plan says before 10 and before 15 November.
REPORT_CUT_OFF = (10, 31)  # month, day
REPORT_DEADLINES = {"unit": (10, 31), "office": (11, 9), "last": (11, 14)}
# Who certifies: copied onto each certificate when it is issued, so a change touches none before it.
CERTIFICATE_ISSUER = os.environ.get("CERTIFICATE_ISSUER", "Ban tổ chức bồi dưỡng")
CERTIFICATE_ISSUER_PARENT = os.environ.get("CERTIFICATE_ISSUER_PARENT", "")
CERTIFICATE_PLACE = os.environ.get("CERTIFICATE_PLACE", "")
