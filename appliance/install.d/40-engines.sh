#!/usr/bin/env bash
# vLLM and GuideLLM
set -euo pipefail

programs=$HOME_OF_AGENT/engines/bin
install -d -m 0755 "$programs"

link() {
  if [[ $(readlink "$programs/$1") != "$2" ]]; then
    ln -sfnT "$2" "$programs/$1"
  fi
}

# Each in an environment of its own; what they have in common is on the disk once, by hard links.
downloads=$HOME_OF_AGENT/downloads
fetch() {
  python3 "$HOME_OF_AGENT/engines/install.py" --set "$1" --cache "$(dirname -- "$HOME_OF_AGENT")" --downloads "$downloads"
}

case $ENGINES in
  none) ;;
  /*)
    for program in vllm guidellm python; do
      link "$program" "$ENGINES/bin/$program"
    done
    ;;
  gpu | cpu)
    vllm=$(fetch "$ENGINES")
    guidellm=$(fetch guidellm)
    link vllm "$vllm/bin/vllm"
    link python "$vllm/bin/python"
    link guidellm "$guidellm/bin/guidellm"
    ;;
  gpu,cpu)
    gpu=$(fetch gpu)
    cpu=$(fetch cpu)
    guidellm=$(fetch guidellm)
    wrapper=$(printf '%s\n' '#!/bin/sh' '# A plan for the CPU says how large its cache is.' \
      "if [ -n \"\${VLLM_CPU_KVCACHE_SPACE:-}\" ]; then exec $cpu/bin/vllm \"\$@\"; fi" \
      "exec $gpu/bin/vllm \"\$@\"")
    if [[ -L $programs/vllm || $(cat "$programs/vllm" 2>/dev/null) != "$wrapper" ]]; then
      rm -f "$programs/vllm"
      printf '%s\n' "$wrapper" >"$programs/vllm"
      chmod 0755 "$programs/vllm"
    fi
    link python "$gpu/bin/python"
    link guidellm "$guidellm/bin/guidellm"
    ;;
esac
rm -rf "$downloads"
