"""Reading the environment: one function per kind of value, one sentence per mistake.

Every function raises ImproperlyConfigured with a sentence that names the variable. The
variables themselves are described in docs/configuration.md.
"""

import os
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

MEDIA_CACHING = f"public, max-age={365 * 24 * 3600}, immutable"  # no file ever changes
YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """Return the variable's text; without a default the variable is required."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"The environment variable {name} is missing.")
    return default


def flag(name: str, default: bool = False) -> bool:
    """Return a switch: 1, true, yes, on or 0, false, no, off."""
    value = text(name, "1" if default else "0").lower()
    if value in YES | NO:
        return value in YES
    raise ImproperlyConfigured(f"{name} is {value!r}; it must be 1 or 0.")


def number(name: str, default: int) -> int:
    """Return a whole number of zero or more."""
    value = text(name, str(default))
    if value.isdecimal():
        return int(value)
    raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole number.")


def choice(name: str, options: list[str]) -> str:
    """Return one of the options, the first unless the variable says otherwise."""
    value = text(name, options[0])
    if value in options:
        return value
    raise ImproperlyConfigured(f"{name} is {value!r}; it must be one of {', '.join(options)}.")


def words(name: str, default: str = "") -> list[str]:
    """Return a list of words that commas or spaces part."""
    return text(name, default).replace(",", " ").split()


def site_url(name: str) -> SplitResult:
    """Return the site's public address: scheme and host, no path."""
    url = urlsplit(text(name))
    if url.scheme not in {"http", "https"} or not url.hostname or url.path not in {"", "/"}:
        raise ImproperlyConfigured(
            f"{name} is {url.geturl()!r}; it must look like https://www.example.fr."
        )
    return url


def endpoint(name: str) -> str:
    """Return the address of another's service; "" if none is set."""
    value = text(name, "")
    url = urlsplit(value)
    if value and (url.scheme not in {"http", "https"} or not url.hostname):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be an address, https://….")
    return value


def database(name: str, default: str) -> dict:
    """Return the DATABASES entry of `sqlite:///path` or `postgres://user:pass@host/name`.

    A PostgreSQL address takes `pool_min`, `pool_max` (connections a process) and any
    parameter of libpq (`sslmode`, `application_name`, …) in its query.
    """
    url, options = _address(name, default)
    if url.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": _sqlite_path(name, url),
            "OPTIONS": {
                # A writer waits for its turn at BEGIN instead of failing half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                    "PRAGMA mmap_size=134217728; PRAGMA cache_size=-4000;"
                    "PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY;"
                ),
            },
        }
    if url.scheme in {"postgres", "postgresql"}:
        sizes = {key: options.pop(f"pool_{key}", size) for key, size in (("min", 1), ("max", 8))}
        if not all(str(size).isdecimal() for size in sizes.values()):
            raise ImproperlyConfigured(f"{name}: pool_min and pool_max must be whole numbers.")
        database_name = unquote(url.path.lstrip("/"))
        if not database_name:
            raise ImproperlyConfigured(f"{name} must end with the name of a database.")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": database_name,
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": options.pop("host", url.hostname or ""),
            "PORT": str(_port(name, url) or ""),
            "OPTIONS": {"connect_timeout": "5"}  # seconds, where the server does not answer at all
            | options
            | {
                "pool": {"min_size": int(sizes["min"]), "max_size": int(sizes["max"]), "timeout": 5}
            },
        }
    raise ImproperlyConfigured(f"{name} must begin with sqlite:/// or postgres://.")


def cache(name: str) -> dict:
    """Return the CACHES entry of `redis://…`, or of this process's own memory (`memory:`)."""
    url, _options = _address(name, "memory:")
    if url.scheme in {"redis", "rediss", "unix"}:
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url.geturl()}
    if url.scheme == "memory":
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    raise ImproperlyConfigured(f"{name} must begin with redis://, rediss:// or be memory:.")


def mailer(name: str) -> dict:
    """Return the MAILERS entry of `smtp://`, `smtp+tls://`, `smtp+ssl://` or `console:`."""
    url, _options = _address(name, "console:")
    if url.scheme == "console":
        return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if url.scheme not in {"smtp", "smtp+tls", "smtp+ssl"} or not url.hostname:
        raise ImproperlyConfigured(
            f"{name} must look like smtp+tls://user:password@host:587 or be console:."
        )
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": url.hostname,
            "port": _port(name, url) or {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}[url.scheme],
            "username": unquote(url.username or ""),
            "password": unquote(url.password or ""),
            "use_tls": url.scheme == "smtp+tls",
            "use_ssl": url.scheme == "smtp+ssl",
            "timeout": 10,
        },
    }


def tasks(name: str) -> dict:
    """Return the TASKS entry: at once where no worker runs, or a queue in the database."""
    backend = (
        "django_tasks_db.DatabaseBackend"
        if flag(name)
        else "django.tasks.backends.immediate.ImmediateBackend"
    )
    return {"BACKEND": backend}


def media_storage(root: Path, url: str) -> dict:
    """Return the STORAGES entry for uploads: a folder, or S3 once MEDIA_S3_BUCKET is set."""
    if not text("MEDIA_S3_BUCKET", ""):
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": root, "base_url": url},
        }
    options = _bucket("MEDIA") | {
        "file_overwrite": False,
        "object_parameters": {"CacheControl": MEDIA_CACHING},
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def static_storage() -> dict:
    """Return the STORAGES entry for static files; they go to S3 if STATIC_S3_BUCKET is set."""
    if not text("STATIC_S3_BUCKET", ""):
        return {"BACKEND": "avion.static_files.SiteStaticFiles"}
    options = {"bucket": _bucket("STATIC")}
    return {"BACKEND": "avion.static_on_s3.StaticFilesOnS3", "OPTIONS": options}


def _bucket(prefix) -> dict:
    """Return the options of a storage on S3, by the variables MEDIA_S3_… or STATIC_S3_…."""
    options = {
        "bucket_name": text(f"{prefix}_S3_BUCKET"),
        "access_key": text(f"{prefix}_S3_ACCESS_KEY"),
        "secret_key": text(f"{prefix}_S3_SECRET_KEY"),
        "querystring_auth": False,
    }
    optional = {
        "endpoint_url": f"{prefix}_S3_ENDPOINT",
        "region_name": f"{prefix}_S3_REGION",
        "custom_domain": f"{prefix}_S3_DOMAIN",
        "addressing_style": f"{prefix}_S3_ADDRESSING",
    }
    return options | {key: text(name) for key, name in optional.items() if text(name, "")}


def _address(name: str, default: str) -> tuple[SplitResult, dict]:
    value = text(name, default)
    try:
        url = urlsplit(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not an address: {error}.") from error
    return url, dict(parse_qsl(url.query))


def _port(name: str, url: SplitResult) -> int | None:
    try:
        return url.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} has a port that is not a number.") from error


def _sqlite_path(name: str, url: SplitResult) -> str:
    if url.netloc or not url.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must look like sqlite:///path/to/file.sqlite3.")
    return unquote(url.path[1:])  # sqlite:///relative, sqlite:////absolute
