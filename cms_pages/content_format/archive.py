"""A course folder in one file: a ZIP with `course.toml` and the module files, and nothing else."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from .course import COURSE_FILE
from .errors import ContentError, Problem

ARCHIVE_SUFFIX = ".zip"
MOST_FILES = 100
MOST_BYTES = 2_000_000  # of one file, unpacked
MOST_BYTES_TOGETHER = 20_000_000

_NAME = re.compile(rf"{re.escape(COURSE_FILE)}|[a-z0-9][a-z0-9_-]{{0,60}}\.md")
_MADE_AT = (1980, 1, 1, 0, 0, 0)  # of every file, so that equal contents make equal archives


def write_archive(files: Mapping[str, str]) -> bytes:
    """The same bytes for the same files."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _MADE_AT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name].encode())
    return stream.getvalue()


@contextmanager
def opened_folder(path: Path) -> Iterator[Path]:
    """The folder itself, or a temporary one with what the archive holds.

    The files may lie in one folder of the archive. Raises ContentError for any other name, for one
    too many and for one too large, before anything is written.
    """
    if path.is_dir():
        yield path
        return
    files = _read(path)
    with TemporaryDirectory(prefix="course-") as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        yield Path(folder)


def _read(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            names = _names(path.name, entries)
            return {
                name: _content(archive, entry, name)
                for entry, name in zip(entries, names, strict=True)
            }
    except FileNotFoundError:
        raise _refusal(path.name, "Không tìm thấy thư mục hay tệp này; hãy xem lại.") from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, zlib.error):
        raise _refusal(
            path.name, "Không đọc được như một tệp ZIP không mật khẩu; hãy xuất lại."
        ) from None


def _names(file: str, entries: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The bare names of the files; what is not a course's is refused."""
    if len(entries) > MOST_FILES:
        raise _refusal(file, f"Có {len(entries)} tệp; nhiều nhất {MOST_FILES}.")
    folders = {PurePosixPath(entry.filename).parent for entry in entries}
    is_one_folder = len(folders) == 1 and len(min(folders).parts) <= 1
    names = [PurePosixPath(entry.filename).name for entry in entries]
    for entry, name in zip(entries, names, strict=True):
        parts = PurePosixPath(entry.filename).parts
        if not is_one_folder or ".." in parts or "/" in parts or not _NAME.fullmatch(name):
            raise _refusal(
                file,
                f"“{entry.filename}” không phải tệp của khóa: chỉ nhận {COURSE_FILE} và các tệp "
                ".md tên chữ thường, cùng một thư mục.",
            )
        if names.count(name) > 1:
            raise _refusal(file, f"“{name}” có hai lần; hãy bỏ một.")
    if sum(entry.file_size for entry in entries) > MOST_BYTES_TOGETHER:
        raise _refusal(file, f"Nội dung lớn hơn {MOST_BYTES_TOGETHER // 1_000_000} MB.")
    return names


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """Reads no more than is allowed, whatever size the archive states."""
    with archive.open(entry) as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _refusal(name, f"Tệp lớn hơn {MOST_BYTES // 1_000_000} MB.")
    return content


def _refusal(file: str, message: str) -> ContentError:
    return ContentError([Problem(file, 1, message)])
