import importlib.util
import sys

import install
import pytest
from fingerprint import Stamp, fingerprint


class TestStamp:
    def test_is_current_until_a_file_changes(self, tmp_path):
        source = tmp_path / "requirements.txt"
        source.write_text("a==1")
        stamp = Stamp(tmp_path / "made" / "stamp", fingerprint([source]))
        assert not stamp.is_current

        stamp.set()
        assert stamp.is_current

        source.write_text("a==2")
        assert not Stamp(stamp.path, fingerprint([source])).is_current

    def test_counts_every_file_of_a_folder_except_compiled_ones(self, tmp_path):
        before = fingerprint([tmp_path])
        (tmp_path / "module.pyc").write_text("compiled")
        assert fingerprint([tmp_path]) == before

        (tmp_path / "page.css").write_text("")
        assert fingerprint([tmp_path]) != before

    def test_an_interrupted_run_does_not_look_finished(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(install, "VENV", tmp_path)
        monkeypatch.setattr(install, "PYTHON", sys.executable)
        stamp = tmp_path / "installed-requirements.txt"
        stamp.write_text("of an older list")
        (tmp_path / "requirements.txt").write_text("")

        def fail(*command):
            assert not stamp.exists()
            raise SystemExit(1)

        monkeypatch.setattr(install, "_run", fail)
        with pytest.raises(SystemExit):
            install.ensure_python_packages("requirements.txt")
        assert not stamp.exists()


class TestMissingVenv:
    @pytest.fixture
    def without_ensurepip(self, monkeypatch):
        found = importlib.util.find_spec
        monkeypatch.setattr(
            importlib.util, "find_spec", lambda name: None if name == "ensurepip" else found(name)
        )

    def test_nothing_is_missing_here(self):
        assert install.missing_venv_package() is None

    @pytest.mark.usefixtures("without_ensurepip")
    def test_debians_package_is_named(self, monkeypatch):
        monkeypatch.setattr(sys, "executable", "/usr/bin/python3.11")

        assert install.missing_venv_package() == "python3-venv"

    @pytest.mark.usefixtures("without_ensurepip")
    def test_starting_stops_with_the_command_to_type(self, monkeypatch, tmp_path):
        monkeypatch.setattr(install, "PYTHON", tmp_path / "none")

        with pytest.raises(SystemExit, match="apt-get install python3"):
            install.ensure_venv()
