#!/usr/bin/env bash
# Checks packer/ without building: format, validity, and the shell scripts.
set -euo pipefail

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
export CHECKPOINT_DISABLE=1
packer fmt -check -diff "$here"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ssh-keygen -q -t ed25519 -N '' -f "$work/key"
packer validate -var "work=$work" -var "base_url=$work/base.qcow2" -var "base_checksum=md5:$(md5sum </dev/null | cut -c 1-32)" \
  -var "release=$work/key" "$here"
shellcheck "$here"/*.sh "$here"/scripts/*.sh
