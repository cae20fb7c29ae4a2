#!/usr/bin/env bash
# All tests: once on SQLite (with the browser), once more on PostgreSQL for what touches the database.
# Arguments go to pytest; with arguments only the SQLite pass runs.
set -euo pipefail
cd "$(dirname "$0")/.."
pytest=".venv/bin/python -m pytest -n 2 --dist loadgroup -q"
if [ $# -gt 0 ]; then exec $pytest "$@"; fi
echo "== SQLite and browser"
$pytest
if .venv/bin/python -c 'import sys; sys.path.insert(0, "tests"); import postgres; sys.exit(postgres.programs() is None)'; then
  echo "== PostgreSQL"
  .venv/bin/python tests/postgres.py $pytest -m "not browser and not sqlite_only" tests/core tests/observations tests/creators tests/campaigns tests/spark tests/purges tests/messages tests/syncs tests/metrics tests/backup tests/mcp tests/imports
elif [ "${CI:-}" = true ]; then
  echo "PostgreSQL is missing, and with CI=true nothing may be skipped" >&2; exit 1
else
  echo "SKIPPED: the PostgreSQL pass, because PostgreSQL is not installed" >&2
fi
