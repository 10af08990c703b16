# Dovecot at 127.0.0.3: takes what Postfix has for old.test by LMTP, shows it by IMAP.

dovecot_start() {
    has dovecot dovecot-imapd dovecot-lmtpd || return 1
    local home=$DIR/dovecot
    mkdir -p "$home/run" "$home/lib" "$home/mail"
    chown -R dovecot "$home/mail"
    printf 'carol@old.test:{PLAIN}secret\ndave@old.test:{PLAIN}secret\n' > "$home/users"
    cat > "$home/dovecot.conf" <<EOF
base_dir = $home/run
state_dir = $home/lib
instance_name = ${NET}
protocols = imap lmtp
listen = 127.0.0.3
ssl = no
disable_plaintext_auth = no
log_path = $home/log
mail_location = maildir:$home/mail/%u
first_valid_uid = 1
default_internal_user = dovecot
default_login_user = dovenull
auth_mechanisms = plain login
passdb {
  driver = passwd-file
  args = scheme=plain username_format=%u $home/users
}
userdb {
  driver = static
  args = uid=dovecot gid=dovecot home=$home/mail/%u
}
namespace inbox {
  inbox = yes
  separator = /
}
service imap-login {
  inet_listener imap {
    port = 143
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.3
    port = 24
  }
}
EOF
    start dovecot dovecot -F -c "$home/dovecot.conf"
    within 15 listens 127.0.0.3 143
}

# dovecot_mail WHO TEXT: prints the first mail of that mailbox whose bytes hold the text
dovecot_mail() {
    local count number
    count=$(inside curl -s "imap://127.0.0.3/" -u "$1:secret" -X 'STATUS INBOX (MESSAGES)' | grep -o 'MESSAGES [0-9]*' | cut -d' ' -f2)
    for number in $(seq "${count:-0}" -1 1); do
        inside curl -s "imap://127.0.0.3/INBOX;MAILINDEX=$number" -u "$1:secret" > "$DIR/mail.eml"
        if grep -qF "$2" "$DIR/mail.eml"; then cat "$DIR/mail.eml"; return 0; fi
    done
    return 1
}
dovecot_has() { dovecot_mail "$1" "$2" > /dev/null; }
