#!/bin/sh
# Finds or installs what the tests need beside npm packages: redis-server, python3 for the tests that run an agent in
# Python, BullMQ's Python client, PostgreSQL for the tests of the store, and Chromium for the tests that look at pages.
# Says what it does, changes nothing when everything is there, and exits 1 with what to do by hand when it cannot help
# with Redis or Python. Without PostgreSQL or Chromium their tests are skipped.
set -u

say() { printf 'setup: %s\n' "$*"; }

give_up() {
  say "$1"
  say "By hand: install Redis 6.2 or newer so that \`redis-server --version\` works, then run \`npm run setup\` again."
  say "Debian, Ubuntu: apt-get install redis-server. Fedora: dnf install redis. Alpine: apk add redis. Arch: pacman -S redis. macOS: brew install redis."
  exit 1
}

# Runs a command as root: directly when we are root, else through sudo (which must not ask when nobody can answer).
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    if [ -t 0 ]; then sudo "$@"; else sudo -n "$@"; fi
  else
    say "this needs root: $*"
    return 1
  fi
}

lists_are_new=no

apt_install() {
  say "installing $1 with apt-get"
  if [ "$lists_are_new" = no ]; then
    as_root apt-get update -q || say "apt-get update failed; trying with the lists that are there"
    lists_are_new=yes
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$1"
}

install_redis() {
  if command -v apt-get >/dev/null 2>&1; then
    say "the package may start a Redis service of its own; the tests do not use it"
    apt_install redis-server
  elif command -v dnf >/dev/null 2>&1; then
    say "installing redis (or valkey with its redis names) with dnf"
    as_root dnf install -y redis || as_root dnf install -y valkey-compat-redis
  elif command -v apk >/dev/null 2>&1; then
    say "installing redis with apk"
    as_root apk add --no-cache redis
  elif command -v pacman >/dev/null 2>&1; then
    say "installing redis with pacman"
    as_root pacman -Sy --noconfirm --needed redis || as_root pacman -Sy --noconfirm --needed valkey
  elif command -v brew >/dev/null 2>&1; then
    say "installing redis with brew"
    brew install redis
  else
    say "found none of apt-get, dnf, apk, pacman, brew"
    return 1
  fi
}

# Some systems put it into folders that are not on every user's PATH.
find_redis() (
  PATH="$PATH:${SETUP_MORE_PATH-/usr/sbin:/usr/local/sbin:/sbin:/opt/homebrew/bin:/usr/local/bin}"
  command -v redis-server
)

found=$(find_redis)
if [ -n "$found" ]; then
  say "redis-server is there: $found"
else
  say "redis-server is not there"
  install_redis || give_up "could not install Redis."
  hash -r
  found=$(find_redis)
  [ -n "$found" ] || give_up "the package manager reported success, but redis-server is not there."
  say "installed redis-server: $found"
fi

