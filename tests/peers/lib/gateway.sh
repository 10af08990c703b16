# The gateway under test: smxp.test at 127.0.0.2, alice and bob in it.

GATEWAY=127.0.0.2
API=http://$GATEWAY:7777/.smxp
SECRET=peers-admin-secret
PASSWORD='correct horse'

gateway_build() {
    local configuration=${CONFIGURATION:-Release}
    dotnet build "$ROOT/src/Smxp.Host" -c "$configuration" -v q -nologo > "$DIR/build.log" 2>&1 || { tail -n 20 "$DIR/build.log"; return 1; }
    SMXP="$ROOT/src/Smxp.Host/bin/$configuration/net10.0/Smxp.Host.dll"
}

gateway_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=gw.smxp.test -addext subjectAltName=DNS:gw.smxp.test,IP:$GATEWAY \
        -keyout "$DIR/gateway.key" -out "$DIR/gateway.pem" 2>/dev/null
}

gateway_settings() {
    cat > "$DIR/gateway.env" <<EOF
Smxp__DataDirectory=$DIR/gateway
Smxp__AdminSecret=$SECRET
Smxp__PublicHost=gw.smxp.test
Smxp__PublicPort=7777
Smxp__Dns__0__Driver=system
Smxp__Dns__0__Servers__0=127.0.0.1:53
Smxp__Bridge__Email__HostName=gw.smxp.test
Smxp__Bridge__Email__Smtp__Listen__0=$GATEWAY:25
Smxp__Bridge__Email__Smtp__CertificateFile=$DIR/gateway.pem
Smxp__Bridge__Email__Smtp__CertificateKeyFile=$DIR/gateway.key
Smxp__Bridge__Email__Outbound__AllowPrivateNetworks=true
Smxp__Bridge__Email__Outbound__HoldSeconds=2
Smxp__Bridge__Email__Trust__SkipFor__0=192.0.2.0/24
EOF
}

gateway_start() {
    start gateway env $(cat "$DIR/gateway.env") "$@" dotnet "$SMXP" serve --urls "http://$GATEWAY:7777"
    GATEWAY_PID=$LAST
    within 30 inside curl -sf "$API/health" -o /dev/null
}

smxp() { SMXP_ADMIN_SECRET=$SECRET inside dotnet "$SMXP" "$@" --server "http://$GATEWAY:7777"; }

gateway_people() {
    smxp domain add smxp.test --json > "$DIR/domain.json" || return 1
    for name in alice bob; do echo "$PASSWORD" | smxp address add "$name@smxp.test" --password-stdin || return 1; done
    TOKEN=$(sign_in alice) && [ -n "$TOKEN" ]
}

sign_in() {
    inside curl -sf "$API/auth/login" -H 'Content-Type: application/json' -d "{\"alias\":\"$1\",\"domain\":\"smxp.test\",\"password\":\"$PASSWORD\"}" | member token
}

# member NAME: the first string member of that name in the JSON that comes in
member() { grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d'"' -f4; }

api() { local path=$1; shift; inside curl -sf "$API/$path" -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' "$@"; }

# vouched_for: a row says that the author's domain vouches for a mail, every way
vouched_for() { api "mail/inbox?limit=100" | grep -qE '"verified":1.*"authentication":\{"spf":"pass","dkim":"pass","dmarc":"pass"'; }

inbox_has() { api "mail/inbox?limit=100" | grep -qF "$1"; }
