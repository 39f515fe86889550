#!/usr/bin/env bash
# the hooks of one-context, and the message of the day
set -euo pipefail

install -d -m 0755 /etc/one-appliance /etc/one-context.d /etc/update-motd.d
install -d -m 0750 /var/log/one-appliance
install -m 0755 "$TREE/contextualization/service" /etc/one-appliance/service
install -m 0755 "$TREE/contextualization/net-90-service-appliance" /etc/one-context.d/net-90-service-appliance

# net-99 of the package says READY as soon as the hooks are through; ours asks the agent first. The package's own file
# goes out of the folder, as each file in it is run, and an upgrade of the package leaves it there.
if ! dpkg-divert --list /etc/one-context.d/net-99-report-ready | grep -q one-appliance; then
  dpkg-divert --local --rename --divert /etc/one-appliance/report-ready \
    --add /etc/one-context.d/net-99-report-ready
fi
install -m 0755 "$TREE/contextualization/net-99-report-ready" /etc/one-context.d/net-99-report-ready

install -m 0755 "$TREE/appliance/motd/60-vllm-agent" /etc/update-motd.d/60-vllm-agent
install -D -m 0644 "$TREE/appliance/logrotate.conf" /etc/logrotate.d/one-appliance
