#!/usr/bin/env bash
# Becomes a systemd of its own that runs the appliance's unit as it is: started by machine.py in new
# namespaces, so that every mount here is gone with it. Arguments: this checkout, a scratch folder.
set -euo pipefail
house=$1
scratch=$2

mount --make-rprivate /
mount -t proc proc /proc
if [[ $(stat -fc %T /sys/fs/cgroup) == cgroup2fs ]]; then
  umount /sys/fs/cgroup
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
fi
for folder in /run /opt /var/lib; do
  mount -t tmpfs -o mode=0755 tmpfs "$folder"
done
ip link set lo up

# The users of the appliance, in this mount namespace alone.
for name in passwd group; do
  cp "/etc/$name" "$scratch/$name"
done
id=64101
for user in vllm-agent vllm; do
  printf '%s:x:%d:%d::/nonexistent:/usr/sbin/nologin\n' "$user" "$id" "$id" >>"$scratch/passwd"
  printf '%s:x:%d:\n' "$user" "$id" >>"$scratch/group"
  id=$((id + 1))
done
for name in passwd group; do
  mount --bind "$scratch/$name" "/etc/$name"
done

cp -r "$house/target/dist" /opt/vllm-agent
cp -r "$house/tests/standins/." /opt/vllm-agent/engines
install -d -o vllm-agent -g vllm-agent -m 0711 /var/lib/vllm-agent
install -d -m 0755 /var/lib/vllm-agent/models
cp -r "$house/tests/standins/model" /var/lib/vllm-agent/models/tiny
install -d -o root -g vllm-agent -m 0750 /run/vllm-agent

units=$scratch/units
mkdir -p "$units/vllm-agent.service.d"
cp "$house"/appliance/systemd/*.service "$units"
for target in test sysinit basic shutdown network-online; do
  printf '[Unit]\nDescription=%s\n' "$target" >"$units/$target.target"
done
cat >"$units/vllm-agent.service.d/test.conf" <<'CONF'
[Service]
RestartSec=1
WatchdogSec=15
StandardOutput=append:/run/agent.log
StandardError=append:/run/agent.log
CONF

export container=test SYSTEMD_UNIT_PATH=$units
exec /lib/systemd/systemd --system --unit=test.target --show-status=no --log-target=console
