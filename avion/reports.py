"""What browsers report: pages that broke the content security policy."""

import json
import logging

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from authors.door.addresses import client_address
from authors.door.throttle import is_too_many

logger = logging.getLogger("avion.csp")
LARGEST = 8 * 1024  # bytes of a report
AT_MOST = 20  # reports of one address in PERIOD that are written down
PERIOD = 60  # seconds
FIELDS = ["document-uri", "effective-directive", "blocked-uri", "source-file", "line-number"]


@csrf_exempt  # the browser sends it by itself, and all that it does is add a line to the log
@require_POST
def policy_violation(request):
    """Write a report into the log, as one line without what could forge another."""
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        return HttpResponse(status=413)
    try:
        report = json.loads(body)["csp-report"]
        line = {name: str(report[name])[:200] for name in FIELDS if name in report}
    except (ValueError, LookupError, TypeError):
        return HttpResponse(status=400)
    if not is_too_many("csp-report", client_address(request), AT_MOST, PERIOD):
        logger.warning("%s", json.dumps(line))
    return HttpResponse(status=204)
