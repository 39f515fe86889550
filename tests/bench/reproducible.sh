#!/usr/bin/env bash
# Builds the release twice, in two folders, time zones, locales and umasks, some minutes apart, and compares the archives.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

build() { # FOLDER UMASK TIME_ZONE LOCALE
  mkdir -p "$work/$1"
  git ls-files -z --cached --others --exclude-standard | tar -c --null --files-from=- | tar -x -C "$work/$1"
  (
    umask "$2"
    export TZ=$3 LC_ALL=$4
    make --no-print-directory -C "$work/$1" dist > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
  )
  sha256sum "$work/$1"/target/vllm-agent-*.tar.gz
}

build one 022 UTC C.UTF-8
build a/longer/folder 077 Pacific/Chatham C
cmp "$work"/one/target/vllm-agent-*.tar.gz "$work"/a/longer/folder/target/vllm-agent-*.tar.gz
echo "the same bytes"
