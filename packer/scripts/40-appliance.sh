#!/usr/bin/env bash
# Unpacks the release tree and installs the appliance from it.
set -euo pipefail

tree=/var/tmp/build/release
mkdir "$tree"
tar -x -C "$tree" --strip-components=1 -f /var/tmp/build/release.tar
"$tree/appliance/install.sh" --engines "$ENGINES"
