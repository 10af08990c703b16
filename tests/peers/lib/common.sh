# What every peer script shares: a folder, a network of its own, steps that are counted, and an end that stops everything it started, each by its own process id.

PEERS=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ROOT=$(cd "$PEERS/../.." && pwd)
DIR=$(mktemp -d "${TMPDIR:-/tmp}/smxp-peers.XXXXXX")
NET=smxp-peers-$$
PASSED=0 FAILED=0 SKIPPED=0
PIDS=()
STOPS=()

chmod 755 "$DIR"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# Servers and clients live in a network namespace of their own: there port 25 and 53 are free, names come from our bind, and nothing leaves.
inside() { ip netns exec "$NET" "$@"; }

network_up() {
    [ "$(id -u)" = 0 ] && command -v ip >/dev/null && ip netns add "$NET" 2>/dev/null && inside true 2>/dev/null || return 1
    mkdir -p "/etc/netns/$NET"
    echo "nameserver 127.0.0.1" > "/etc/netns/$NET/resolv.conf"
    inside ip link set lo up
    # Postfix listens only where an interface has the address.
    for host in 2 3 4; do inside ip address add 127.0.0.$host/8 dev lo; done
}

# start NAME COMMAND…: in the background, its output in NAME.log
start() {
    local name=$1; shift
    ip netns exec "$NET" "$@" > "$DIR/$name.log" 2>&1 &
    PIDS+=($!)
    LAST=$!
}

# before_end COMMAND: for servers that put themselves into the background
before_end() { STOPS+=("$1"); }

finish() {
    local status=$?
    trap - EXIT INT TERM
    for stop in "${STOPS[@]}"; do eval "$stop" > /dev/null 2>&1; done
    for pid in "${PIDS[@]}"; do kill "$pid" 2>/dev/null; done
    for pid in "${PIDS[@]}"; do wait "$pid" 2>/dev/null; done
    ip netns del "$NET" 2>/dev/null
    rm -rf "/etc/netns/$NET"
    if [ "$FAILED" -gt 0 ] || [ -n "${KEEP:-}" ]; then echo "logs: $DIR"; else rm -rf "$DIR"; fi
    printf '%d passed, %d failed, %d skipped\n' "$PASSED" "$FAILED" "$SKIPPED"
    [ "$status" -eq 0 ] && [ "$FAILED" -eq 0 ] || exit 1
    exit 0
}
trap finish EXIT
trap 'exit 130' INT TERM

# step WHAT COMMAND…: one thing that must be true
step() {
    local what=$1; shift
    if "$@" > "$DIR/step.log" 2>&1; then
        PASSED=$((PASSED + 1)); printf 'ok       %s\n' "$what"
    else
        FAILED=$((FAILED + 1)); printf 'FAILED   %s\n' "$what"; tail -n 15 "$DIR/step.log" | sed 's/^/         | /'
    fi
}

skip() { SKIPPED=$((SKIPPED + 1)); printf 'skipped: %s\n' "$1"; }

# has COMMAND PACKAGE…: installs the package where that can be done
has() {
    local command=$1; shift
    command -v "$command" >/dev/null && return
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    [ -n "${APT_UPDATED:-}" ] || { timeout 60 apt-get update -qq >/dev/null 2>&1; APT_UPDATED=1; }
    DEBIAN_FRONTEND=noninteractive timeout 120 apt-get install -y -qq "$@" > "$DIR/install.log" 2>&1
    command -v "$command" >/dev/null
}

# within SECONDS COMMAND…: tries until it is true
within() {
    local end=$((SECONDS + $1)); shift
    until "$@"; do [ $SECONDS -lt $end ] || return 1; sleep 0.2; done
}

listens() { inside bash -c "exec 3<>/dev/tcp/$1/$2" 2>/dev/null; }

# refuses COMMAND…: true where the command fails
refuses() { ! "$@"; }
