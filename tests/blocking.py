"""Two writers at once: one that holds rows, and one that has to wait for them."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

ROW_LOCKS = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"
)
WAITS_FOR_US = (
    "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
)
LONGEST = 30  # seconds


def blocked(act: Callable[[], Any]) -> Future[Any]:
    """Starts `act` on a connection of its own; returns once it waits for rows that we hold."""

    def run() -> Any:
        try:
            return act()
        finally:
            connection.close()

    pool = ThreadPoolExecutor(1)
    started = pool.submit(run)
    pool.shutdown(wait=False)
    until = time.monotonic() + LONGEST
    while not started.done() and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(WAITS_FOR_US)
            if cursor.fetchone():
                return started
        time.sleep(0.02)
    raise AssertionError(f"It did not wait for us: {started}")
