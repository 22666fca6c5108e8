"""Password hashing that survives a sign-in storm."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class BriskPBKDF2PasswordHasher(PBKDF2PasswordHasher):
    """About a quarter of Django 5.2's million iterations, and what Django 3.2 used.

    Guessing is held back by the lock after eight failures and by the length of passwords; older
    hashes are renewed at the next sign-in.
    """

    iterations = 260_000
