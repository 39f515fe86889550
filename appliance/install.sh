#!/usr/bin/env bash
# Installs the appliance in this machine: Debian 12 or Ubuntu 24.04, x86_64, as root. Each step of install.d changes
# only what is not yet as it should be, so running this again resumes, repairs or upgrades.
set -euo pipefail

usage() {
  cat <<'USAGE'
install.sh [--engines WHAT] [--check]

Installs the release that this script lies in into /opt/vllm-agent, with its users, folders, units and hooks. Nothing is
asked; the VM's context starts the agent at the next boot.

  --engines WHAT  what serves and measures (default gpu,cpu):
                  gpu, cpu or gpu,cpu  vLLM for these and GuideLLM, fetched as the lock files say
                  DIR                  a folder with bin/vllm, bin/guidellm and bin/python that is there already
                  none                 nothing; the agent says so when it starts
  --check         changes nothing: says whether this machine can be installed on

Exit codes: 0 done, 1 a step failed (its name and how to go on are the last line), 2 wrong usage, 3 not this machine.
USAGE
}

fail() {
  local code=$1
  shift
  printf 'install: %s\n' "$*" >&2
  exit "$code"
}

engines=gpu,cpu check_only=no
while (($#)); do
  case $1 in
    --engines)
      [[ -n ${2:-} ]] || fail 2 "--engines needs a value: gpu, cpu, gpu,cpu, none or a folder"
      engines=$2
      shift 2
      ;;
    --check) check_only=yes && shift ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && fail 2 "unknown argument \"$1\"" ;;
  esac
done
case $engines in
  gpu | cpu | gpu,cpu | none) ;;
  /*)
    for program in vllm guidellm python; do
      [[ -x $engines/bin/$program ]] || fail 2 "--engines $engines has no program bin/$program"
    done
    ;;
  *) fail 2 "--engines \"$engines\" must be gpu, cpu, gpu,cpu, none or the absolute path of a folder" ;;
esac

tree=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
[[ -d $tree/lib && -d $tree/contextualization ]] ||
  fail 3 "$tree is no release: unpack a whole one; in a checkout run \`make dist\`, then target/dist/install.sh"

((EUID == 0)) || fail 3 "this must run as root, not as $(id -un)"
[[ $(uname -m) == x86_64 ]] || fail 3 "the engines are for x86_64, and this machine is $(uname -m)"
[[ -r /etc/os-release ]] || fail 3 "/etc/os-release is missing: Debian 12 or Ubuntu 24.04 is needed"
# shellcheck source=/dev/null
system=$(. /etc/os-release && printf '%s %s' "${ID:-unknown}" "${VERSION_ID:-}")
case $system in
  'debian 12' | 'ubuntu 24.04') ;;
  *) fail 3 "this is $system: Debian 12 or Ubuntu 24.04 is needed" ;;
esac
[[ $check_only == no ]] || { printf 'install: %s is right\n' "$system" && exit 0; }

exec 9<"$tree/install.sh"
flock --nonblock 9 || fail 1 "another install is at work: wait for it to end"

export TREE=$tree ENGINES=$engines HOME_OF_AGENT=/opt/vllm-agent STATE=/var/lib/vllm-agent
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive
umask 022
for step in "$tree"/install.d/[0-9]*.sh; do
  name=$(basename -- "$step" .sh)
  printf 'install: %s: %s\n' "$name" "$(sed -n '2s/^# //p' "$step")"
  if ! bash "$step" </dev/null 9>&-; then
    fail 1 "step $name failed, see above; when that is mended, run $tree/install.sh again: it goes on from there"
  fi
done
printf 'install: done; the agent starts at the next boot, when the context comes\n'
