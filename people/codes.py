"""What a code looks like, and what is kept of it. No query, no clock.

Only consonants and digits: Vietnamese keyboards turn vowels and doubled letters into others while
one types, and no slip ever spells a word. Look-alikes (0 O, 1 I, 2 Z, 5 S, 8 B) never both occur.
"""

import re
import secrets

from django.utils.crypto import salted_hmac

ALPHABET = "23456789CFGHJKLMNPQRTVX"
LENGTH = 8  # 36 random bits; guesses are counted
_LOOK_ALIKES = str.maketrans("SZBI1", "528LL")


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def code_from(key: str) -> str:
    """Always the same code for the same key, and nobody's to guess without `SECRET_KEY`.

    For a mail that may have to be sent twice: nothing readable needs to be kept between.
    """
    number = int(salted_hmac("people.code_mail", key, algorithm="sha256").hexdigest(), 16)
    letters = []
    for _place in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def grouped(code: str) -> str:
    """As printed: "CFGH-2345"."""
    return f"{code[:4]}-{code[4:]}"


def normalised(typed: str) -> str:
    """What was meant: any letter case, with or without hyphen and blanks; "" if no code at all."""
    text = re.sub(r"[^0-9A-Z]", "", typed[:40].upper()).translate(_LOOK_ALIKES)
    return text if len(text) == LENGTH and set(text) <= set(ALPHABET) else ""


def digest(code: str, *, person_id: int, purpose: str) -> str:
    """Keyed, so that a copy of the database without the secret key opens nothing.

    A fast digest will do: a code is random, and tied to one person and purpose.
    """
    value = f"{person_id}:{purpose}:{code}"
    return salted_hmac("people.access_code", value, algorithm="sha256").hexdigest()
