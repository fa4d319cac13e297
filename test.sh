#!/usr/bin/env bash
# Runs the tests: installs what they need, builds, runs the test projects, ends with one line "N passed, N failed".
# Without arguments everything; else by name: ./test.sh unit protocol storage browser peer architecture
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
. scripts/debian.sh

names=(architecture unit storage protocol dialect browser peer)
declare -A projects=(
  [architecture]=AuthServer.ArchitectureTests [unit]=AuthServer.UnitTests [storage]=AuthServer.StorageTests [protocol]=AuthServer.ProtocolTests
  [dialect]=AuthServer.DialectTests [browser]=AuthServer.BrowserTests [peer]=AuthServer.PeerTests
)
existing=()
for name in "${names[@]}"; do [ -d "tests/${projects[$name]}" ] && existing+=("$name"); done
parts=("$@")
((${#parts[@]})) || parts=("${existing[@]}")
for part in "${parts[@]}"; do
  [[ " ${existing[*]} " == *" $part "* ]] || { say "There is no part '$part'. Parts: ${existing[*]}"; exit 1; }
done

need_sdk
wanted=(libsqlite3-0 libargon2-1)
for part in "${parts[@]}"; do
  case "$part" in
    storage | protocol | dialect) wanted+=(postgresql-15) ;;
    browser) wanted+=(chromium fonts-liberation oathtool) ;;
    peer) wanted+=(chromium fonts-liberation postgresql-15 python3-authlib python3-requests apache2 libapache2-mod-auth-openidc oathtool wrk) ;;
  esac
done
missing=()
for package in $(printf '%s\n' "${wanted[@]}" | sort -u); do has_package "$package" || missing+=("$package"); done
if [[ " ${parts[*]} " =~ " peer "|" browser " ]]; then
  command -v node >/dev/null 2>&1 || missing+=(nodejs)
  command -v npm >/dev/null 2>&1 || missing+=(npm)
fi
install_packages "${missing[@]}"

# Compilers and build nodes that outlive the run would keep its output open.
[ -n "${CI:-}" ] && export MSBUILDDISABLENODEREUSE=1
say "Building …"
targets=(IdentityServer.sln)
((${#parts[@]} < ${#existing[@]})) && targets=("${parts[@]/#/@}")
for target in "${targets[@]}"; do
  [[ "$target" == @* ]] && target="tests/${projects[${target#@}]}"
  if ! dotnet build "$target" -c Release --nologo -v quiet </dev/null; then
    say "It does not build; nothing was tested."
    echo "0 passed, 1 failed"
    exit 1
  fi
done

results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT
passed=0 failed=0 skipped=0
# A number from the one line of the result file that counts.
counter() { sed -n "s/.*<Counters [^>]*\b$2=\"\([0-9]*\)\".*/\1/p" "$1" | head -n 1; }

for part in "${parts[@]}"; do
  echo "== $part"
  trx="$results/$part.trx"
  # A test that hangs is named and ended; a project that does not end at all is ended too.
  timeout -k 30 1800 dotnet test "tests/${projects[$part]}" -c Release --no-build --nologo --results-directory "$results" \
    --blame-hang-timeout 8m --blame-hang-dump-type none \
    --logger "trx;LogFileName=$part.trx" --logger "console;verbosity=minimal" </dev/null
  code=$?
  if [ ! -f "$trx" ]; then
    # A project without a test leaves no result and no fault.
    if ((code != 0)); then
      echo "$part did not finish (exit code $code)."
      failed=$((failed + 1))
    fi
    continue
  fi
  total="$(counter "$trx" total)" executed="$(counter "$trx" executed)" good="$(counter "$trx" passed)"
  bad=$((executed - good))
  # Broken off without a failed test: a failure all the same.
  if ((code != 0 && bad == 0)); then
    echo "$part broke off (exit code $code)."
    bad=1
  fi
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + total - executed))
done

if ((failed > 0)); then
  echo
  echo "Failed:"
  for trx in "$results"/*.trx; do
    [ -f "$trx" ] && grep -o '<UnitTestResult [^>]*outcome="Failed"[^>]*' "$trx" | sed -n 's/.* testName="\([^"]*\)".*/  \1/p'
  done
fi
((passed + failed > 0)) || echo "Nothing was tested."
line="$passed passed, $failed failed"
((skipped > 0)) && line="$line, $skipped skipped"
echo "$line"
((failed == 0 && passed > 0))
