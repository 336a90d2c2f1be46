"""The settings of Avion. What differs between servers comes from the environment.

docs/configuration.md describes every variable.
"""

import mimetypes
from datetime import timedelta
from pathlib import Path

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from django_prose_editor.config import html_tags
from js_asset import static_lazy

from avion import environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"  # what a running site writes: never in the repository

# Where we are
SITE_URL = environment.site_url("SITE_URL")
HTTPS = SITE_URL.scheme == "https"
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", SITE_URL.hostname or "")
DEBUG = environment.flag("DEBUG")
SECRET_KEY = environment.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")

# What we are made of
INSTALLED_APPS = [
    "avion.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.forms",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django_prose_editor",
    "django_tasks_db",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "authors",
    "articles",
    "avion.apps.AvionConfig",
]
MIDDLEWARE = [
    "avion.health.probes",
    "avion.logs.identified",
    "avion.metrics.measured",
    "avion.middleware.headers",
    "django.middleware.security.SecurityMiddleware",
    "avion.middleware.maintenance",
    "avion.replica.readers_read_there",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "avion.middleware.Compression",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "avion.middleware.trusted_types",
    "avion.middleware.refusals",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "authors.door.sessions.limits",
    "authors.door.second_factor.required_second_factor",
    "authors.door.confirming.HeldRequests",
    "avion.middleware.surrogate_keys",
    "avion.middleware.site_settings",
    "avion.terms.reservation",
    "avion.middleware.speculation",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "avion.urls"
WSGI_APPLICATION = "avion.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "articles.reading.navigation.navigation",
                "avion.desk.frame",
                "avion.terms.frame",
            ],
        },
    }
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # templates/django/forms/

# What we keep, and where
DATABASES = {
    "default": environment.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'avion.sqlite3'}")
}
if environment.text("DATABASE_REPLICA_URL", ""):
    DATABASES["replica"] = environment.database("DATABASE_REPLICA_URL", "")
    DATABASES["replica"]["TEST"] = {"MIRROR": "default"}
DATABASE_ROUTERS = ["avion.replica.Router"]
if not DEBUG and DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["CONN_MAX_AGE"] = 600  # seconds; opening one takes a millisecond
PAGE_CACHE_BYTES = environment.number("PAGE_CACHE_MB", 0 if DEBUG else 64) * 1024 * 1024
PAGE_FILES = Path(environment.text("PAGE_FILES", str(VAR_DIR / "cache" / "pages")))
PAGE_FILES_BYTES = environment.number("PAGE_FILES_MB", 256) * 1024 * 1024
CACHES = {"default": environment.cache("CACHE_URL")}
MAILERS = {"default": environment.mailer("EMAIL_URL")}
MAIL_GOES_OUT = not MAILERS["default"]["BACKEND"].endswith("console.EmailBackend")
DEFAULT_FROM_EMAIL = environment.text("EMAIL_FROM", f"redaction@{SITE_URL.hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
TASKS = {"default": environment.tasks("TASKS_WORKER")}
INDEXNOW_ENDPOINT = environment.endpoint("INDEXNOW_ENDPOINT")
WEBSUB_HUB = environment.endpoint("WEBSUB_HUB")
MEDIA_ROOT = Path(environment.text("MEDIA_ROOT", str(VAR_DIR / "media")))
MEDIA_URL = environment.text("MEDIA_URL", "/media/")
STATIC_ROOT = Path(environment.text("STATIC_ROOT", str(VAR_DIR / "static")))
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": environment.media_storage(MEDIA_ROOT, MEDIA_URL),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    if DEBUG
    else environment.static_storage(),
}
MAINTENANCE_FILE = VAR_DIR / "maintenance"  # while it exists, the site is closed
WHITENOISE_MIMETYPES = {".rules": "application/speculationrules+json"}
mimetypes.add_type(WHITENOISE_MIMETYPES[".rules"], ".rules")  # for `runserver`
WHITENOISE_MAX_AGE = 3600  # seconds, for the few files that have no hash in their name

