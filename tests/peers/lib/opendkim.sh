# OpenDKIM at 127.0.0.4: signs what Postfix sends for old.test, verifies what comes in.

opendkim_keys() {
    has opendkim opendkim opendkim-tools && has opendkim-genkey opendkim-tools || return 1
    mkdir -p "$DIR/opendkim"
    (cd "$DIR/opendkim" && opendkim-genkey -d old.test -s peers -b 2048)
}

# A TXT record in pieces, as the tool writes it.
opendkim_record() { [ -f "$DIR/opendkim/peers.txt" ] && cat "$DIR/opendkim/peers.txt"; }

opendkim_start() {
    [ -f "$DIR/opendkim/peers.private" ] || return 1
    cat > "$DIR/opendkim/opendkim.conf" <<EOF
Socket inet:8891@127.0.0.4
Domain old.test
Selector peers
KeyFile $DIR/opendkim/peers.private
Mode sv
InternalHosts 127.0.0.1,127.0.0.3
ExternalIgnoreList 127.0.0.1,127.0.0.3
AuthservID mail.old.test
AlwaysAddARHeader yes
RequireSafeKeys no
Syslog no
Nameservers 127.0.0.1
ResolverConfiguration $DIR/opendkim/unbound.conf
EOF
    # Its resolver answers by itself, and with no, for "test." (RFC 6761), and asks nobody on this machine.
    cat > "$DIR/opendkim/unbound.conf" <<EOF
server:
 local-zone: "test." nodefault
 do-not-query-localhost: no
EOF
    start opendkim opendkim -f -x "$DIR/opendkim/opendkim.conf"
    within 10 listens 127.0.0.4 8891
}
