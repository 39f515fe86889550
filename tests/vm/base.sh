#!/usr/bin/env bash
# Makes the root file system of the test VM, a Debian 12 with the stand-in for one-context, and prints its folder:
# root.tar and disk.qcow2. It is kept under a hash of the recipe, so only the first call takes a minute. SUITE=noble makes
# an Ubuntu 24.04 instead, and needs Ubuntu's keys in /usr/share/keyrings/ubuntu-archive-keyring.gpg.
set -euo pipefail

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
export SOURCE_DATE_EPOCH=1767225600

suite=${SUITE:-bookworm}
case $suite in
  bookworm) kernel=linux-image-amd64 components=main ;;
  noble) kernel=linux-image-virtual components=main,universe ;;
  *) echo "base.sh: SUITE is \"$suite\", and must be bookworm or noble" >&2 && exit 2 ;;
esac

# All that install.sh would fetch is in, so that an installation needs no network.
packages=(
  apt systemd-sysv systemd-resolved libpam-systemd udev dbus kmod procps iproute2 "$kernel" initramfs-tools
  openssh-server ca-certificates curl python3 python3-venv nginx-light logrotate
)
excludes=(
  '/usr/share/doc/*' '/usr/share/man/*' '/usr/share/locale/*' '/usr/share/info/*' '/lib/modules/*/kernel/sound/*'
  '/lib/modules/*/kernel/drivers/'{gpu,media,infiniband,iio,staging,bluetooth,isdn}'/*'
  '/lib/modules/*/kernel/drivers/net/'{wireless,ethernet,usb,can}'/*'
)

hash=$suite-$(cd "$here" && tar --sort=name --mtime=@0 --mode=a=rX --owner=0 --group=0 --numeric-owner -c base.sh disk.sh one-context |
  sha256sum | cut -c 1-16)
folder=${XDG_CACHE_HOME:-$HOME/.cache}/vllm-agent/vm/$hash
if [[ ! -e $folder/disk.qcow2 ]]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  dpkg-deb --root-owner-group --build "$here/one-context" "$work/one-context.deb" >/dev/null
  # Only the drivers of this machine: half a minute less of boot under emulation.
  cat >"$work/customize" <<'SH'
set -e
root=$1
chroot "$root" apt-get install -y -q --no-install-recommends /var/tmp/one-context.deb
rm "$root/var/tmp/one-context.deb"
rm -f "$root"/etc/ssh/ssh_host_*
chroot "$root" systemctl -q mask apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service \
  systemd-resolved.service getty@tty1.service serial-getty@ttyS0.service systemd-networkd-wait-online.service
chroot "$root" systemctl -q disable nginx.service
echo test-vm >"$root/etc/hostname"
echo "LABEL=test-root / ext4 rw,relatime 0 1" >"$root/etc/fstab"
printf 'HostKey /etc/ssh/ssh_host_ed25519_key\n' >"$root/etc/ssh/sshd_config.d/test.conf"
mkdir -p "$root/etc/systemd/system/ssh.service.d"
cat >"$root/etc/systemd/system/ssh.service.d/00-keys.conf" <<'UNIT'
[Service]
ExecStartPre=
ExecStartPre=/bin/sh -c 'test -s /etc/ssh/ssh_host_ed25519_key || ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key'
UNIT
truncate -s 0 "$root/etc/machine-id"
# Where the boot loader looks: Ubuntu has these links in /boot alone.
for link in vmlinuz initrd.img; do
  [ -e "$root/$link" ] || ln -s "boot/$link" "$root/$link"
done
SH
  mmdebstrap --variant=minbase --components="$components" --include="$(IFS=, && echo "${packages[*]}")" \
    "${excludes[@]/#/--dpkgopt=path-exclude=}" \
    --setup-hook='mkdir -p "$1/etc/initramfs-tools/conf.d" "$1/usr/share/initramfs-tools/modules.d"' \
    --setup-hook='echo MODULES=list >"$1/etc/initramfs-tools/conf.d/test"' \
    --setup-hook='printf "%s\n" virtio_pci virtio_blk ext4 >"$1/usr/share/initramfs-tools/modules.d/test"' \
    --customize-hook="copy-in $work/one-context.deb /var/tmp" \
    --customize-hook="sh $work/customize \"\$1\"" \
    "$suite" "$work/root.tar" >&2
  "$here/disk.sh" "$work/root.tar" "$work/disk.qcow2" true >&2
  mkdir -p "$folder"
  mv "$work/one-context.deb" "$work/root.tar" "$folder"
  # Last: what has a disk is whole.
  mv "$work/disk.qcow2" "$folder"
fi
echo "$folder"
