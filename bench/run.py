"""`make bench`: what the product weighs and how it does in Lighthouse, on the demo.

    .venv/bin/python bench/run.py [lighthouse] [weights] [--keep]

Absolute times move with the machine; the scores are Lighthouse's own for a simulated slow phone.
The limits are the issue's; a figure beyond one is marked and ends in exit 1.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts"), str(ROOT / "bench")]

from demo_server import prepare, serving  # noqa: E402
from lighthouse import lighthouse  # noqa: E402
from weights import weights  # noqa: E402

BENCHES = {"lighthouse": lighthouse, "weights": weights}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--keep", action="store_true", help="the database of the last time")
    options = parser.parse_args()
    prepare(ROOT / "var" / "bench" / "demo.sqlite3", keep=options.keep)
    import django

    django.setup()
    benches = [BENCHES[name] for name in options.names or BENCHES]
    with serving() as address:
        kept = [bench(address) for bench in benches]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
