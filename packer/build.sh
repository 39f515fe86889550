#!/usr/bin/env bash
# Builds the appliance image: build.sh WORK BASE CHECKSUM RELEASE.tar [packer's -var options]. The image, its manifest and
# the console's log are in WORK afterwards. KVM is used where it can be; ACCELERATOR=tcg does without.
set -euo pipefail

if (($# < 4)); then
  sed -n '2,3s/^# //p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
mkdir -p "$1"
work=$(readlink -f -- "$1")
base=$2 checksum=$3 release=$4
shift 4

accelerator=${ACCELERATOR:-}
if [[ -z $accelerator ]]; then
  accelerator=tcg
  [[ ! -r /dev/kvm || ! -w /dev/kvm ]] || accelerator=kvm
fi
cpu=host
[[ $accelerator == kvm ]] || cpu=EPYC

# A key for this build alone. The disk serves both one-context (context.sh) and, labelled cidata, cloud-init.
rm -rf "$work/key" "$work/key.pub" "$work/context" "$work/context.iso" "$work/image" "$work/console.log"
ssh-keygen -q -t ed25519 -N '' -C build -f "$work/key"
mkdir "$work/context"
public=$(<"$work/key.pub")
printf "SSH_PUBLIC_KEY='%s'\nNETWORK='YES'\n" "$public" >"$work/context/context.sh"
printf 'instance-id: build\n' >"$work/context/meta-data"
cat >"$work/context/user-data" <<YAML
#cloud-config
disable_root: false
users:
  - name: root
    ssh_authorized_keys: ["$public"]
YAML
xorriso -as mkisofs -quiet -J -r -V "${SEED_LABEL:-CONTEXT}" -o "$work/context.iso" "$work/context"

export CHECKPOINT_DISABLE=1 PACKER_CACHE_DIR=$work/cache
exec packer build -color=false -var "work=$work" -var "base_url=$base" -var "base_checksum=$checksum" \
  -var "release=$release" -var "accelerator=$accelerator" -var "cpu=$cpu" "$@" "$here"
