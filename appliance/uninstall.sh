#!/usr/bin/env bash
# Takes the appliance off this machine. Data (results, keys, models, reference rows) and users stay unless --purge is given; packages of
# the distribution always stay.
set -euo pipefail

case ${1:-} in
  '') purge=no ;;
  --purge) purge=yes ;;
  -h | --help)
    printf 'uninstall.sh [--purge]\n\n  --purge  deletes results, keys, models and reference rows, and the users vllm-agent and vllm, too\n'
    exit 0
    ;;
  *) printf 'uninstall: unknown argument "%s": give nothing, or --purge\n' "$1" >&2 && exit 2 ;;
esac
((EUID == 0)) || { printf 'uninstall: this must run as root, not as %s\n' "$(id -un)" >&2 && exit 3; }

units=(vllm-agent-report.path vllm-agent-report.service vllm-agent.service vllm-agent-devices.service
  vllm-agent-cache.service)
if [[ -d /run/systemd/system ]]; then
  systemctl stop "${units[@]}" 2>/dev/null || true
fi
systemctl disable --quiet "${units[@]}" 2>/dev/null || true
for unit in "${units[@]}"; do
  rm -f "/etc/systemd/system/$unit"
done
rm -rf /etc/systemd/system/vllm-agent.service.d /run/vllm-agent
rm -f /etc/tmpfiles.d/vllm-agent.conf /etc/sysusers.d/vllm-agent.conf /etc/logrotate.d/one-appliance \
  /etc/update-motd.d/60-vllm-agent /etc/ca-certificates/update.d/vllm-agent /usr/local/bin/vllm-agent

# one-context's own hook comes back.
rm -f /etc/one-context.d/net-90-service-appliance
if [[ -e /etc/one-appliance/report-ready ]]; then
  mv -fT /etc/one-appliance/report-ready /etc/one-context.d/net-99-report-ready
elif cmp -s /opt/vllm-agent/contextualization/net-99-report-ready /etc/one-context.d/net-99-report-ready; then
  rm -f /etc/one-context.d/net-99-report-ready
fi
rm -rf /etc/one-appliance /var/log/one-appliance
systemctl unmask nginx.service >/dev/null 2>&1 || true

rm -rf /opt/vllm-agent
if [[ -d /run/systemd/system ]]; then
  systemctl daemon-reload
fi
if [[ $purge == yes ]]; then
  # A data disk is let go, not emptied.
  if mountpoint -q /var/lib/vllm-agent/cache; then
    umount /var/lib/vllm-agent/cache
  fi
  rm -rf --one-file-system /var/lib/vllm-agent /etc/vllm-agent
  for user in vllm vllm-agent; do
    if getent passwd "$user" >/dev/null; then
      userdel "$user"
    fi
  done
fi
printf 'uninstall: done; %s\n' "$([[ $purge == yes ]] && echo 'nothing is left' || echo 'the data is in /var/lib/vllm-agent')"
