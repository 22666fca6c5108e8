"""Addresses of the manager's pages, for a fixed day."""

DAY = "as_of=2026-11-21"
MAX_QUERIES = 20
# Of a signed-in manager of people, session and account included.
QUERIES = {"TP": 17, "XA1": 17, "TH1": 20, "index": 7, "people": 12, "person": 29}


def unit_address(code: str, query: str = DAY) -> str:
    return f"/manage/units/{code}/?{query}"


def people_address(code: str, query: str = DAY) -> str:
    return f"/manage/units/{code}/people/?{query}"


def person_address(pk: int, query: str = DAY) -> str:
    return f"/manage/people/{pk}/?{query}"
