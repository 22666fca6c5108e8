"""Start what the Procfile names, together; whatever ends one, or us, ends all.

honcho was tried: a closed terminal, a killed `make` or a Ctrl-C in its first moments left the web
server running unseen, with the port taken.
"""

import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

GRACE = 5.0  # seconds between asking and killing


def main() -> int:
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: stopping.append(received))
    parent, output = os.getppid(), select.poll()
    output.register(1, 0)  # no event asked for: only its end is reported
    processes = {name: start(command) for name, command in procfile()}
    try:
        while not stopping and os.getppid() == parent and not output.poll(200):  # milliseconds
            for name, process in processes.items():
                if process.poll() is not None:
                    print(f"{name} ended with {process.returncode}; stopping.", file=sys.stderr)
                    return 1
        return 0
    finally:
        stop(list(processes.values()))


def procfile() -> list[tuple[str, str]]:
    lines = Path("Procfile").read_text().splitlines()
    parts = (line.split(":", 1) for line in lines if line.strip() and not line.startswith("#"))
    return [(name.strip(), command.strip()) for name, command in parts]


def start(command: str) -> subprocess.Popen[bytes]:
    """In a session of its own: a Ctrl-C reaches us alone, and a group can be stopped whole."""
    return subprocess.Popen(command, shell=True, start_new_session=True, stdin=subprocess.DEVNULL)


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + GRACE
    for process in processes:
        signal_group(process, signal.SIGTERM)
    while time.monotonic() < deadline and any(process.poll() is None for process in processes):
        time.sleep(0.05)
    for process in processes:  # the ended ones too: a child of theirs may not have
        signal_group(process, signal.SIGKILL)
        process.wait()


def signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


if __name__ == "__main__":
    sys.exit(main())
