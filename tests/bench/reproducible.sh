#!/usr/bin/env bash
# Builds the release twice, in two folders, time zones, locales and umasks, some minutes apart, and compares the archives.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

# Copied once: whoever edits this tree meanwhile changes neither build.
mkdir "$work/source"
git ls-files -z --cached --others --exclude-standard | tar -c --null --files-from=- | tar -x -C "$work/source"

build() { # FOLDER UMASK TIME_ZONE LOCALE
  mkdir -p "$work/$1"
  cp -a "$work/source/." "$work/$1"
  (
    umask "$2"
    # As a checkout under this umask has them.
    chmod -R "$(umask -S | tr x X)" "$work/$1"
    export TZ=$3 LC_ALL=$4
    make --no-print-directory -C "$work/$1" dist > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
  )
  sha256sum "$work/$1"/target/vllm-agent-*.tar.gz
}

build one 022 UTC C.UTF-8
build a/longer/folder 077 Pacific/Chatham C

one=$(echo "$work"/one/target/vllm-agent-*.tar.gz) two=$(echo "$work"/a/longer/folder/target/vllm-agent-*.tar.gz)
if ! cmp "$one" "$two"; then
  diff "${one%.tar.gz}/SHA256SUMS" "${two%.tar.gz}/SHA256SUMS" || true
  diff <(tar -tv -f "$one") <(tar -tv -f "$two") || true
  exit 1
fi
echo "the same bytes"
