import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SUPERVISE = Path(__file__).resolve().parents[2] / "scripts" / "supervise.py"
# Writes its number, leaves a child behind it, and would go on for ever.
STAYING = "echo $$ >> pids; sleep 600 & echo $! >> pids; wait"


@pytest.fixture
def supervised(tmp_path):
    started = []

    def start(**commands: str) -> subprocess.Popen:
        lines = [f"{name}: {command}" for name, command in commands.items()]
        (tmp_path / "Procfile").write_text("\n".join(lines))
        process = subprocess.Popen(
            [sys.executable, SUPERVISE], cwd=tmp_path, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.stdout.close()
        process.wait()


def wait_for_pids(folder: Path, count: int) -> list[int]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        file = folder / "pids"
        pids = [int(line) for line in file.read_text().split()] if file.exists() else []
        if len(pids) == count:
            return pids
        time.sleep(0.02)
    raise AssertionError("the processes did not start")


def is_running(pid: int) -> bool:
    """Not a zombie: in a container nobody may collect those whose parent died first."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


class TestSupervise:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_a_signal_stops_all_with_their_children(self, supervised, tmp_path, number):
        process = supervised(web=STAYING, worker=STAYING)
        pids = wait_for_pids(tmp_path, 4)
        os.kill(process.pid, number)

        assert process.wait(timeout=20) == 0
        assert [pid for pid in pids if is_running(pid)] == []

    def test_one_that_ends_takes_the_other_along_and_that_is_a_failure(self, supervised, tmp_path):
        process = supervised(web=STAYING, worker="sleep 0.5; exit 3")
        pids = wait_for_pids(tmp_path, 2)

        assert process.wait(timeout=20) == 1
        assert [pid for pid in pids if is_running(pid)] == []

    def test_output_that_nobody_reads_any_more_stops_all(self, supervised, tmp_path):
        process = supervised(web=STAYING)
        pids = wait_for_pids(tmp_path, 2)
        process.stdout.close()

        assert process.wait(timeout=20) == 0
        assert [pid for pid in pids if is_running(pid)] == []
