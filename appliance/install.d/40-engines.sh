#!/usr/bin/env bash
# vLLM and GuideLLM
set -euo pipefail

link() {
  install -d -m 0755 "$HOME_OF_AGENT/engines/bin"
  ln -sfnT "$2" "$HOME_OF_AGENT/engines/bin/$1"
}

case $ENGINES in
  none) ;;
  /*)
    for program in vllm guidellm python; do
      link "$program" "$ENGINES/bin/$program"
    done
    ;;
  *)
    printf 'not yet\n' >&2
    exit 1
    ;;
esac
