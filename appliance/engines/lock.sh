#!/bin/sh
# Makes the lock files again from their inputs. Pins that still fit are kept; `lock.sh --upgrade` takes
# the newest instead. `lock.sh --check` changes nothing: it says whether the index still offers these releases
# with these checksums, and nothing else is needed. Needs uv on PATH (or in UV).
set -eu
cd "$(dirname "$0")"

if [ "${1:-}" = --check ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    cp -R . "$work"
    # Without their checksums, so that these are asked for again.
    sed -i -e '/^ *--hash=/d' -e 's/ \\$//' "$work"/*.lock
    "$work/lock.sh"
    for lock in *.lock; do
        cmp "$lock" "$work/$lock"
        echo "$lock: as the index has it"
    done
    exit
fi
uv=${UV:-uv}

compile() {
    input=$1 lock=$2
    shift 2
    new=$(mktemp ./.lock.XXXXXX)
    trap 'rm -f "$new"' EXIT
    if [ -f "$lock" ]; then cp "$lock" "$new"; fi
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
        --output-file "$new" "$@" "$input" >/dev/null
    {
        echo "# Made from $input by lock.sh (uv pip compile --universal --python-version 3.11 --generate-hashes):"
        echo "# each release that is installed, and the only files that may be taken for it. Do not edit by hand."
        grep -v '^#' "$new"
    } >"$lock"
    rm -f "$new"
}

upgrade=
if [ "${1:-}" = --upgrade ]; then upgrade=--upgrade; fi
compile bootstrap.in bootstrap.lock $upgrade
compile cpu.in cpu.lock --overrides cpu.overrides --excludes cpu.excludes $upgrade
compile gpu.in gpu.lock $upgrade
compile guidellm.in guidellm.lock $upgrade
