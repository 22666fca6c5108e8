#!/bin/sh
# Runs its arguments with a Python new enough for this project: sh scripts/python.sh start.py …
# The virtual environment's own if there is one, else the first that is found.
set -eu

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

for candidate in .venv/bin/python ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if is_new_enough "$candidate"; then
        exec "$candidate" "$@"
    fi
done

echo "This project needs Python 3.11 or newer, and none was found." >&2
echo "On Debian 12 or later: apt-get install python3 python3-venv" >&2
echo "If it is somewhere else, name it: make run PYTHON=/path/to/python3" >&2
exit 1
