"""What a reader's browser loads for each kind of page: requests and bytes on the wire, cold.

    bin/demo --port 8123 &
    .venv/bin/python bench/weight.py http://127.0.0.1:8123

A phone of 390 px at double density, an empty cache, the page as it is before any scrolling.
"""

import os
import sys
from collections import defaultdict

from playwright.sync_api import sync_playwright

PAGES = {
    "home": "/",
    "article": "/pres-de-11-000-soldats-nord-coreens-en-russie-prets-a-entrer-en-ukraine/",
    "section": "/rubrique/armees/",
    "search": "/recherche/?q=avions",
}
KINDS = ["Document", "Stylesheet", "Script", "Font", "Image", "Other"]


def loaded(context, address):
    """Return {kind: [requests, bytes]} of what one page loads."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, str] = {}
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    session.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))

    def finished(event):
        kind = kinds.get(event["requestId"], "Other")
        entry = found[kind if kind in KINDS else "Other"]
        entry[0] += 1
        entry[1] += event["encodedDataLength"]

    session.on("Network.loadingFinished", finished)
    page.goto(address, wait_until="networkidle")
    page.close()
    return found


def main(root):
    """Print a table of the pages, one line a kind, in KB of 1,000 bytes."""
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        print(f"{'':<12}" + "".join(f"{name:>18}" for name in PAGES))
        columns = []
        for address in PAGES.values():
            context = browser.new_context(
                viewport={"width": 390, "height": 844}, device_scale_factor=2, is_mobile=True
            )
            columns.append(loaded(context, root.rstrip("/") + address))
            context.close()
        for kind in KINDS:
            cells = (f"{column[kind][1] / 1000:.1f} KB in {column[kind][0]}" for column in columns)
            print(f"{kind:<12}" + "".join(f"{cell:>18}" for cell in cells))
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: bench/weight.py ADDRESS-OF-A-RUNNING-DEMONSTRATION")
    main(sys.argv[1])
