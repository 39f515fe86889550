#!/usr/bin/env bash
# Installs what `make test-system` needs, as root on Debian or Ubuntu: nginx and a systemd that is not started.
set -euo pipefail

packages=(iproute2 nginx-light procps systemd util-linux)
if ! dpkg --status "${packages[@]}" >/dev/null 2>&1; then
  apt-get -qq update
  # Its package is not to start nginx here, unless this machine decides on that itself.
  if [[ ! -e /usr/sbin/policy-rc.d ]]; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    install -m 0755 /dev/stdin /usr/sbin/policy-rc.d <<<$'#!/bin/sh\nexit 101'
  fi
  DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "${packages[@]}"
fi
