# Sourced by the scripts: finds Python 3.11+, makes .venv once, and installs into it when something has changed.
# Usage: . setup.sh core     installs the package itself
#        . setup.sh vision   the same, with what drawing and looking need
#        . setup.sh dev      installs it in place, with the test tools
# Sets $root (the project) and $bin (the environment's commands).
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
kind="$1"
venv="$root/.venv"
[ "$kind" = dev ] && venv="$root/.venv-dev"
bin="$venv/bin"
if [ ! -x "$bin/python" ]; then
  found=""
  for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      found="$candidate"
      break
    fi
  done
  if [ -z "$found" ]; then
    echo "error: Python 3.11 or later is needed" >&2
    exit 2
  fi
  "$found" -m venv "$venv"
fi
stamp="$venv/.installed"
extra=""
if [ "$kind" = vision ]; then
  stamp="$venv/.installed-vision"
  extra="[vision]"
fi
changed="$root/pyproject.toml"
[ "$kind" = dev ] || changed="$changed $root/src"
# shellcheck disable=SC2086
if [ ! -f "$stamp" ] || [ -n "$(find $changed -newer "$stamp" -not -name '*.pyc' -not -name __pycache__ -print -quit)" ]; then
  echo "Installing shotwright ($kind) into ${venv#"$root"/} …" >&2
  if [ "$kind" = dev ]; then
    "$bin/python" -m pip install --quiet --disable-pip-version-check -e "$root[dev]"
  else
    "$bin/python" -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps "$root"
    "$bin/python" -m pip install --quiet --disable-pip-version-check "$root$extra"
  fi
  touch "$stamp"
fi