version=$("$found" --version 2>&1) || give_up "$found does not run: $version"
say "$version"
number=$(printf '%s' "$version" | sed -n 's/.*v=\([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
if [ -n "$number" ]; then
  # shellcheck disable=SC2086 # two words on purpose
  set -- $number
  if [ "$1" -lt 6 ] || { [ "$1" -eq 6 ] && [ "$2" -lt 2 ]; }; then
    give_up "this version is too old for BullMQ."
  fi
fi

install_python() {
  if command -v apt-get >/dev/null 2>&1; then
    apt_install python3
  elif command -v dnf >/dev/null 2>&1; then
    as_root dnf install -y python3
  elif command -v apk >/dev/null 2>&1; then
    as_root apk add --no-cache python3
  elif command -v pacman >/dev/null 2>&1; then
    as_root pacman -Sy --noconfirm --needed python
  elif command -v brew >/dev/null 2>&1; then
    brew install python
  else
    return 1
  fi
}

if command -v python3 >/dev/null 2>&1; then
  say "python3 is there: $(command -v python3)"
else
  say "python3 is not there"
  install_python
  hash -r
  if ! command -v python3 >/dev/null 2>&1; then
    say "could not install Python 3."
    say "By hand: install it so that \`python3 --version\` works, then run \`npm run setup\` again."
    exit 1
  fi
  say "installed python3: $(command -v python3)"
fi

# A producer in Python is one of the tests of the queue. Without its client that test is skipped.
python_client=bullmq==3.4.4
python_folder="${0%/*}/../.tracegate/python"
if [ -x "$python_folder/bin/python" ] && [ -e "$python_folder/$python_client" ]; then
  say "the queue's Python client is there: $python_client"
elif python3 -m venv "$python_folder" >/dev/null 2>&1 && [ -x "$python_folder/bin/python" ] &&
  "$python_folder/bin/python" -m pip install -q --disable-pip-version-check "$python_client" >/dev/null 2>&1; then
  : >"$python_folder/$python_client"
  say "installed the queue's Python client: $python_client"
else
  say "could not install the queue's Python client ($python_client); its test is skipped."
fi

# Debian keeps its programs out of everybody's PATH.
find_postgres() {
  for folder in ${SETUP_POSTGRES_ROOT-/usr/lib/postgresql}/*/bin; do
    [ -x "$folder/initdb" ] && printf '%s\n' "$folder/initdb" && return 0
  done
  command -v initdb
}

install_postgres() {
  if command -v apt-get >/dev/null 2>&1; then
    say "the package may start a PostgreSQL service of its own; the tests do not use it"
    apt_install postgresql
  elif command -v dnf >/dev/null 2>&1; then
    say "installing postgresql-server with dnf"
    as_root dnf install -y postgresql-server
  elif command -v apk >/dev/null 2>&1; then
    say "installing postgresql with apk"
    as_root apk add --no-cache postgresql
  elif command -v pacman >/dev/null 2>&1; then
    say "installing postgresql with pacman"
    as_root pacman -Sy --noconfirm --needed postgresql
  elif command -v brew >/dev/null 2>&1; then
    say "installing postgresql with brew"
    brew install postgresql
  else
    return 1
  fi
}

initdb=$(find_postgres)
if [ -n "$initdb" ]; then
  say "PostgreSQL is there: $initdb"
else
  say "PostgreSQL is not there"
  install_postgres
  hash -r
  initdb=$(find_postgres)
  if [ -n "$initdb" ]; then
    say "installed PostgreSQL: $initdb"
  else
    say "could not install PostgreSQL; the tests of the store in PostgreSQL are skipped."
    say "By hand: install PostgreSQL 15 or newer so that \`initdb --version\` works. Debian, Ubuntu: apt-get install postgresql."
  fi
fi

find_chromium() {
  for name in chromium chromium-browser google-chrome-stable google-chrome; do
    command -v "$name" && return 0
  done
  return 1
}

install_chromium() {
  if command -v apt-get >/dev/null 2>&1; then
    apt_install chromium
  elif command -v dnf >/dev/null 2>&1; then
    say "installing chromium with dnf"
    as_root dnf install -y chromium
  elif command -v apk >/dev/null 2>&1; then
    say "installing chromium with apk"
    as_root apk add --no-cache chromium
  elif command -v pacman >/dev/null 2>&1; then
    say "installing chromium with pacman"
    as_root pacman -Sy --noconfirm --needed chromium
  else
    return 1
  fi
}

browser=$(find_chromium)
if [ -n "$browser" ]; then
  say "chromium is there: $browser"
else
  say "chromium is not there"
  install_chromium
  hash -r
  browser=$(find_chromium)
  if [ -n "$browser" ]; then
    say "installed chromium: $browser"
  else
    say "could not install Chromium; the tests that look at pages are skipped."
    say "By hand: install Chromium or Chrome so that \`chromium --version\` or \`google-chrome --version\` works."
  fi
fi

node_version=$(node --version 2>/dev/null) || give_up "the project's own node is missing; run \`npm ci\` first."
say "node of the project: $node_version"
say "done"
