# For run.sh and test.sh: the SDK, and Debian packages that are missing. Sourced, not run.

say() { printf '%s\n' "$*" >&2; }

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# The SDK's own install script puts it here and leaves the PATH alone.
command -v dotnet >/dev/null 2>&1 || PATH="$PATH:${DOTNET_ROOT:-$HOME/.dotnet}"

need_sdk() {
  if command -v dotnet >/dev/null 2>&1 && dotnet --list-sdks 2>/dev/null | grep '^10\.' >/dev/null; then return; fi
  say "The .NET 10 SDK is missing. How to get it on Debian: https://learn.microsoft.com/dotnet/core/install/linux-debian"
  say "or everywhere, into your home folder: https://dot.net/v1/dotnet-install.sh --channel 10.0. Then run this again."
  exit 1
}

has_package() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Whether the loader finds a library. ldconfig is not on everybody's path.
has_library() { [[ "$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null)" == *"$1"* ]]; }

# Installs the packages, a line for each. Their services stay off: nothing of what they bring is started.
install_packages() {
  local packages=("$@") sudo=() log package
  ((${#packages[@]})) || return 0
  if ! command -v apt-get >/dev/null 2>&1; then
    say "These are missing (Debian's names): ${packages[*]}. Install them and run this again."
    exit 1
  fi
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then sudo=(sudo); else
      say "Type this once, then run this again:  su -c 'apt-get update && apt-get install -y --no-install-recommends ${packages[*]}'"
      exit 1
    fi
  fi

  log="$(mktemp)"
  # An unreachable source that has nothing to do with us is no reason to stop; a package that cannot be had is.
  "${sudo[@]}" apt-get update -qq >"$log" 2>&1 </dev/null || true
  for package in "${packages[@]}"; do
    say "Installing $package …"
    if ! "${sudo[@]}" sh -c '
      policy=/usr/sbin/policy-rc.d
      if [ ! -e $policy ]; then
        printf "#!/bin/sh\nexit 101\n" >$policy && chmod 755 $policy
        trap "rm -f $policy" EXIT
      fi
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1"' sh "$package" >>"$log" 2>&1 </dev/null; then
      cat "$log" >&2
      say "$package could not be installed; what apt-get said stands above."
      rm -f "$log"
      exit 1
    fi
  done
  rm -f "$log"
}

# ICU's package has its version in its name, another one in each release of Debian.
icu_package() { apt-cache search --names-only '^libicu[0-9]+$' 2>/dev/null | awk '{ print $1 }' | sort -V | tail -n 1; }
