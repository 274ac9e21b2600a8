# SPDX-License-Identifier: Apache-2.0
# Finds a Java 25 or newer. Sourced by both `gantry` scripts; bash 3.2 is enough.

GANTRY_JAVA_NEEDED=25

# Whether a Java home is new enough. $1: the home; $2: the program that must be in it, java or javac.
java_home_fits() {
    local line major=""
    [ -n "$1" ] && [ -x "$1/bin/$2" ] || return 1
    if [ -r "$1/release" ]; then
        while IFS= read -r line; do
            case $line in
                JAVA_VERSION=*) major=${line#JAVA_VERSION=} ;;
            esac
        done <"$1/release"
    fi
    if [ -z "$major" ]; then
        major=$("$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
    fi
    major=${major#\"}
    major=${major%%[!0-9]*}
    [ -n "$major" ] && [ "$major" -ge "$GANTRY_JAVA_NEEDED" ]
}

# The home of a program on PATH, through symbolic links. $1: java or javac.
java_home_on_path() {
    local program target
    program=$(command -v "$1" 2>/dev/null) || return 1
    while [ -L "$program" ]; do
        target=$(readlink "$program")
        case $target in
            /*) program=$target ;;
            *) program=$(dirname "$program")/$target ;;
        esac
    done
    (cd "$(dirname "$program")/.." 2>/dev/null && pwd -P)
}

# Prints the home of the first Java that fits. $1: java (to run) or javac (to build); fails when there is none.
find_java_home() {
    local home
    for home in \
        "${JAVA_HOME:-}" \
        "$(java_home_on_path "$1")" \
        "${GANTRY_JAVA_FOLDERS:-/usr/lib/jvm}"/* \
        "${GANTRY_JAVA_FOLDERS:-/opt}"/* \
        "${GANTRY_JAVA_FOLDERS:-${HOME:-/nonexistent}/.sdkman/candidates/java}"/* \
        "${GANTRY_JAVA_FOLDERS:-/Library/Java/JavaVirtualMachines}"/*/Contents/Home; do
        if java_home_fits "$home" "$1"; then
            printf '%s\n' "$home"
            return 0
        fi
    done
    return 1
}
