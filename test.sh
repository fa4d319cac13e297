#!/usr/bin/env bash
# Runs the tests: installs what they need, builds, runs every test project, ends with one line "N passed, N failed".
# A part by name: ./test.sh unit | protocol | storage | browser | peer | architecture
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
parts=("$@")
((${#parts[@]})) || parts=(architecture unit storage protocol browser peer)

say() { printf '%s\n' "$*"; }

if ! command -v dotnet >/dev/null 2>&1 || ! dotnet --list-sdks | grep -q '^10\.'; then
  say "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0"
  exit 1
fi

# Debian packages, by the parts that need them.
packages=(libsqlite3-0 libargon2-1)
for part in "${parts[@]}"; do
  case "$part" in
    storage | protocol) packages+=(postgresql-15) ;;
    browser) packages+=(chromium fonts-liberation) ;;
    peer) packages+=(chromium fonts-liberation python3-authlib python3-requests apache2-bin libapache2-mod-auth-openidc oathtool) ;;
  esac
done
missing=()
for package in $(printf '%s\n' "${packages[@]}" | sort -u); do
  dpkg -s "$package" 2>/dev/null | grep -q '^Status: install ok installed' || missing+=("$package")
done
case " ${parts[*]} " in *" peer "* | *" browser "*) command -v npm >/dev/null 2>&1 || missing+=(nodejs npm) ;; esac
if ((${#missing[@]})); then
  if [ "$(id -u)" = 0 ]; then sudo=(); elif command -v sudo >/dev/null 2>&1; then sudo=(sudo); else
    say "Type this once, then run this again:  su -c 'apt-get update && apt-get install -y ${missing[*]}'"
    exit 1
  fi
  say "Installing ${missing[*]} …"
  "${sudo[@]}" apt-get update -qq >/dev/null
  # RUNLEVEL=1: the tests start their own database and web server; the packages' services stay off.
  if ! "${sudo[@]}" env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/tmp/authserver-apt.log 2>&1; then
    cat /tmp/authserver-apt.log
    exit 1
  fi
fi

declare -A projects=(
  [unit]=tests/AuthServer.UnitTests [protocol]=tests/AuthServer.ProtocolTests [storage]=tests/AuthServer.StorageTests
  [browser]=tests/AuthServer.BrowserTests [peer]=tests/AuthServer.PeerTests [architecture]=tests/AuthServer.ArchitectureTests
)
say "Building …"
for part in "${parts[@]}"; do
  project="${projects[$part]:-}"
  [ -n "$project" ] || { say "There is no part '$part'. Parts: ${!projects[*]}"; exit 1; }
done
if ! dotnet build IdentityServer.sln -c Release --nologo -v quiet; then
  say "0 passed, 1 failed"
  exit 1
fi

results="$(mktemp -d)"
failed_runs=0
for part in "${parts[@]}"; do
  say "== $part"
  timeout 1500 dotnet test "${projects[$part]}" -c Release --no-build --nologo --logger "trx;LogFileName=$results/$part.trx" --logger "console;verbosity=minimal" </dev/null || failed_runs=$((failed_runs + 1))
  [ -f "$results/$part.trx" ] || { say "$part did not finish."; : >"$results/$part.missing"; }
done

count() { cat "$results"/*.trx 2>/dev/null | grep -o "<Counters [^>]*" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ sum += $1 } END { print sum + 0 }'; }
passed="$(count passed)"
failed="$(count failed)"
lost="$(find "$results" -name '*.missing' | wc -l)"
failed=$((failed + lost))
rm -rf "$results"
# A run that broke off without a failed test is a failure all the same.
if ((failed_runs > 0 && failed == 0)); then failed=$failed_runs; fi
say "$passed passed, $failed failed"
((failed == 0 && passed > 0))
