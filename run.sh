#!/usr/bin/env bash
# Starts AuthServer: installs what is missing, builds, serves. Arguments go to the program: ./run.sh client list
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

say() { printf '%s\n' "$*" >&2; }

if ! command -v dotnet >/dev/null 2>&1 || ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
  say "The .NET 10 SDK is missing. Get it from https://dotnet.microsoft.com/download/dotnet/10.0 (Debian packages and a script are there), then run this again."
  exit 1
fi

# Libraries that the program loads: SQLite for the file database, Argon2 for password hashes, ICU for dates and languages.
missing=()
libraries="$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null || true)"
[[ "$libraries" == *libsqlite3.so.0* ]] || missing+=(libsqlite3-0)
[[ "$libraries" == *libargon2.so.1* ]] || missing+=(libargon2-1)
[[ "$libraries" == *libicuuc.so.* ]] || missing+=(libicu-dev)
if ((${#missing[@]})); then
  if ! command -v apt-get >/dev/null 2>&1; then
    say "These libraries are missing: ${missing[*]} (Debian's names). Install them and run this again."
    exit 1
  fi
  if [ "$(id -u)" = 0 ]; then sudo=(); elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then sudo=(sudo); else
    say "Type this once, then run this again:  su -c 'apt-get update && apt-get install -y ${missing[*]}'"
    exit 1
  fi
  say "Installing ${missing[*]} …"
  "${sudo[@]}" apt-get update -qq >/dev/null
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# Built when a source is newer than the program.
program="$root/src/AuthServer/bin/Release/net10.0/AuthServer.dll"
if [ ! -f "$program" ] || [ -n "$(find "$root/src" "$root"/*.props "$root"/appsettings*.json -newer "$program" -not -path '*/obj/*' -not -path '*/bin/*' -type f -print -quit)" ]; then
  say "Building …"
  log="$(mktemp)"
  if ! dotnet build "$root/src/AuthServer" -c Release --nologo -v quiet >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
  fi
  rm -f "$log"
  touch "$program"
fi

export AUTHSERVER_HOME="${AUTHSERVER_HOME:-$root/data}"
export DOTNET_ENVIRONMENT="${DOTNET_ENVIRONMENT:-Development}"
export Certificates__Folder="${Certificates__Folder:-$root/certs}"
export AUTHSERVER_STARTED_AT="$(date +%s%3N)"
exec dotnet "$program" "$@"