# Who may come in
AUTH_USER_MODEL = "authors.User"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "authors.door.passwords.ContextValidator"},
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of former accounts, until they sign in
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
BEHIND_PROXY = environment.flag("BEHIND_PROXY")
SECOND_FACTOR_REQUIRED = environment.flag("SECOND_FACTOR_REQUIRED", default=HTTPS)
SESSION_COOKIE_AGE = 12 * 3600  # seconds without any use
SESSION_LONGEST = 7 * 24 * 3600  # seconds, whatever the use
# The prefix makes browsers refuse such a cookie from another host, or one sent in the clear.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no third cookie
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
ACCOUNT_ADAPTER = "authors.door.adapter.DoorAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {
    "login": "authors.door.forms.SignInForm",
    "reset_password": "authors.door.forms.ForgottenPasswordForm",
}
# Passwords are counted by axes, which closes the door at 5; these are for the codes that follow.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,6/5m/key"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60  # seconds
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_ADAPTER = "authors.door.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "activate_totp": "authors.door.forms.AddAppForm",
    "authenticate_webauthn": "authors.door.forms.UseKeyForm",
    "reauthenticate_webauthn": "authors.door.forms.ConfirmByKeyForm",
    "add_webauthn": "authors.door.forms.AddKeyForm",
    "edit_webauthn": "authors.door.forms.EditKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up: an administrator vouches for the address
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers themselves allow it on localhost alone
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_RESET_ON_SUCCESS = False  # it would forget failures against others: see lockout.forgive
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the moment that we name stays true
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "authors.door.lockout.username"
AXES_CLIENT_IP_CALLABLE = "authors.door.addresses.client_address"
AXES_LOCKOUT_CALLABLE = "authors.door.lockout.locked_out"

# How we speak
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French"))]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["avion.formats"]

# What browsers are told. Nothing inline, nothing foreign; pictures and our own static files may
# come from the S3 address.
MEDIA_SOURCES = [CSP.SELF, *environment.words("MEDIA_SOURCES")]
STATIC_SOURCES = [CSP.SELF, *environment.words("STATIC_SOURCES")]
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [*STATIC_SOURCES, CSP.NONCE],
    "style-src": [*STATIC_SOURCES, CSP.NONCE],
    "img-src": [*dict.fromkeys([*MEDIA_SOURCES, *STATIC_SOURCES]), "data:"],
    "font-src": STATIC_SOURCES,
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "frame-src": [  # previews; players that a reader's click opens (articles/publishing/embeds.py)
        CSP.SELF,
        "https://www.youtube-nocookie.com",
        "https://player.vimeo.com",
        "https://geo.dailymotion.com",
        "https://platform.twitter.com",
    ],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "report-uri": ["/rapports/csp/"],
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = [f"{SITE_URL.scheme}://{SITE_URL.netloc}"]
X_FRAME_OPTIONS = "DENY"

# How much we take
UPLOAD_MAX_BYTES = environment.number("UPLOAD_MAX_MB", 25) * 1024 * 1024
UPLOAD_MAX_PIXELS = environment.number("UPLOAD_MAX_MEGAPIXELS", 60) * 1_000_000
PICTURE_CLEANER = "articles.images.uploads.cleaned"  # of portraits and the logo
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the categories of a WordPress site, two fields each
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # bytes; an article form, not its pictures

# The editor's own extensions; what a body may hold is said in articles/publishing/body.py
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [static_lazy(f"js/{script}.js")],
        "extensions": dict.fromkeys(names, html_tags([])),  # body.py cleans, not the package
    }
    for script, names in {
        "editor": ["Cite", "Language", "Embed", "Fullscreen", "TrailingNode"],
        "boxes": ["Box", "Gallery"],
        "footnotes": ["Footnote"],
        "article-link": ["ArticleLink"],
        "typing": ["Typing"],
        "paste": ["Paste"],
    }.items()
]

# What is kept elsewhere
BACKUP_TO = environment.text("BACKUP_TO", "")
BACKUP_KEY = environment.text("BACKUP_KEY", "")
BACKUP_KEEP = environment.number("BACKUP_KEEP", 30)

# What we are allowed to say about ourselves
METRICS_TOKEN = environment.text("METRICS_TOKEN", "")
METRICS_FOLDER = VAR_DIR / "metrics"
SENTRY_DSN = environment.text("SENTRY_DSN", "")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s]: %(message)s",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
        },
        "json": {"()": "avion.logs.JsonLines"},
        "bare": {"format": "%(message)s"},
    },
    "filters": {"request": {"()": "avion.logs.WithRequest"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": environment.choice("LOG_FORMAT", ["line", "json"]),
            "filters": ["request"],
        },
        "stdout": {
            "class": "logging.StreamHandler",
            "formatter": "bare",
            "stream": "ext://sys.stdout",
        },
    },
    "root": {"handlers": ["stderr"], "level": environment.text("LOG_LEVEL", "WARNING").upper()},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "avion.audit": {"handlers": ["stdout"], "level": "INFO", "propagate": False},
        # What is asked for in vain is counted for the desk; a line for each would fill the log.
        "django.request": {"level": "ERROR"},
        # Strangers who try other hosts are answered 400; a trace for each would fill the log.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
    },
}
TAGGIT_CASE_INSENSITIVE = True
