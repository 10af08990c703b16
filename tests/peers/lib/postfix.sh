# Postfix at 127.0.0.3: the mail server of old.test, with Dovecot behind it.

postfix_start() {
    has postfix postfix || return 1
    local home=$DIR/postfix
    mkdir -p "$home/etc" "$home/spool" "$home/data"
    chown postfix "$home/data"
    : > "$home/postfix.log"
    cat > "$home/etc/main.cf" <<EOF
compatibility_level = 3.6
queue_directory = $home/spool
data_directory = $home/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = $home/postfix.log
maillog_file_prefixes = $DIR, /tmp
inet_interfaces = 127.0.0.3
inet_protocols = ipv4
smtp_bind_address = 127.0.0.3
myhostname = mail.old.test
mydomain = old.test
myorigin = old.test
mydestination =
mynetworks = 127.0.0.3/32
alias_maps =
local_recipient_maps =
relay_domains = old.test
relay_recipient_maps = inline:{carol@old.test=1, dave@old.test=1}
relay_transport = lmtp:inet:127.0.0.3:24
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination
smtp_tls_security_level = may
smtpd_milters = inet:127.0.0.4:8891
non_smtpd_milters = inet:127.0.0.4:8891
milter_default_action = accept
smtp_dns_support_level = enabled
minimal_backoff_time = 2s
maximal_backoff_time = 5s
queue_run_delay = 2s
EOF
    cat > "$home/etc/master.cf" <<EOF
25 inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
EOF
    inside postfix -c "$home/etc" start > "$DIR/postfix.log" 2>&1 || return 1
    before_end "inside postfix -c $home/etc stop"
    within 20 listens 127.0.0.3 25
}

# postfix_sends FROM TO SUBJECT: a mail out of Postfix
postfix_sends() {
    printf 'From: Carol Old <%s>\nTo: %s\nSubject: %s\nMessage-ID: <%s@old.test>\nDate: %s\n\nFrom Postfix.\n' "$1" "$2" "$3" "$(date +%s%N)" "$(date -R)" |
        inside sendmail -C "$DIR/postfix/etc" -f "$1" "$2"
}
