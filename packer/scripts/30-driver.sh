#!/usr/bin/env bash
# Installs NVIDIA's driver of the branch NVIDIA_DRIVER, with kernel modules that Ubuntu has built and signed; none: no driver.
# The names are those of Ubuntu's own archive, as `apt-get --simulate install` in an Ubuntu 24.04 says: noble-updates/restricted,
# and noble/multiverse for nvidia-modprobe, which no other package brings and gpu-devices needs. Its cloud images have both.
set -euo pipefail

[[ $NVIDIA_DRIVER != none ]] || exit 0
if [[ ! $NVIDIA_DRIVER =~ ^[0-9]+(-server)?(-open)?$ ]]; then
  echo "nvidia_driver is \"$NVIDIA_DRIVER\", and must be a branch such as 580-server-open, or none" >&2
  exit 1
fi
# shellcheck source=/dev/null
id=$(. /etc/os-release && echo "$ID")
if [[ $id != ubuntu ]]; then
  echo "NVIDIA's driver is installed from Ubuntu's packages, and this is $id: take an Ubuntu 24.04 base, or nvidia_driver=none" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -q -o DPkg::Lock::Timeout=600 update
apt-get -q -y -o DPkg::Lock::Timeout=600 --no-install-recommends install \
  "linux-modules-nvidia-$NVIDIA_DRIVER-generic" "nvidia-headless-no-dkms-$NVIDIA_DRIVER" \
  "nvidia-utils-${NVIDIA_DRIVER%-open}" nvidia-modprobe
