#!/usr/bin/env bash
# appliance.sh TREE DISK.qcow2: the test VM's disk with the appliance in it, installed by the tree's own install.sh, and
# with stand-ins for vLLM and GuideLLM: emulated CPUs are too slow for them.
set -euo pipefail

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")

# Runs on the unpacked root file system, in namespaces of disk.sh's own.
into() {
  local tree=$1 root=$2 model
  mkdir -p "$root/opt/test-engines/bin"
  cp -r "$here/../standins/bin" "$here/../standins/standin" "$here/../standins/logs" "$root/opt/test-engines/"
  ln -s /usr/bin/python3 "$root/opt/test-engines/bin/python"
  for model in first second; do
    mkdir -p "$root/opt/test-models/$model"
    cp "$here/../standins/model/config.json" "$root/opt/test-models/$model/"
    printf '{"device": "cpu", "ttft_ms": 200, "itl_ms": 100, "max_concurrency": 4}\n' >"$root/opt/test-models/$model/standin.json"
  done
  mkdir "$root/var/tmp/tree"
  cp -r "$tree/." "$root/var/tmp/tree/"
  chmod -R u+rwX,go+rX "$root/opt/test-engines" "$root/opt/test-models"
  mount -t proc proc "$root/proc"
  mount -t tmpfs tmpfs "$root/run"
  mount --rbind /dev "$root/dev"
  chroot "$root" /var/tmp/tree/install.sh --engines /opt/test-engines
  umount -R -l "$root/dev" "$root/run" "$root/proc"
  rm -rf "$root/var/tmp/tree"
}

if [[ $1 == --into ]]; then
  into "$2" "$3"
else
  base=$("$here/base.sh")
  "$here/disk.sh" "$base/root.tar" "$2" "${BASH_SOURCE[0]}" --into "$1"
fi
