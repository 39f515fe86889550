#!/usr/bin/env bash
# the agent, its runtime and its data in /opt/vllm-agent
set -euo pipefail

install -d -m 0755 "$HOME_OF_AGENT"
# Reference rows of the site.
install -d -m 0755 /etc/vllm-agent /etc/vllm-agent/reference

# One entry of the tree, whole or not at all; one that is the same stays, with its times. What later steps make in
# it is no difference: the links in engines/bin, the class archive, the certificates.
put() {
  local from=$1 to=$HOME_OF_AGENT/$2
  if [[ $from -ef $to ]]; then
    return
  fi
  if [[ -e $to ]] && diff --recursive --brief --exclude=bin --exclude=agent.jsa --exclude=cacerts "$from" "$to" >/dev/null &&
    { [[ ! -d $from/bin ]] || diff --recursive --brief "$from/bin" "$to/bin" >/dev/null; }; then
    return
  fi
  printf 'new: %s\n' "$to"
  rm -rf "$to.new" "$to.old"
  cp --recursive --preserve=mode,timestamps "$from" "$to.new"
  chown --recursive root:root "$to.new"
  chmod --recursive u=rwX,go=rX "$to.new"
  if [[ -d $to/bin && ! -e $from/bin ]]; then
    cp --archive "$to/bin" "$to.new/bin"
  fi
  if [[ -e $to ]]; then
    mv -T "$to" "$to.old"
  fi
  mv -T "$to.new" "$to"
  rm -rf "$to.old"
}

for entry in "$TREE"/*; do
  put "$entry" "$(basename -- "$entry")"
done
if [[ $(readlink /usr/local/bin/vllm-agent) != "$HOME_OF_AGENT/bin/vllm-agent" ]]; then
  ln -sfnT "$HOME_OF_AGENT/bin/vllm-agent" /usr/local/bin/vllm-agent
fi
if [[ $(readlink /root/benchmark.sh) != "$HOME_OF_AGENT/benchmark.sh" ]]; then
  ln -sfnT "$HOME_OF_AGENT/benchmark.sh" /root/benchmark.sh
fi
