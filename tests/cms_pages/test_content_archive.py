"""A course in one ZIP: written the same each time, and read with suspicion."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from cms_pages.content_format import ContentError, load_course, opened_folder, write_archive

from .content_samples import SMALL_COURSE, SMALL_MODULE

FILES = {"course.toml": SMALL_COURSE, "kh9.md": SMALL_MODULE}


def archive_of(tmp_path, files: dict[str, str | bytes]):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    path = tmp_path / "course.zip"
    path.write_bytes(stream.getvalue())
    return path


def refusal_of(path) -> str:
    with pytest.raises(ContentError) as caught, opened_folder(path):
        pass
    return str(caught.value)


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "course.zip"
    path.write_bytes(write_archive(FILES))
    with opened_folder(path) as folder:
        assert load_course(folder).code == "THU"


def test_equal_files_make_equal_archives():
    assert write_archive(FILES) == write_archive(dict(reversed(FILES.items())))


def test_a_folder_inside_is_understood(tmp_path):
    path = archive_of(tmp_path, {f"bvte/{name}": text for name, text in FILES.items()})
    with opened_folder(path) as folder:
        assert sorted(each.name for each in folder.iterdir()) == ["course.toml", "kh9.md"]


def test_faults_inside_are_told_by_file_and_line(tmp_path):
    path = archive_of(tmp_path, {**FILES, "kh9.md": SMALL_MODULE.replace("**Mở bài:**", "Mở bài")})
    with opened_folder(path) as folder, pytest.raises(ContentError) as caught:
        load_course(folder)
    assert (caught.value.file, caught.value.line) == ("kh9.md", 7)  # the lesson that lacks it


@pytest.mark.parametrize(
    "name",
    [
        "../kh9.md",
        "/etc/kh9.md",
        "..\\kh9.md",
        "a/b/kh9.md",
        "kh9.py",
        "KH9.md",
        ".kh9.md",
        "course.toml/kh9.md",
    ],
)
def test_any_other_name_is_refused_and_nothing_written(tmp_path, name):
    path = archive_of(tmp_path, {"course.toml": SMALL_COURSE, name: SMALL_MODULE})
    assert "không phải tệp của khóa" in refusal_of(path)
    assert [each.name for each in tmp_path.iterdir()] == ["course.zip"]


def test_a_file_that_unpacks_too_large_is_refused(tmp_path):
    path = archive_of(tmp_path, {**FILES, "kh8.md": b" " * 2_000_001})
    assert "lớn hơn 2 MB" in refusal_of(path)


def test_too_many_files_are_refused(tmp_path):
    files = {f"kh{number}.md": "" for number in range(101)}
    assert "nhiều nhất 100" in refusal_of(archive_of(tmp_path, files))


def test_what_is_no_archive_is_refused(tmp_path):
    path = tmp_path / "course.zip"
    path.write_bytes(b"PK\x03\x04 nothing")
    assert "Không đọc được" in refusal_of(path)
    assert "Không tìm thấy" in refusal_of(tmp_path / "gone.zip")
