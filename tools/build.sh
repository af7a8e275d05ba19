# Builds what ./carafe starts. Sourced by it where the tree is not built; $root and $built are set. Leaves $java set.

. "$root/tools/find-jdk.sh"

# carafe_build: packages the product with Maven and remembers the JDK, for every later start.
carafe_build() {
    find_jdk || return 1
    need_maven || return 1
    echo "carafe: building Carafe with $JAVA_HOME; this happens once" >&2
    (
        cd "$root" || exit 1
        MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}"
        export MAVEN_OPTS
        exec mvn -q -B -Pquick -Dmaven.test.skip=true -pl tools/cli -am package </dev/null >&2
    ) || {
        echo "carafe: the build failed; the lines above say why" >&2
        return 1
    }
    java=$JAVA_HOME/bin/java
    printf '%s\n' "$java" >"$built/dist/java" || return 1
}

# carafe_train: makes the ahead-of-time cache (JEP 514) by one boot of the guest kernel, named as people name theirs and with the
# options that most runs have: what they load is in the cache. Without it Carafe only starts more slowly, so a failure is
# remembered as an empty file and not reported.
carafe_train() {
    echo "carafe: preparing the start-up cache; this happens once per build" >&2
    train_limit=
    set --
    train_kernel=$root/guest-kernel/target/guest/kernel.elf
    if [ -r "$train_kernel" ]; then set -- -kernel "$train_kernel"; fi
    if command -v timeout >/dev/null; then train_limit='timeout 60'; fi
    # shellcheck disable=SC2086 # empty or a command with its argument; a list of options
    if $train_limit "$java" "-XX:AOTCacheOutput=$built/dist/carafe.aot.$$" -Xlog:disable $jvm \
        -cp "$built/dist/lib/data.jar:$built/dist/lib/carafe-cli.jar" dev.carafe.tools.cli.Main -smp 4 -m 256M -display none -monitor none \
        -serial stdio -no-reboot -device isa-debug-exit,iobase=0xf4,iosize=0x04 "$@" \
        </dev/null >/dev/null 2>&1 && [ -s "$built/dist/carafe.aot.$$" ]; then
        mv "$built/dist/carafe.aot.$$" "$built/dist/carafe.aot"
    else
        rm -f "$built/dist/carafe.aot.$$" "$built/dist/carafe.aot.$$.config"
        : >"$built/dist/carafe.aot"
    fi
}
