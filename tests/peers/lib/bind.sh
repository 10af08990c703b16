# bind9 at 127.0.0.1: smxp.test (the gateway's) and old.test (Postfix's and Dovecot's).

bind_start() {
    has named bind9 bind9-dnsutils || return 1
    mkdir -p "$DIR/bind"
    cat > "$DIR/bind/named.conf" <<EOF
options { directory "$DIR/bind"; pid-file "$DIR/bind/named.pid"; session-keyfile "$DIR/bind/session.key";
 listen-on port 53 { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; allow-transfer { none; }; dnssec-validation no; };
controls { };
zone "smxp.test" { type primary; file "smxp.test.zone"; };
zone "old.test" { type primary; file "old.test.zone"; };
zone "0.0.127.in-addr.arpa" { type primary; file "reverse.zone"; };
EOF
    bind_zone smxp.test <<EOF
@ IN MX 10 gw
@ IN TXT "v=spf1 ip4:127.0.0.2 ip4:127.0.0.1 -all"
_dmarc IN TXT "v=DMARC1; p=reject"
gw IN A 127.0.0.2
$(gateway_records)
EOF
    bind_zone old.test <<EOF
@ IN MX 10 mail
@ IN TXT "v=spf1 ip4:127.0.0.3 -all"
_dmarc IN TXT "v=DMARC1; p=none"
mail IN A 127.0.0.3
nomail IN MX 0 .
backup IN MX 10 dead.old.test.
backup IN MX 20 mail
dead IN A 127.0.0.99
$(opendkim_record)
EOF
    bind_zone 0.0.127.in-addr.arpa reverse.zone <<EOF
2 IN PTR gw.smxp.test.
3 IN PTR mail.old.test.
EOF
    chmod -R a+rX "$DIR/bind"
    start bind named -f -4 -n 1 -c "$DIR/bind/named.conf"
    BIND_PID=$LAST
    within 10 answers smxp.test MX
}

# bind_zone ORIGIN [FILE]: the zone with the records that come in
bind_zone() {
    { printf '$ORIGIN %s.\n$TTL 60\n@ IN SOA ns.%s. hostmaster.%s. 1 3600 600 86400 60\n@ IN NS ns.%s.\n' "$1" "$1" "$1" "$1"
      case $1 in *.arpa) ;; *) echo "ns IN A 127.0.0.1" ;; esac
      cat; } > "$DIR/bind/${2:-$1.zone}"
}

# What the gateway says is to be published for its domain, as `domain add` and `bridge dkim show` print it.
gateway_records() {
    grep -o '"v=SMXP1[^"]*"' "$DIR/domain.json" | sort -u | sed 's/^/_smxpkey IN TXT /'
    grep -A 1 '"type": *"SVCB"' "$DIR/domain.json" | grep -o '"value": *"[^"]*"' | cut -d'"' -f4 | sed 's/^/_smxp IN SVCB /'
    smxp bridge dkim show smxp.test
}

answers() { inside dig +short +time=1 +tries=1 @127.0.0.1 "$1" "$2" | grep -q .; }
