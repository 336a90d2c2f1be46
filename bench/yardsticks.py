"""What a machine is worth: the least that granian and Django take for any answer.

Others' figures, and the budgets, are of one machine; these two tell how fast this one is now.
"""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

BODY = b"<p>Un avion passe.</p>" * 400  # about 9 KB, as an article is on the wire


def constant(_environ, start_response):
    """Answer without Django."""
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(BODY)))])
    return [BODY]


settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="bench" * 12)
urlpatterns = [path("", lambda _request: HttpResponse(BODY))]
view = get_wsgi_application()  # a Django that does nothing else
