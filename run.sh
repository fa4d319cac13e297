#!/usr/bin/env bash
# Starts AuthServer: installs what is missing, builds, serves. Arguments go to the program: ./run.sh client list
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
. "$root/scripts/debian.sh"
need_sdk

# Libraries that the program loads: SQLite for the file database, Argon2 for password hashes, ICU for dates and languages.
missing=()
has_library libsqlite3.so.0 || missing+=(libsqlite3-0)
has_library libargon2.so.1 || missing+=(libargon2-1)
if ! has_library libicuuc.so.; then
  icu="$(icu_package)"
  missing+=("${icu:-libicu-dev}")
fi
install_packages "${missing[@]}"

# Built when a source is newer than the program, so that every other start costs no build.
program="$root/src/AuthServer/bin/Release/net10.0/AuthServer.dll"
is_stale() {
  [ ! -f "$program" ] || [ -n "$(find "$root/src" "$root"/*.props "$root"/appsettings*.json "$root/global.json" \
    \( -name obj -o -name bin -o -name node_modules \) -prune -o -newer "$program" -print -quit)" ]
}
if is_stale; then
  say "Building …"
  log="$(mktemp)"
  if ! dotnet build "$root/src/AuthServer" -c Release --nologo -v quiet >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
  # A build that had nothing to do leaves the program's date as it was.
  touch "$program"
fi

export AUTHSERVER_HOME="${AUTHSERVER_HOME:-$root/data}"
export DOTNET_ENVIRONMENT="${DOTNET_ENVIRONMENT:-Development}"
export Certificates__Folder="${Certificates__Folder:-$root/certs}"
AUTHSERVER_STARTED_AT="$(date +%s%3N)"
export AUTHSERVER_STARTED_AT
exec dotnet "$program" "$@"
