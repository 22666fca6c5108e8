"""`make test-pg`: run pytest on PostgreSQL. Arguments go to pytest.

The server is TEST_DATABASE_URL's, else one on 127.0.0.1:5432 that trusts the user postgres, else
a cluster of this run's own in a temporary folder, stopped and removed at the end.
"""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from pg_cluster import own_cluster
from psycopg import sql

LOCAL = "postgres://postgres@127.0.0.1:5432/postgres"


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that clean-up runs
    with a_server() as server:
        name = f"lms_{secrets.token_hex(4)}"  # two runs at once don't meet
        environment = {**os.environ, "DATABASE_URL": with_database(server, name)}
        try:
            return subprocess.run(
                [sys.executable, "-m", "pytest", *arguments], env=environment
            ).returncode
        finally:
            drop_databases(server, prefix=f"test_{name}")


@contextmanager
def a_server() -> Iterator[str]:
    """The URL of a PostgreSQL that is there as long as the block runs."""
    if named := os.environ.get("TEST_DATABASE_URL"):
        if (problem := problem_with(named)) is not None:
            sys.exit(f"TEST_DATABASE_URL is set, but that server can't be used: {problem}")
        yield named
    elif problem_with(LOCAL) is None:
        print("Testing on the PostgreSQL of 127.0.0.1:5432.", flush=True)
        yield LOCAL
    else:
        print("Testing on a PostgreSQL cluster of this run's own.", flush=True)
        with own_cluster() as url:
            yield url


def problem_with(url: str) -> str | None:
    """Why no test database can be made there; None if one can."""
    may_create = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    try:
        with maintenance_connection(url) as connection:
            row = connection.execute(may_create).fetchone()
    except (psycopg.Error, ValueError) as error:
        return str(error).strip() or type(error).__name__
    return None if row and row[0] else "its user may not create databases."


def maintenance_connection(url: str) -> psycopg.Connection:
    postgres = with_database(url, "postgres")
    return psycopg.connect(postgres, connect_timeout=5, autocommit=True)


def with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def drop_databases(url: str, *, prefix: str) -> None:
    """What a killed pytest left; after an orderly one there is nothing."""
    with maintenance_connection(url) as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]
        ).fetchall()
        for (name,) in found:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
