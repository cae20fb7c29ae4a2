#!/usr/bin/env bash
# Makes the environment `.venv` from pinned, hashed requirements. Safe to repeat; does nothing when nothing changed.
#   scripts/setup.sh runtime   what `greenroom` needs to run
#   scripts/setup.sh dev       also tests, checks, benchmarks; Chromium and PostgreSQL from the system where they may be installed
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-runtime}
say() { echo "· $*" >&2; }

may_install() { [ "$(uname -s)" = Linux ] && command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; }
apt_install() {
  local sudo="" log
  log=$(mktemp)
  [ "$(id -u)" = 0 ] || sudo="sudo -n"
  say "installing from Debian: $*"
  if ! { $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >"$log" 2>&1; then
    cat "$log" >&2
    return 1
  fi
  rm -f "$log"
}

python=""
for one in python3.11 python3.12 python3.13 python3; do
  if command -v "$one" >/dev/null && "$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$one; break; fi
done
[ -n "$python" ] || { echo "Greenroom needs Python 3.11 or newer; install it (Debian: apt-get install python3) and run this again." >&2; exit 1; }

if [ ! -x .venv/bin/python ]; then
  say "making .venv with $($python --version)"
  if ! "$python" -m venv .venv 2>/dev/null; then
    rm -rf .venv
    may_install || { echo "Python's venv module is missing; install it (Debian: apt-get install python3-venv) and run this again." >&2; exit 1; }
    apt_install python3-venv
    "$python" -m venv .venv
  fi
fi

stamp=.venv/.greenroom-$what
wanted=$(cat requirements/uv.txt "requirements/$what.txt" pyproject.toml | sha256sum | cut -d' ' -f1)
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
  say "installing pinned packages ($what)"
  .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
  .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes -r "requirements/$what.txt"
  .venv/bin/uv pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
  echo "$wanted" >"$stamp"
fi

if [ "$what" = dev ]; then
  missing=()
  command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium fonts-dejavu-core)
  # Playwright's driver needs it, and a small Debian does not have it.
  /sbin/ldconfig -p 2>/dev/null | grep -q 'libatomic\.so\.1' || missing+=(libatomic1)
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing+=(postgresql)
  if [ ${#missing[@]} -gt 0 ]; then
    if may_install; then apt_install "${missing[@]}"; else
      say "MISSING: ${missing[*]}. The tests that need them will be skipped; install them to run everything."
    fi
  fi
fi
