#!/usr/bin/env bash
# the users vllm-agent and vllm, and their folders
set -euo pipefail

install -C -D -m 0644 "$TREE/systemd/sysusers.conf" /etc/sysusers.d/vllm-agent.conf
if ! getent passwd vllm-agent >/dev/null || ! getent passwd vllm >/dev/null; then
  systemd-sysusers /etc/sysusers.d/vllm-agent.conf
fi
# Both ask the driver: the one serves on the GPUs, the other reads them.
for user in vllm vllm-agent; do
  for group in video render; do
    if getent group "$group" >/dev/null && [[ " $(id -nG "$user") " != *" $group "* ]]; then
      usermod --append --groups "$group" "$user"
    fi
  done
done

install -d -o vllm-agent -g vllm-agent -m 0711 "$STATE"
install -d -o vllm-agent -g vllm -m 0770 "$STATE/home" "$STATE/cache"
# Models that the image or the administrator brings; their names are values of ONEAPP_VLLM_MODEL_ID.
install -d -o root -g root -m 0755 "$STATE/models"
