# Finds a JDK 25 or newer. Sourced by carafe and test; starts no process except the JDKs' own `java` where there is no
# `release` file to read.
#
# find_jdk sets JAVA_HOME, or prints one sentence and returns 1.

CARAFE_JDK=25

# jdk_version DIRECTORY: the feature version in $jdk_feature, or 0.
jdk_version() {
    jdk_feature=0
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
    if [ -r "$1/release" ]; then
        while IFS='=' read -r jdk_key jdk_value; do
            case $jdk_key in
                JAVA_VERSION) jdk_feature=${jdk_value#\"} ;;
            esac
        done <"$1/release"
    else
        jdk_feature=$("$1/bin/java" -version 2>&1 | sed -n '1s/^[^"]*"\([0-9]*\).*/\1/p')
    fi
    jdk_feature=${jdk_feature%%[!0-9]*}
    jdk_feature=${jdk_feature:-0}
}

find_jdk() {
    jdk_on_path=$(command -v java || :)
    if [ -n "$jdk_on_path" ]; then
        jdk_on_path=$(readlink -f "$jdk_on_path" 2>/dev/null || printf %s "$jdk_on_path")
        jdk_on_path=${jdk_on_path%/bin/java}
    fi
    for jdk_home in "${JAVA_HOME:-}" "$jdk_on_path" \
        /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        [ -n "$jdk_home" ] || continue
        jdk_version "$jdk_home"
        if [ "$jdk_feature" -ge "$CARAFE_JDK" ]; then
            JAVA_HOME=$jdk_home
            export JAVA_HOME
            return 0
        fi
    done
    echo "carafe: no JDK $CARAFE_JDK or newer found: install one (for example Temurin $CARAFE_JDK, package temurin-$CARAFE_JDK-jdk) and set JAVA_HOME to it" >&2
    return 1
}

# need_maven: one sentence and status 1 where there is no mvn.
need_maven() {
    command -v mvn >/dev/null || {
        echo "carafe: no mvn on PATH: install Maven 3.8 or newer (package maven) to build Carafe" >&2
        return 1
    }
}
