"""`make shots`: the pages that matter, at 360 and 1280 px, light and dark, into var/shots/.

    .venv/bin/python scripts/shots.py [NAME …] [--keep] [--people N] [--to FOLDER] [--docs]

Names choose among the pages of `shots_pages.py`. `--keep` takes the database of the last time
instead of loading the demo anew; `--docs` also renews the pictures that README shows. A page
that answers with an error, or that is wider than its screen, is reported and ends in exit 1: its
picture would not show what people see.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from demo_server import QUIET, ROOT, prepare, serving, signed_in

VAR = ROOT / "var" / "shots"
WIDTHS = {360: 780, 1280: 900}  # pixels: width, height
THEMES = ["light", "dark"]


def main() -> int:
    options = parsed()
    prepare(VAR / "demo.sqlite3", keep=options.keep, people=options.people)
    pages = listed(options.names)
    with serving() as address:
        troubles = list(taken(address, pages, to=options.to))
    if options.docs:
        show_in_docs(options.to)
    for trouble in troubles:
        print(trouble, file=sys.stderr)
    print(f"{len(pages)} pages, {len(WIDTHS) * len(THEMES)} pictures of each, in {options.to}")
    return 1 if troubles else 0


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--people", type=int)
    parser.add_argument("--to", type=Path, default=VAR)
    parser.add_argument("--docs", action="store_true")
    return parser.parse_args()


def listed(names: list[str]) -> list:
    """The wanted pages; their addresses are asked of the database, so Django starts here."""
    import django

    sys.path.insert(0, str(ROOT))
    django.setup()
    from shots_pages import pages

    known = pages()
    if unknown := set(names) - {page.name for page in known}:
        sys.exit(f"No such page: {', '.join(sorted(unknown))}. There are:"
                 f" {', '.join(page.name for page in known)}")  # fmt: skip
    return [page for page in known if not names or page.name in names]


def taken(address: str, pages: list, *, to: Path) -> Iterator[str]:
    """Takes every picture; yields what was wrong, and goes on."""
    from playwright.sync_api import sync_playwright

    to.mkdir(parents=True, exist_ok=True)
    path = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        states = {who: signed_in(browser, address, who) for who in {p.who for p in pages} if who}
        for (width, height), theme, shot in product(WIDTHS.items(), THEMES, pages):
            context = browser.new_context(
                viewport={"width": width, "height": height},
                locale="vi-VN",
                color_scheme=theme,
                storage_state=states.get(shot.who),
                reduced_motion="reduce",
            )
            page = context.new_page()
            name = f"{shot.name}-{width}-{theme}"
            yield from (f"{name}: {trouble}" for trouble in looked_at(page, address, shot))
            page.screenshot(path=to / f"{name}.png", full_page=shot.whole)
            context.close()
        browser.close()


def looked_at(page, address: str, shot) -> Iterator[str]:
    """Opens the page and does its steps; yields why its picture would not be true."""
    from playwright.sync_api import Error

    answer = page.goto(address + shot.path)
    if answer is None or answer.status != shot.status:
        yield f"{shot.path} answered {answer and answer.status}"
    try:
        if shot.steps:
            shot.steps(page)
    except Error as error:
        yield str(error).splitlines()[0]
    width = page.viewport_size["width"]
    if (needed := page.evaluate("document.documentElement.scrollWidth")) > width:
        yield f"is {needed} px wide"


def show_in_docs(folder: Path) -> None:
    """The first screens of a few, small enough to live in the repository."""
    from PIL import Image
    from shots_pages import IN_DOCS

    for name, width in IN_DOCS:
        with Image.open(folder / f"{name}.png") as picture:
            screen = picture.crop((0, 0, picture.width, min(picture.height, WIDTHS[width])))
            screen.convert("RGB").save(ROOT / "docs" / "shots" / f"{name}.webp", quality=80)


if __name__ == "__main__":
    sys.exit(main())
