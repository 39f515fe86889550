#!/usr/bin/env bash
# the certificates that the agent trusts, and its class archive
set -euo pipefail

trusted=$HOME_OF_AGENT/runtime/lib/security/cacerts
if [[ ! -e $HOME_OF_AGENT/runtime ]]; then
  printf 'there is no runtime in this tree: a JDK 25 of this machine runs the agent\n'
elif [[ ! -e $HOME_OF_AGENT/lib/agent.jsa || ! $trusted -nt /etc/ssl/certs/ca-certificates.crt ]]; then
  "$HOME_OF_AGENT/bin/vllm-agent-prepare"
fi
