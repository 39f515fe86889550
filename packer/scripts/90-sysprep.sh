#!/usr/bin/env bash
# Takes away what makes this machine this one: keys, ids, logs, caches, and the way in.
set -euo pipefail

export DEBIAN_FRONTEND=noninteractive
apt-get -q -y autoremove --purge >/dev/null
apt-get -q clean
rm -rf /var/tmp/build /var/lib/apt/lists/* /tmp/* /root/.cache /root/.bash_history

# Each VM makes host keys of its own at its first start.
rm -f /etc/ssh/ssh_host_*
install -d /etc/systemd/system/ssh.service.d
cat >/etc/systemd/system/ssh.service.d/host-keys.conf <<'UNIT'
[Service]
ExecStartPre=
ExecStartPre=/usr/bin/ssh-keygen -A
ExecStartPre=/usr/sbin/sshd -t
UNIT

if command -v cloud-init >/dev/null; then
  cloud-init clean --logs --seed
fi
passwd --quiet --lock root
rm -rf /root/.ssh
truncate -s 0 /etc/machine-id
rm -f /var/lib/dbus/machine-id /var/lib/systemd/random-seed /etc/hostname
find /var/log -type f -exec truncate -s 0 {} +
rm -rf /var/log/journal/*
fstrim -a || true
sync
