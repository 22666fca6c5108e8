from pathlib import Path

import hygiene
import pytest

# The "@" keep this file itself clean; the fixture takes them out.
DIRTY = {
    "note": "# TO@DO: later",
    "other note": "# FIX@ME",
    "home": 'open("/ho@me/lan/roster.csv")',
    "root": "cd /ro@ot/project",
    "registry": "registry.npm@js.org",
    "index": "--extra-index@-url=file:///somewhere",
    "merge": "<<<<@<<< HEAD",
}


@pytest.fixture
def found_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def problems(text: str, *, name: str = "room/module.py") -> list[str]:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("@", ""))
        return list(hygiene.problems_of([path]))

    return problems


class TestHygiene:
    @pytest.mark.parametrize("text", DIRTY.values(), ids=DIRTY)
    def test_names_file_and_line(self, found_in, text):
        (problem,) = found_in(f"fine\n{text}\n")

        assert problem.startswith("room/module.py:2: ")

    @pytest.mark.parametrize(
        "text", ["GET /work", "https://example.org/home/lan/x", "Todo lists", "a/root/b"]
    )
    def test_lets_what_only_looks_alike_pass(self, found_in, text):
        assert found_in(text) == []

    def test_finds_a_file_that_has_grown_too_long(self, found_in):
        assert found_in("x = 1\n" * hygiene.MAX_PYTHON_LINES) == []
        assert found_in("x = 1\n" * (hygiene.MAX_PYTHON_LINES + 1)) != []

    @pytest.mark.parametrize("name", ["tests/test_long.py", "room/migrations/0001_initial.py"])
    def test_tests_and_migrations_may_be_long(self, found_in, name):
        assert found_in("x = 1\n" * 500, name=name) == []

    def test_reads_past_files_that_are_not_text(self, tmp_path):
        picture = tmp_path / "font.woff2"
        picture.write_bytes(b"\xff\xfe " + DIRTY["note"].replace("@", "").encode())

        assert list(hygiene.problems_of([picture])) == []

    def test_sees_the_makefile_but_nothing_generated(self):
        names = {str(path) for path in hygiene.our_files()}

        assert "Makefile" in names
        assert not [name for name in names if name.startswith((".venv/", "node_modules/", "var/"))]
