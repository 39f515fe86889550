#!/usr/bin/env bash
# Installs the Debian packages that tests need beyond JDK, Maven, Python and make, where they are missing. Run as root.
set -euo pipefail

packages=(
  # the browser, a font that is the same everywhere, and the reader of what it prints
  chromium fonts-dejavu-core poppler-utils
)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || missing+=("$package")
done
if ((${#missing[@]})); then
  export DEBIAN_FRONTEND=noninteractive
  apt-get -o DPkg::Lock::Timeout=300 update -qq
  apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${missing[@]}"
fi
