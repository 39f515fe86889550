#!/usr/bin/env bash
# Waits until the base image's own first boot is over.
set -euo pipefail

if command -v cloud-init >/dev/null; then
  timeout 900 cloud-init status --wait >/dev/null || true
fi
timeout 600 systemctl is-system-running --wait >/dev/null || true
