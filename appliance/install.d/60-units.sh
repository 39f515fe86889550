#!/usr/bin/env bash
# the units of systemd
set -euo pipefail

units=$TREE/systemd
for unit in "$units"/*.service "$units"/*.path; do
  install -C -m 0644 "$unit" "/etc/systemd/system/$(basename -- "$unit")"
done
install -C -D -m 0644 "$units/tmpfiles.conf" /etc/tmpfiles.d/vllm-agent.conf
version=$(systemctl --version | sed -n '1s/^systemd \([0-9]*\).*/\1/p')
if ((version >= 254)); then
  install -C -D -m 0644 "$units/back-off.conf" /etc/systemd/system/vllm-agent.service.d/back-off.conf
fi
systemctl enable --quiet vllm-agent-report.path vllm-agent-cache.service

if [[ -d /run/systemd/system ]]; then
  systemd-tmpfiles --create /etc/tmpfiles.d/vllm-agent.conf
  systemctl daemon-reload
  systemctl start vllm-agent-report.path
fi
