"""`make bench`: what the product weighs and how it does in Lighthouse, on the demo; what a city's
staff list takes, on databases of its own, and how soon a bad one is refused.

    .venv/bin/python bench/run.py [lighthouse] [weights] [sign_ins] [imports] [bad_files] [--keep]

Absolute times move with the machine; the scores are Lighthouse's own for a simulated slow phone.
The limits are the issue's; a figure beyond one is marked and ends in exit 1.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts"), str(ROOT / "bench")]

from bad_files import bad_files  # noqa: E402
from demo_server import prepare, serving  # noqa: E402
from imports import imports  # noqa: E402
from lighthouse import lighthouse  # noqa: E402
from sign_ins import sign_ins  # noqa: E402
from weights import weights  # noqa: E402

ON_THE_DEMO = {"lighthouse": lighthouse, "weights": weights, "sign_ins": sign_ins}
BY_THEMSELVES = {"imports": imports, "bad_files": bad_files}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--keep", action="store_true", help="the database of the last time")
    options = parser.parse_args()
    names = options.names or [*ON_THE_DEMO, *BY_THEMSELVES]
    if unknown := set(names) - {*ON_THE_DEMO, *BY_THEMSELVES}:
        parser.error(f"no such bench: {', '.join(sorted(unknown))}")
    kept = _on_the_demo([name for name in names if name in ON_THE_DEMO], keep=options.keep)
    kept += [BY_THEMSELVES[name]() for name in names if name in BY_THEMSELVES]
    return 0 if all(kept) else 1


def _on_the_demo(names: list[str], *, keep: bool) -> list[bool]:
    if not names:
        return []
    prepare(ROOT / "var" / "bench" / "demo.sqlite3", keep=keep)
    import django

    django.setup()
    with serving() as address:
        return [ON_THE_DEMO[name](address) for name in names]


if __name__ == "__main__":
    sys.exit(main())
