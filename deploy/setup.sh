#!/usr/bin/env bash
# Makes this checkout runnable, in .venv and .cache beside it. Called by the Makefile: `setup.sh run` for the demo and for
# service, `setup.sh dev` for the tests as well. Says what it does; needs the network the first time only.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:?run or dev}
say() { printf 'setup: %s\n' "$*" >&2; }

find_python() {
  for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11 /usr/bin/python3; do
    if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  say "Specbot needs Python 3.11 or newer; none was found. Install one, or name it: make PYTHON=/path/to/python3.12 demo"
  exit 1
}

# Debian's packages, one step that says what it does. Only root can; others are told the command.
system_package() {
  local package=$1 why=$2
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing the system package $package ($why)"
    apt-get install -y -qq "$package" >/dev/null 2>&1 || { apt-get update -qq >/dev/null && apt-get install -y -qq "$package" >/dev/null; }
  else
    say "the system package $package is missing ($why). Install it, for example: sudo apt-get install $package"
    return 1
  fi
}

if [ ! -x .venv/bin/python ]; then
  python=$(find_python)
  say "creating .venv with $("$python" --version)"
  if ! "$python" -m venv .venv 2>/dev/null; then
    rm -rf .venv
    system_package python3-venv "Python's venv module"
    "$python" -m venv .venv
  fi
fi
pip() { .venv/bin/python -m pip --disable-pip-version-check --quiet "$@" 2> >(grep -v 'is ignored: it is neither a file nor a directory' >&2); }

if [ "$what" = run ]; then
  say "installing Specbot and its dependencies into .venv (about a minute the first time)"
  pip install -c constraints.txt --editable .
  if ! .venv/bin/python -c 'import pyseccomp' 2>/dev/null; then
    system_package libseccomp2 "the sandbox's system call filter"
  fi
  # What the sample repository and the tests run in the sandbox, fetched now so that nothing later needs the network.
  mkdir -p .cache/wheels
  say "fetching pytest for the sandbox's environments into .cache/wheels"
  pip download -c constraints.txt --only-binary=:all: --dest .cache/wheels pytest
  touch .venv/.ready
else
  say "installing what the tests need into .venv"
  pip install -c constraints.txt --editable '.[dev]'
  touch .venv/.ready-dev
fi
