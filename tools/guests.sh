#!/bin/sh
# Fetches what the tests boot and is not ours: Debian's kernel and its static busybox, taken out of their packages into
# ${XDG_CACHE_HOME:-~/.cache}/carafe/guests. Nothing is installed, nothing is kept in the tree.
set -eu

guests=${XDG_CACHE_HOME:-$HOME/.cache}/carafe/guests
set -- "$guests"/boot/vmlinuz*
if [ -r "$1" ] && [ -r "$guests/bin/busybox" ]; then exit 0; fi
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || exit 1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
fetch() { apt-get download -q "$1" >/dev/null; }

kernel=$(apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/.*Depends: \(linux-image-[0-9][^ ]*\).*/\1/p' | head -n 1)
if [ -z "$kernel" ]; then
    if [ "$(id -u)" -eq 0 ]; then apt-get update -q >/dev/null; else sudo apt-get update -q >/dev/null; fi
    kernel=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9][^ ]*\).*/\1/p' | head -n 1)
fi
fetch "$kernel"
fetch busybox-static
mkdir -p "$guests"
for package in *.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x -C "$work" --wildcards './boot/vmlinuz*' './bin/busybox' './usr/bin/busybox' 2>/dev/null || true
done
mkdir -p "$guests/boot" "$guests/bin"
if [ -f usr/bin/busybox ]; then mkdir -p bin && mv usr/bin/busybox bin/; fi
mv boot/vmlinuz* "$guests/boot/"
mv bin/busybox "$guests/bin/"
