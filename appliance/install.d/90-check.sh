#!/usr/bin/env bash
# does the agent start?
set -euo pipefail

"$HOME_OF_AGENT/bin/vllm-agent" version
if [[ ! -s /etc/one-appliance/status ]]; then
  printf 'install_success\n' >/etc/one-appliance/status
fi
