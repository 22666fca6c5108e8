#!/bin/sh
# The gate, step by step; the first that fails stops it. `make check` runs it in the repository.
set -eu

PATH="$PWD/.venv/bin:$PATH"
export PATH DJANGO_SETTINGS_MODULE="${DJANGO_SETTINGS_MODULE:-lms.settings.dev}"
rooms="lms people courses activities certificates reports cms_pages"

step() {
    name="$1"
    shift
    printf '%-14s' "$name"
    if output=$("$@" 2>&1); then
        echo "ok"
    else
        printf 'FAILED: %s\n%s\n' "$*" "$output"
        exit 1
    fi
}

step lint python -m ruff check --quiet .
step format python -m ruff format --check --quiet --diff .
# shellcheck disable=SC2046  # no template's name holds a space
step templates python -m djhtml --check $(python scripts/templates.py)
step types python -m mypy
step layers python -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
step django python manage.py check --fail-level WARNING
step migrations python manage.py makemigrations --check --dry-run
step translations python scripts/translations.py check
# shellcheck disable=SC2086
step security python -m bandit --quiet --recursive --configfile pyproject.toml $rooms
step hygiene python scripts/hygiene.py
