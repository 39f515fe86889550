#!/usr/bin/env bash
# Writes down what is in the image, for its manifest.
set -euo pipefail

# The first line of what a command prints; empty when it is not there.
version() {
  "$@" 2>/dev/null | head -n 1 || true
}

# A value of /etc/os-release, which is a shell script.
system() (
  # shellcheck source=/dev/null
  . /etc/os-release
  printf '%s' "${!1:-}"
)

# vLLM itself says nothing where there is no GPU.
engines=/opt/vllm-agent/engines/bin
# shellcheck disable=SC2016 # dpkg-query fills in its own ${}
facts=(
  system "$(system PRETTY_NAME)"
  os-id "$(system ID)"
  os-release "$(system VERSION_ID)"
  kernel "$(uname -r)"
  one-context "$(version dpkg-query -W -f='${Version}\n' one-context)"
  nvidia-driver "$NVIDIA_DRIVER"
  nvidia-driver-version "$(version dpkg-query -W -f='${Version}\n' "nvidia-utils-${NVIDIA_DRIVER%-open}")"
  agent "$(version vllm-agent version)"
  vllm "$(version "$engines/python" -c 'from importlib.metadata import version; print(version("vllm"))')"
  guidellm "$(version "$engines/guidellm" --version)"
)
python3 - "${facts[@]}" >/var/tmp/build/versions.json <<'PYTHON'
import json, sys
words = sys.argv[1:]
print(json.dumps({name: value for name, value in zip(words[::2], words[1::2]) if value}, indent=2))
PYTHON
