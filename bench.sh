#!/usr/bin/env bash
# Measures the server against the least program that could do the same work, and prints one table.
#   ./bench.sh            SQLite, about four minutes       ./bench.sh quick      SQLite, under two minutes
#   ./bench.sh postgres   PostgreSQL, its own cluster      ./bench.sh full       both
#   ./bench.sh scale      a million people and ten thousand clients in PostgreSQL: what administrators wait for, and what a token costs then
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "$*" >&2; }

if ! command -v dotnet >/dev/null 2>&1 || ! dotnet --list-sdks | grep -q '^10\.'; then
  say "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0"
  exit 1
fi

missing=()
command -v wrk >/dev/null 2>&1 || missing+=(wrk)
case "${1:-}" in postgres | full | scale) compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql-15) ;; esac
if ((${#missing[@]})); then
  if [ "$(id -u)" = 0 ]; then sudo=(); elif command -v sudo >/dev/null 2>&1; then sudo=(sudo); else
    say "Type this once, then run this again:  su -c 'apt-get update && apt-get install -y ${missing[*]}'"
    exit 1
  fi
  say "Installing ${missing[*]} …"
  "${sudo[@]}" apt-get update -qq >/dev/null
  # RUNLEVEL=1: the benchmark starts its own database; the package's service stays off.
  "${sudo[@]}" env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

say "Building …"
for project in src/AuthServer benchmarks/Floor benchmarks/Load; do dotnet build "$root/$project" -c Release --nologo -v quiet >&2; done
say "Measuring …"
exec dotnet "$root/benchmarks/Load/bin/Release/net10.0/Load.dll" "$@"
