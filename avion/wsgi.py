"""The WSGI application that an app server (granian, gunicorn) serves."""

import gc
import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "avion.settings")
try:
    django = get_wsgi_application()
except ImproperlyConfigured as error:
    raise SystemExit(f"avion: {error}") from None
from articles.reading.remembering import Remembered  # it needs the apps to be ready
from avion.pagecache.application import PageCache  # it needs the apps to be ready
from avion.pagecache.files import Files, edition_of

application: PageCache | WSGIHandler = django
if settings.PAGE_CACHE_BYTES:
    files = None
    if settings.PAGE_FILES_BYTES:
        code = [settings.BASE_DIR / name for name in ("avion", "articles", "authors", "templates")]
        edition = edition_of(*code, settings.BASE_DIR / "locale", settings.STATIC_ROOT)
        files = Files(settings.PAGE_FILES, settings.PAGE_FILES_BYTES, edition)
    application = PageCache(django, settings.PAGE_CACHE_BYTES, files=files)
    Remembered.generation = application.clock.generation

gc.collect()
gc.freeze()  # what is loaded stays: a look through all of it holds every reader up for 70 ms
