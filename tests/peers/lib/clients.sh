# What people send mail with, and what those try who want others' servers to send theirs.

answer_threads() {
    local parent
    dovecot_mail carol@old.test "From SMXP to Dovecot" > "$DIR/answer.eml" || return 1
    parent=$(api "bridge/email/messages/$message/original" | grep -i '^Message-ID:' | grep -o '<[^>]*>')
    tr -d '\r' < "$DIR/answer.eml" | sed ':a;N;$!ba;s/\n[ \t]/ /g' | grep -i '^In-Reply-To:' | grep -qF "$parent"
}

# Whoever signs is checked by OpenDKIM at the door of Postfix, which writes down what it found.
check_signature() {
    grep -qi '^DKIM-Signature:' "$DIR/answer.eml" || { skip "DKIM of outgoing mail: the gateway does not sign"; return; }
    [ -f "$DIR/opendkim/peers.private" ] || { skip "DKIM of outgoing mail: opendkim"; return; }
    step "OpenDKIM verifies the gateway's signature" bash -c "tr -d '\r' < '$DIR/answer.eml' | sed ':a;N;\$!ba;s/\n[ \t]/ /g' | grep -i '^Authentication-Results: mail.old.test' | grep -q 'dkim=pass'"
}

refused_at_once() { api mail/send -d "{\"to\":\"$1\",\"body\":\"never\"}" | grep -q '"status":"failed".*null MX'; }

submit_with_clients() {
    local mail="$DIR/client.eml"
    printf 'From: Erin <erin@old.test>\r\nTo: alice@smxp.test\r\nSubject: From CLIENT\r\nMessage-ID: <CLIENT.%s@old.test>\r\n\r\nHello.\r\n' "$$" > "$DIR/client.template"

    sed 's/CLIENT/curl/' "$DIR/client.template" > "$mail"
    step "curl submits a mail" inside curl -sf "smtp://$GATEWAY:25" --interface 127.0.0.3 --mail-from erin@old.test --mail-rcpt alice@smxp.test -T "$mail"
    step "alice has it" within 10 inbox_has "From curl"

    if has swaks swaks; then
        step "swaks submits a mail under TLS" inside swaks --server "$GATEWAY:25" --local-interface 127.0.0.3 --tls --from erin@old.test --to alice@smxp.test --header "Subject: From swaks" --body Hello
        step "alice has it" within 10 inbox_has "From swaks"
    else skip swaks; fi

    if has msmtp msmtp; then
        sed 's/CLIENT/msmtp/' "$DIR/client.template" | tr -d '\r' > "$mail"
        step "msmtp submits a mail" bash -c "ip netns exec $NET msmtp --host=$GATEWAY --port=25 --source-ip=127.0.0.3 --from=erin@old.test --read-recipients < '$mail'"
        step "alice has it" within 10 inbox_has "From msmtp"
    else skip msmtp; fi

    if has mutt mutt; then
        printf 'set smtp_url="smtp://gw.smxp.test:25"\nset ssl_ca_certificates_file="%s"\nset from="erin@old.test"\nset use_from=yes\nset use_envelope_from=yes\nset copy=no\n' "$DIR/gateway.pem" > "$DIR/muttrc"
        step "mutt submits a mail" bash -c "echo Hello | HOME='$DIR' ip netns exec $NET mutt -n -F '$DIR/muttrc' -s 'From mutt' alice@smxp.test"
        step "alice has it" within 10 inbox_has "From mutt"
    else skip mutt; fi
}

# relays RECIPIENT [SENDER]: true where the gateway takes mail for a recipient it does not serve
relays() {
    local status
    inside swaks --server "$GATEWAY:25" --local-interface 127.0.0.3 --from "${2:-erin@old.test}" --to "$1" --quit-after RCPT > "$DIR/relay.log" 2>&1
    grep -q '^<-  250.*' <(sed -n '/RCPT TO/,$p' "$DIR/relay.log")
}

relay_battery() {
    has swaks swaks || { skip "open-relay battery: swaks"; return; }
    local recipient
    step "takes mail for alice, so the battery would see a mail taken" relays alice@smxp.test
    for recipient in \
        victim@elsewhere.test 'victim%elsewhere.test@smxp.test' 'elsewhere.test!victim' 'elsewhere.test!victim@smxp.test' '"victim@elsewhere.test"' \
        '"victim@elsewhere.test"@smxp.test' '"victim%elsewhere.test"@smxp.test' '@smxp.test:victim@elsewhere.test' '@gw.smxp.test,@smxp.test:victim@elsewhere.test' \
        'victim@elsewhere.test@smxp.test' 'victim@[127.0.0.3]' 'victim@[IPv6:::1]' 'victim%elsewhere.test' 'victim@elsewhere.test.' 'alice@smxp.test@elsewhere.test' \
        'victim_at_elsewhere.test@smxp.test' 'alice_at_smxp.test@smxp.test'; do
        step "does not relay to $recipient" refuses relays "$recipient"
    done
    for sender in '' alice@smxp.test postmaster@gw.smxp.test victim@elsewhere.test; do
        step "does not relay for sender <$sender>" refuses relays victim@elsewhere.test "${sender:-<>}"
    done
}
