#!/usr/bin/env bash
# Installs the one-context package, if the build was given one.
set -euo pipefail

package=/var/tmp/build/one-context.deb
if [[ -s $package ]]; then
  # It replaces cloud-init, which would fight for the same disk and network.
  DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 purge cloud-init || true
  DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 --reinstall --allow-downgrades install "$package"
fi
if ! dpkg-query -W -f='${Status}' one-context 2>/dev/null | grep -q '^install ok installed'; then
  echo "the base image has no one-context: give its package with -var one_context=FILE.deb" >&2
  exit 1
fi
