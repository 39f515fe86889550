#!/usr/bin/env bash
# Measures and certifies the model that this VM serves, with live progress; installed as /root/benchmark.sh. It finds
# server, model, GPUs and settings by itself, and takes the options of `vllm-agent benchmark --help`, such as --samples.
# Exit code: 0 CERTIFIED, 60 NOT_CERTIFIED, 61 INCONCLUSIVE, 62 VOID, 130 stopped by Ctrl-C, else docs/exit-codes.md.
set -euo pipefail

# Where the appliance lies, the user of its daemon, and the user of vLLM and GuideLLM.
agent=${VLLM_AGENT:-/opt/vllm-agent/bin/vllm-agent}
daemon=vllm-agent
engines=vllm

if [[ ! -x $agent ]]; then
  printf 'benchmark.sh: there is no agent at %s: run this in the appliance, or name it with VLLM_AGENT\n' "$agent" >&2
  exit 127
fi
command=("$agent" benchmark --exit-by-verdict)

# What root would write the daemon could not write again, and a stranger's tokeniser must not run as root: so it runs as
# the daemon does, with the few capabilities that its unit has.
if [[ $EUID -eq 0 ]] && id "$daemon" >/dev/null 2>&1; then
  caps=+setuid,+setgid,+kill
  cd /var/lib/vllm-agent
  groups=$(id -Gn "$daemon")
  exec setpriv --reuid "$daemon" --regid "$daemon" --groups "${groups// /,},$engines" --no-new-privs \
    --bounding-set "-all,$caps" --inh-caps "-all,$caps" --ambient-caps "-all,$caps" \
    -- "${command[@]}" --run-as "$engines" "$@"
fi
exec "${command[@]}" "$@"
