#!/bin/sh
# Makes what the image contains out of a checkout: the compiled package and its production dependencies, nothing else.
# The Dockerfile runs it, and so does CI in a clean directory, where no Docker engine is needed.
#
#   sh deploy/build-image-root.sh CHECKOUT TARGET
set -eu
[ $# -eq 2 ] || { echo "usage: build-image-root.sh CHECKOUT TARGET" >&2; exit 2; }
checkout=$(cd "$1" && pwd)
mkdir -p "$2"
target=$(cd "$2" && pwd)
[ -z "$(ls -A "$target")" ] || { echo "$target is not empty. Name a folder that is." >&2; exit 2; }

cd "$checkout"
npm ci --no-audit --no-fund
npm run -s build

cp package.json package-lock.json LICENSE "$target"
cp -R dist "$target/dist"
# The bundle of the GitHub action has no use in a container.
rm -rf "$target/dist/action"

cd "$target"
npm ci --omit=dev --no-audit --no-fund --ignore-scripts
rm -f package-lock.json
