"""Name a Chromium for the browser tests on standard output; on Debian as root, install one first.

Never an empty answer: a browser journey that nobody ran must not look like one that passed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]


def main() -> None:
    print(named() or on_path() or installed_by_apt())


def named() -> str | None:
    """The one that CHROMIUM names; a name that leads nowhere is an error, not a hint."""
    if not (name := os.environ.get("CHROMIUM")):
        return None
    if path := shutil.which(name):
        return path
    sys.exit(f"CHROMIUM is {name!r}, and there is no program of that name.")


def on_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def installed_by_apt() -> str:
    if os.geteuid() != 0 or not Path("/etc/debian_version").exists() or not shutil.which("apt-get"):
        sys.exit(
            "The browser tests need Chromium, and none was found. Install it"
            " (on Debian: apt-get install chromium) or name one: make test CHROMIUM=/path/to/it"
        )
    print("Installing Chromium for the browser tests …", file=sys.stderr, flush=True)
    apt_install("chromium")
    return on_path() or sys.exit("apt-get installed Chromium, but it is not on PATH.")


def apt_install(*packages: str) -> None:
    """Quietly, except when it fails; standard output stays free for the caller's answer."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        completed = subprocess.run(
            ["apt-get", "-q", *command], env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if completed.returncode:
            sys.exit(f"{completed.stdout}\napt-get could not install {' '.join(packages)}.")


if __name__ == "__main__":
    main()
