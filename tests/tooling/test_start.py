import socket
import sqlite3
from contextlib import closing

import chromium
import pytest
import start


@pytest.fixture
def taken_port():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


class TestPort:
    def test_a_busy_one_is_named_with_a_way_out(self, taken_port):
        with pytest.raises(SystemExit, match=rf"Port {taken_port} .* make run PORT="):
            start.refuse_bad_port("127.0.0.1", taken_port)

    def test_a_free_one_is_accepted_and_left_free(self, taken_port):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            free = str(probe.getsockname()[1])

        start.refuse_bad_port("127.0.0.1", free)
        start.refuse_bad_port("127.0.0.1", free)

    @pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "²"])
    def test_what_is_no_port_is_refused(self, port):
        with pytest.raises(SystemExit, match="PORT must be a number"):
            start.refuse_bad_port("127.0.0.1", port)


def migrated_database() -> None:
    with closing(sqlite3.connect(start.VAR / "lms.sqlite3")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS django_migrations (id)")


class Commands:
    """Stands in for manage.py: remembers what was asked, and fails where it is told to."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.failing: str | None = None

    def __call__(self, command: str, *arguments: str, **_) -> None:
        self.ran.append(command)
        if command == "migrate":
            migrated_database()
        if command == self.failing:
            raise SystemExit(1)


class TestDemo:
    """A database that was here before is never filled with invented people."""

    @pytest.fixture
    def commands(self, monkeypatch, tmp_path):
        monkeypatch.delenv("DATABASE_URL", raising=False)
        monkeypatch.setattr(start, "VAR", tmp_path / "var")
        monkeypatch.setattr(start, "collect_static", lambda: None)
        monkeypatch.setattr(start, "manage", Commands())
        return start.manage

    def test_is_loaded_on_the_first_start_only(self, commands):
        start.prepare()
        start.prepare()

        assert commands.ran == ["migrate", "load_demo", "migrate"]

    def test_is_loaded_again_after_a_first_start_that_broke_off(self, commands):
        commands.failing = "load_demo"
        with pytest.raises(SystemExit):
            start.prepare()
        commands.failing = None
        start.prepare()

        assert commands.ran == ["migrate", "load_demo", "migrate", "load_demo"]

    def test_is_not_loaded_into_a_database_that_was_here_before(self, commands):
        start.VAR.mkdir()
        migrated_database()
        start.prepare()

        assert commands.ran == ["migrate"]

    def test_is_loaded_into_the_empty_file_that_a_mere_check_leaves(self, commands):
        start.VAR.mkdir()
        with closing(sqlite3.connect(start.VAR / "lms.sqlite3")) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        start.prepare()

        assert commands.ran == ["migrate", "load_demo"]


class TestChromium:
    def test_is_the_one_that_was_named(self, monkeypatch):
        monkeypatch.setenv("CHROMIUM", "/bin/sh")

        assert chromium.named() == "/bin/sh"

    def test_a_wrong_name_is_an_error_and_not_a_reason_to_look_elsewhere(self, monkeypatch):
        monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")

        with pytest.raises(SystemExit, match="no program of that name"):
            chromium.named()

    def test_none_at_all_is_a_failure_with_a_message(self, monkeypatch):
        monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000)

        with pytest.raises(SystemExit, match="apt-get install chromium"):
            chromium.installed_by_apt()
