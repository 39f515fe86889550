#!/usr/bin/env bash
# the users vllm-agent and vllm, and their folders
set -euo pipefail

install -D -m 0644 "$TREE/systemd/sysusers.conf" /etc/sysusers.d/vllm-agent.conf
systemd-sysusers /etc/sysusers.d/vllm-agent.conf

for group in video render; do
  if getent group "$group" >/dev/null; then
    usermod --append --groups "$group" vllm
  fi
done

install -d -o vllm-agent -g vllm-agent -m 0711 "$STATE"
install -d -o vllm-agent -g vllm -m 0770 "$STATE/home" "$STATE/cache"
# Models that the image or the administrator brings; their names are values of ONEAPP_VLLM_MODEL_ID.
install -d -o root -g root -m 0755 "$STATE/models"
