#!/usr/bin/env bash
# disk.sh ROOT.tar DISK.qcow2 COMMAND...: unpacks a root file system, runs the command with the unpacked folder as its last
# argument, and makes of it a disk that boots by UEFI. No loop device and no mount: a user namespace is enough.
set -euo pipefail

# Mounts and processes of the command end with this.
if [[ ${DISK_NAMESPACE:-} != yes ]]; then
  namespace=(--mount --pid --fork --kill-child)
  ((EUID == 0)) || namespace+=(--map-auto --map-root-user)
  DISK_NAMESPACE=yes exec unshare "${namespace[@]}" "${BASH_SOURCE[0]}" "$@"
fi
tar=$1 disk=$2
shift 2
work=$(mktemp -d "$(dirname -- "$(readlink -f -- "$disk")")/disk.XXXXXX")
trap 'rm -rf "$work"' EXIT

mkdir "$work/root"
tar -x -C "$work/root" --numeric-owner --exclude='./dev/*' -f "$tar"
"$@" "$work/root"

# The firmware starts GRUB from the first partition; GRUB finds kernel and initrd by the label of the second.
cat >"$work/grub.cfg" <<'CFG'
search --no-floppy --label test-root --set root
linux /vmlinuz root=LABEL=test-root rw console=ttyS0 quiet systemd.show_status=0 systemd.journald.forward_to_console=1
initrd /initrd.img
boot
CFG
grub-mkimage -O x86_64-efi -p / -c "$work/grub.cfg" -o "$work/BOOTX64.EFI" \
  part_gpt ext2 search search_label linux normal gzio echo
size=$((4 * 1024)) start=1 esp=16
truncate -s "${size}M" "$work/disk.raw"
sgdisk -n "1:${start}M:+${esp}M" -t 1:ef00 -n "2:$((start + esp))M:0" -t 2:8300 "$work/disk.raw" >/dev/null
truncate -s "${esp}M" "$work/esp"
mkfs.fat -n ESP "$work/esp" >/dev/null
mmd -i "$work/esp" ::/EFI ::/EFI/BOOT
mcopy -i "$work/esp" "$work/BOOTX64.EFI" ::/EFI/BOOT/
dd if="$work/esp" of="$work/disk.raw" bs=1M seek="$start" conv=notrunc status=none
mke2fs -q -t ext4 -L test-root -d "$work/root" -E "offset=$(((start + esp) << 20)),root_owner=0:0" \
  "$work/disk.raw" "$((size - start - esp - 1))M"
qemu-img convert -O qcow2 "$work/disk.raw" "$work/disk.qcow2"
mv "$work/disk.qcow2" "$disk"
