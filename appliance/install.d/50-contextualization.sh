#!/usr/bin/env bash
# the hooks of one-context, and the message of the day
set -euo pipefail

install -d -m 0755 /etc/one-appliance /etc/one-context.d /etc/update-motd.d
install -d -m 0750 /var/log/one-appliance
install -C -m 0755 "$TREE/contextualization/service" /etc/one-appliance/service
install -C -m 0755 "$TREE/contextualization/net-90-service-appliance" /etc/one-context.d/net-90-service-appliance

# `service configure` puts net-99 in its place at each boot: the one-context package may bring its own later.
install -C -m 0755 "$TREE/motd/60-vllm-agent" /etc/update-motd.d/60-vllm-agent
install -C -D -m 0644 "$TREE/logrotate.conf" /etc/logrotate.d/one-appliance

# A site's own certificates reach the agent, too.
install -C -D -m 0755 "$TREE/ca-certificates-updated" /etc/ca-certificates/update.d/vllm-agent
