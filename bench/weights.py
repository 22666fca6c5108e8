"""Bytes over the wire of a first lesson and of the one after it, as Chromium counts them."""

from __future__ import annotations

from demo_server import signed_in
from pages import TEACHER, browsing, lesson_paths
from playwright.sync_api import Page

FIRST_LIMIT, NEXT_LIMIT = 150, 30  # KB without images


def weights(address: str) -> bool:
    first, second = lesson_paths()
    with browsing() as browser:
        context = browser.new_context(storage_state=signed_in(browser, address, TEACHER))
        page = context.new_page()
        wire = Wire(page)
        page.goto(address + first, wait_until="networkidle")
        at_first = wire.taken()
        page.goto(address + second, wait_until="networkidle")
        after = wire.taken()
    print(f"\nWeight of a lesson (limits {FIRST_LIMIT} and {NEXT_LIMIT} KB)")
    for name, sizes, limit in (("first", at_first, FIRST_LIMIT), ("next", after, NEXT_LIMIT)):
        print(f"  {name:<6}{sum(sizes.values()) / 1000:7.1f} KB in {len(sizes)} requests"
              f"{'' if sum(sizes.values()) <= limit * 1000 else '   OVER THE LIMIT'}")  # fmt: skip
    return sum(at_first.values()) <= FIRST_LIMIT * 1000 and sum(after.values()) <= NEXT_LIMIT * 1000


class Wire:
    """What came over the network, images left out; what the cache gave weighs nothing."""

    def __init__(self, page: Page) -> None:
        self.sizes: dict[str, int] = {}
        self.names: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)

    def _received(self, event: dict) -> None:
        response = event["response"]
        if event["type"] != "Image" and not response.get("fromDiskCache"):
            self.names[event["requestId"]] = response["url"]

    def _finished(self, event: dict) -> None:
        if url := self.names.get(event["requestId"]):
            self.sizes[url] = int(event["encodedDataLength"])

    def taken(self) -> dict[str, int]:
        taken, self.sizes = self.sizes, {}
        return {url: size for url, size in taken.items() if size}
