"""The site behind its page cache, asked past it: each page is made anew.

What every page carries is remembered while a generation lasts, as it is behind the cache.
"""

from typing import Any

from avion import wsgi

front: Any = wsgi.application  # a PageCache, since bench/pages.py gives it memory
front.clock.start()
application = front.application
