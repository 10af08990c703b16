using MimeKit;
using Smxp.Mail.Authentication;
using Smxp.Mail.Authentication.Dmarc;
using Smxp.Mail.Authentication.PublicSuffix;
using Smxp.Mail.Authentication.Results;
using Smxp.Mail.Smtp;
using Smxp.Plugins.Dns;

namespace Smxp.Bridge.Email.Inbound.Trust;

/// <summary>
/// Whether mail from outside is from whom it says. Each mail is asked about once, however many recipients it has, while it is read; <see cref="TrustPolicy"/> says what becomes of it,
/// <see cref="ResolverMailDns"/> asks the server's resolver, and what was found is told in an Authentication-Results line, on the row, and to whoever asks for it.
/// </summary>
internal sealed class MailTrust
{
    private readonly TrustSettings _settings;
    private readonly string _hostName;
    private readonly TrustPolicy _policy;
    private readonly Networks _skipped;
    private readonly MailAuthenticator _authenticator;

    public MailTrust(IDnsResolver dns, Func<PublicSuffixList> suffixes, EmailSettings settings, TimeProvider time)
    {
        _settings = settings.Trust;
        _hostName = settings.HostName;
        _policy = new TrustPolicy(_settings);
        _skipped = new Networks(_settings.SkipFor ?? TrustSettings.DefaultSkipFor);
        var options = new AuthenticationOptions
        {
            AuthservId = _hostName,
            DnsTimeout = TimeSpan.FromSeconds(_settings.TimeoutSeconds),
            TrustedSealers = _settings.TrustedSealers,
        };
        _authenticator = new MailAuthenticator(new ResolverMailDns(dns), options, time, suffixes);
    }

    /// <summary>Finds out about a mail. It reads the spool, which must outlive the task.</summary>
    public async Task<TrustFinding> EvaluateAsync(SmtpTransaction transaction, MimeMessage message, MessageSpool mail, CancellationToken cancellationToken)
    {
        if (_skipped.Contain(transaction.Client)) return TrustFinding.Unasked;
        // RFC 8601 §2.2: that nobody looked is said too; it marks what others wrote in our name as theirs.
        if (!_settings.Enabled) return TrustFinding.Unasked with { Results = Line(new AuthenticationResults(_hostName, [])) };

        var found = await _authenticator.EvaluateAsync(
            new AuthenticationRequest
            {
                Client = Networks.Plain(transaction.Client),
                Helo = transaction.ClientName,
                MailFrom = transaction.Sender.IsNull ? "" : $"{transaction.Sender.Local}@{transaction.Sender.Domain}",
                HeaderFrom = Authors(transaction, message),
                OpenMessage = _ => new ValueTask<Stream>(mail.OpenRead()),
            },
            cancellationToken);
        var (refusal, treatment) = _policy.Decide(found);
        return new TrustFinding(refusal, Line(found.ToResults(_hostName)), TrustFinding.Summarize(found, treatment), found.Dmarc.Result == DmarcResult.Pass);
    }

    // Everybody who may be shown as the author: every From, and where that names nobody, whom the mapping takes instead.
    private static List<string> Authors(SmtpTransaction transaction, MimeMessage message)
    {
        List<string> authors = [.. message.From.Mailboxes.Select(static mailbox => mailbox.Address).Where(static address => address.Contains('@', StringComparison.Ordinal))];
        if (authors.Count == 0 && message.Sender is { } sender) authors.Add(sender.Address);
        if (authors.Count == 0 && !transaction.Sender.IsNull) authors.Add($"{transaction.Sender.Local}@{transaction.Sender.Domain}");
        return authors;
    }

    private static string Line(AuthenticationResults results) => $"{AuthenticationResults.HeaderName}: {results}\r\n";
}
