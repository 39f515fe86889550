#!/usr/bin/env bash
# the packages of the distribution that the appliance needs
set -euo pipefail

packages=(ca-certificates curl logrotate nginx-light python3 util-linux)
case $ENGINES in
  # PyTorch and Triton compile small programs while vLLM starts.
  gpu | cpu | gpu,cpu) packages+=(g++ python3-dev python3-venv) ;;
  *) ;;
esac

# The agent runs an nginx of its own; the distribution's service would take port 80.
systemctl mask nginx.service >/dev/null 2>&1
if [[ -d /run/systemd/system ]]; then
  systemctl stop nginx.service
fi

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [[ $state == installed ]] || missing+=("$package")
done
if ((${#missing[@]})); then
  printf 'missing: %s\n' "${missing[*]}"
  apt-get -q -o DPkg::Lock::Timeout=600 update
  apt-get -q -y -o DPkg::Lock::Timeout=600 --no-install-recommends install "${missing[@]}"
fi
rm -f /etc/nginx/sites-enabled/default
