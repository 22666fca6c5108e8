"""Which statements only read: a table of them."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from lms.administration.read_only import ViewOnlyError, reading_only, reads
from people.audit import record
from people.models import AuditEntry, Person

READING = [
    "",
    "  ",
    "-- only a comment",
    "SELECT 1",
    "select 1;",
    "(SELECT 1) UNION (SELECT 2)",
    "/* who asks */ SELECT 1",
    "-- who asks\nSELECT 1",
    'SELECT "update", "t"."into" FROM "delete" "t"',
    "SELECT 'DROP TABLE x; it''s a text'",
    "SELECT * FROM people_person WHERE id = %s FOR UPDATE",
    "SELECT * FROM people_person FOR NO KEY UPDATE OF people_person",
    "WITH RECURSIVE t AS (SELECT 1) SELECT * FROM t",
    "DECLARE c NO SCROLL CURSOR WITH HOLD FOR SELECT 1",
    "FETCH 10 FROM c",
    "CLOSE c",
    "VALUES (1)",
    "EXPLAIN SELECT 1",
    "SAVEPOINT s",
    "RELEASE SAVEPOINT s",
    "ROLLBACK TO SAVEPOINT s",
    "SET CONSTRAINTS ALL IMMEDIATE",
    "PRAGMA table_info(people_person)",
]
WRITING = [
    "INSERT INTO people_person VALUES (1)",
    "insert into people_person values (1)",
    "-- harmless\nDELETE FROM people_person",
    "/* harmless */ UPDATE people_person SET email = ''",
    "WITH t AS (DELETE FROM people_person RETURNING *) SELECT * FROM t",
    "WITH t AS (SELECT 1) INSERT INTO people_person SELECT * FROM t",
    "WITH t AS (SELECT 1) UPDATE people_person SET email = ''",
    "SELECT 1; DELETE FROM people_person",
    "SELECT * INTO copy FROM people_person",
    "SELECT nextval('people_person_id_seq')",
    "SELECT setval('people_person_id_seq', 1)",
    "SELECT set_config('role', 'postgres', false)",
    "SELECT lo_unlink(1)",
    "EXPLAIN ANALYZE DELETE FROM people_person",
    "PRAGMA user_version = 3",
    "REPLACE INTO people_person VALUES (1)",
    "TRUNCATE people_person",
    "DROP TABLE people_person",
    "CREATE TABLE x (y int)",
    "COPY people_person FROM '/tmp/x'",
    "CALL something()",
    "DO $$ BEGIN DELETE FROM people_person; END $$",
    "VACUUM",
    "ATTACH DATABASE 'x' AS y",
]


@pytest.mark.parametrize("sql", READING)
def test_reads(sql):
    assert reads(sql)


@pytest.mark.parametrize("sql", WRITING)
def test_writes(sql):
    assert not reads(sql)


@pytest.mark.django_db
class TestOnTheDatabase:
    def test_a_common_table_expression_and_a_comment_are_let_through(self):
        with reading_only(), connection.cursor() as cursor:
            cursor.execute("/* who */ WITH t AS (SELECT 7 AS n) SELECT n FROM t")
            assert cursor.fetchone() == (7,)

    def test_rows_that_come_one_by_one_are_too(self, learner):
        with transaction.atomic(), reading_only():
            assert learner in list(Person.objects.iterator(chunk_size=1))

    def test_the_audit_log_grows(self, learner):
        with reading_only():
            record("record.viewed", actor=learner.user, subject=learner)
        assert AuditEntry.objects.count() == 1

    def test_but_is_not_cleared(self, learner):
        with pytest.raises(ViewOnlyError), reading_only(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM people_auditentry")
