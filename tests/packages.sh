#!/usr/bin/env bash
# Installs what tests need beyond JDK, Maven, Python and make, where it is missing. Debian 12 or Ubuntu 24.04, as root.
set -euo pipefail

packages=(
  # the report's tests: the browser, a font that is the same everywhere, the reader of what it prints
  chromium fonts-dejavu-core poppler-utils
  # the VM: its root file system and disk
  mmdebstrap e2fsprogs gdisk dosfstools mtools grub-efi-amd64-bin grub-common qemu-utils
  # the machine, its firmware, its context disk, the way in, and the way out to a stand-in on loopback
  qemu-system-x86 ovmf xorriso openssh-client netcat-openbsd
  # the image build, and the checks
  packer shellcheck
  # the unit and the door: nginx, and a systemd that is not started
  iproute2 nginx-light procps systemd util-linux
)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || missing+=("$package")
done
if ((${#missing[@]})); then
  # No package is to start a service here, unless this machine decides on that itself.
  if [[ ! -e /usr/sbin/policy-rc.d ]]; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    install -m 0755 /dev/stdin /usr/sbin/policy-rc.d <<<$'#!/bin/sh\nexit 101'
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get -o DPkg::Lock::Timeout=300 update -qq
  apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${missing[@]}"
fi
