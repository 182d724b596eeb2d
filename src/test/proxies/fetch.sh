#!/usr/bin/env bash
# Unpacks the programs of real proxies from Debian packages into a folder, without installing anything and without being
# root. Prints nothing when all goes well; what can't be had is left out, and its tests are skipped.
#
#   fetch.sh FOLDER
set -uo pipefail

folder=${1:?the folder to unpack into}
packages="dante-server microsocks tinyproxy-bin squid-openssl squid-common squid-langpack haproxy"
libraries="libwrap0 libecap3 libltdl7 liblua5.3-0 libopentracing-c-wrapper0 libopentracing1"

if [ -e "$folder/complete" ]; then
  exit 0
fi
if ! command -v apt-get > /dev/null || ! command -v dpkg > /dev/null; then
  echo "No apt-get here: real proxies can't be fetched." >&2
  exit 0
fi
mkdir -p "$folder/packages" "$folder/root"
for package in $packages $libraries; do
  (cd "$folder/packages" && timeout 60 apt-get download "$package" > /dev/null 2>&1) \
    || echo "The Debian package $package can't be had." >&2
done
for package in "$folder"/packages/*.deb; do
  [ -e "$package" ] && dpkg -x "$package" "$folder/root"
done
[ -x "$folder/root/usr/sbin/squid" ] && touch "$folder/complete"
exit 0
