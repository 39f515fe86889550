#!/usr/bin/env bash
# Installs what `make vm`, `make packer` and the checks of the scripts need on Debian 12 or Ubuntu 24.04. Run as root.
set -euo pipefail

packages=(
  # the root file system and the disk
  mmdebstrap e2fsprogs gdisk dosfstools mtools grub-efi-amd64-bin grub-common qemu-utils
  # the machine, its firmware, its context disk, the way in, and the way out to a stand-in on loopback
  qemu-system-x86 ovmf xorriso openssh-client netcat-openbsd
  # the image build, and the checks
  packer shellcheck
)
export DEBIAN_FRONTEND=noninteractive
apt-get -o DPkg::Lock::Timeout=300 update -qq
apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${packages[@]}"
