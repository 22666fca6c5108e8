"""Password hashing that survives a sign-in storm."""

from django.contrib.auth.hashers import ScryptPasswordHasher


class BriskScryptPasswordHasher(ScryptPasswordHasher):
    """Scrypt with one lane in place of Django's five: a fifth of the time, the same 16 MiB.

    About 45 ms of CPU: two cores give some forty hashes a second. The memory is what keeps cards
    that guess at thousands of hashes at once from being much faster than a server; PBKDF2 needs
    none, so that at twice the time it protects less. Eight threads that hash at once hold 128 MiB.
    Guessing at the door is held back by the lock after eight failures; older hashes are renewed at
    the next sign-in. `python bench/run.py sign_ins` measures it beside Django's default.
    """

    parallelism = 1
