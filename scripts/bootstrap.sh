#!/bin/sh
# Runs a script of this folder with the first usable Python: `sh scripts/bootstrap.sh set_up.py`.
# This is shell because on a fresh machine nothing else can be relied on. The scripts need Python 3.8 or newer and
# only its standard library.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
script=$1
shift

# One that can also make environments (Debian splits `venv` off) is better than one that only runs.
usable='import sys, ssl, sqlite3; sys.exit(sys.version_info < (3, 8))'
complete='import sys, ssl, venv, ensurepip; sys.exit(sys.version_info < (3, 8))'

# A pyenv shim answers only for versions that are switched on here, so the versions themselves come next.
candidates() {
    for name in python3 python3.13 python3.12 python3.11 python3.10 python3.9 python3.8 python; do
        command -v "$name" 2>/dev/null || true
    done
    for root in "${PYENV_ROOT:-}" "${HOME:-}/.pyenv"; do
        [ -n "$root" ] || continue
        for python in "$root"/versions/3.*/bin/python3; do
            [ -x "$python" ] && printf '%s\n' "$python"
        done
    done
    return 0
}

fallback=''
IFS='
'
for python in $(candidates); do
    if "$python" -c "$complete" >/dev/null 2>&1; then
        exec "$python" "$here/$script" "$@"
    fi
    if [ -z "$fallback" ] && "$python" -c "$usable" >/dev/null 2>&1; then
        fallback=$python
    fi
done
if [ -n "$fallback" ]; then
    exec "$fallback" "$here/$script" "$@"
fi
echo "Shopdesk needs a Python 3.8 or newer to set itself up, and found none on PATH or under ~/.pyenv/versions." >&2
echo "Install one, for example with: apt-get install python3 python3-venv" >&2
exit 1
