"""Password hashing that survives a sign-in storm."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class BriskPBKDF2PasswordHasher(PBKDF2PasswordHasher):
    """A third of Django's present iterations, still above what Django used in 2020.

    Guessing is held back by the lock after eight failures and by the length of passwords; older
    hashes are renewed at the next sign-in.
    """

    iterations = 260_000
