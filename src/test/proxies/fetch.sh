#!/usr/bin/env bash
# Unpacks the programs of real proxies from Debian packages into a folder, with every package that these depend on,
# whether or not the machine has it. Installs nothing, needs no root, and leaves the machine's own package lists alone.
#
#   fetch.sh FOLDER
#
# Afterwards FOLDER/bin/NAME starts the program NAME with the libraries of FOLDER/root. Where a program cannot be
# started, FOLDER/missing/NAME says why. What is there is not fetched again.
set -uo pipefail
export LC_ALL=C

folder=${1:?the folder to unpack into}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
root=$folder/root

# The packages of each proxy, and the programs that they must give.
proxies=(
  "dante-server: danted"
  "microsocks: microsocks"
  "tinyproxy-bin: tinyproxy"
  "squid-openssl squid-langpack openssl: squid basic_ncsa_auth openssl"
  "haproxy: haproxy"
)

main() {
  local proxy program failure failures=() wanted=()
  for proxy in "${proxies[@]}"; do
    for program in ${proxy#*:}; do
      [ -x "$folder/bin/$program" ] || { wanted+=("$proxy") && break; }
    done
  done
  [ ${#wanted[@]} -gt 0 ] || return 0
  rm -rf "$folder/missing"
  mkdir -p "$folder/bin" "$folder/missing" "$root"
  update_lists
  for proxy in "${wanted[@]}"; do
    failures+=("$(download "${proxy%:*}")")
  done
  unpack
  for ((i = 0; i < ${#wanted[@]}; i++)); do
    proxy=${wanted[i]}
    for program in ${proxy#*:}; do
      failure=${failures[i]:-$(make_startable "$program")}
      [ -z "$failure" ] || miss "$program" "${proxy%:*}" "$failure"
    done
  done
}

# Package lists of our own, and a record of installed packages that is empty: every dependency is then a package to fetch.
update_lists() {
  mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache" "$folder/packages/partial"
  : > "$folder/apt/status"
  cat > "$folder/apt/apt.conf" <<CONF
Dir::State "$folder/apt/";
Dir::State::status "$folder/apt/status";
Dir::Cache "$folder/apt/cache/";
Dir::Cache::archives "$folder/packages/";
Dir::Log "$folder/apt/";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
APT::Sandbox::User "";
#clear APT::Update;
#clear DPkg::Pre-Install-Pkgs;
CONF
  apt_get update > "$folder/apt/update.log" 2>&1
}

apt_get() {
  timeout 300 apt-get -q -c "$folder/apt/apt.conf" "$@"
}

# Downloads packages with all that they depend on, or says why that fails.
download() {
  # shellcheck disable=SC2086 # the packages are words
  apt_get install --download-only --no-install-recommends -y $1 > "$folder/apt/download.log" 2>&1 && return
  {
    grep 'Failed to fetch' "$folder/apt/update.log" | tail -n 1
    tail -n 1 "$folder/apt/download.log"
  } | tr '\n' ' '
}

# All but the C library: it has to be that of the machine, as its loader is.
unpack() {
  local package
  for package in "$folder"/packages/*.deb; do
    case ${package##*/} in
      libc6_* | libc-bin_*) ;;
      *) [ -e "$package" ] && dpkg -x "$package" "$root" ;;
    esac
  done
}

# Writes what starts a program, or says which library it lacks.
make_startable() {
  local program libraries lacking
  program=$(find "$root"/usr/{sbin,bin,lib/squid} -name "$1" -type f -perm -u+x 2> /dev/null | head -n 1)
  if [ -z "$program" ]; then
    echo "no such program is in it"
    return
  fi
  libraries=$(printf '%s:' "$root"/{usr/,}lib/*-linux-gnu*)$root/usr/lib:$root/lib
  lacking=$(LD_LIBRARY_PATH=$libraries ldd "$program" 2>&1 | grep -m 1 -e 'not found' -e 'not a dynamic')
  if [ -n "$lacking" ]; then
    echo "a library is missing: $(echo $lacking)"
    return
  fi
  printf '#!/bin/bash\nexport LD_LIBRARY_PATH=%q\nexec %q "$@"\n' "$libraries" "$program" > "$folder/bin/$1.new"
  chmod 755 "$folder/bin/$1.new"
  mv "$folder/bin/$1.new" "$folder/bin/$1"
}

miss() {
  echo "$1 cannot be started from the Debian packages $2: $3" | tee "$folder/missing/$1" >&2
}

main
