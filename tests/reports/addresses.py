"""Addresses of the manager's pages, for a fixed day."""

DAY = "as_of=2026-11-21"
MAX_QUERIES = 20


def unit_address(code: str, query: str = DAY) -> str:
    return f"/manage/units/{code}/?{query}"


def people_address(code: str, query: str = DAY) -> str:
    return f"/manage/units/{code}/people/?{query}"


def person_address(pk: int, query: str = DAY) -> str:
    return f"/manage/people/{pk}/?{query}"
