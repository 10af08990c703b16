using MimeKit;
using Smxp.Bridge.Email.Inbound.Policy;
using Smxp.Mail.Authentication;
using Smxp.Mail.Authentication.Dmarc;
using Smxp.Mail.Authentication.Results;
using Smxp.Mail.Smtp;
using Smxp.Plugins.Storage;

namespace Smxp.Bridge.Email.Inbound.Trust;

/// <summary>
/// Whether mail from outside is from whom it says. Each mail is asked about once, however many recipients it has, while it is read; <see cref="TrustPolicy"/> says what becomes of it,
/// <see cref="ResolverMailDns"/> asks the server's resolver. What was found is told in an Authentication-Results line, on the row, and to whoever asks for it.
/// </summary>
internal sealed class MailTrust(MailAuthenticator authenticator, BlockLists blockLists, Greylist greylist, Networks exempt, EmailSettings settings)
{
    private const string Quarantine = "quarantine";

    private readonly TrustPolicy _policy = new(settings.Trust);

    /// <summary>What the server decides about evaluating mail.</summary>
    public static AuthenticationOptions Options(EmailSettings settings) => new()
    {
        AuthservId = settings.HostName,
        DnsTimeout = TimeSpan.FromSeconds(settings.Trust.TimeoutSeconds),
        TrustedSealers = settings.Trust.TrustedSealers,
    };

    /// <summary>The return path as authentication knows it; empty for the null path.</summary>
    public static string ReturnPath(SmtpTransaction transaction) => transaction.Sender.IsNull ? "" : $"{transaction.Sender.Local}@{transaction.Sender.Domain}";

    /// <summary>Finds out about a mail. It reads the spool, which must outlive the task.</summary>
    public async Task<TrustFinding> EvaluateAsync(SmtpTransaction transaction, MimeMessage message, MessageSpool mail, CancellationToken cancellationToken)
    {
        if (transaction.Identity is { } identity) return new TrustFinding(null, Line(SignedIn(identity)), null, Verified: true);
        if (exempt.Contain(transaction.Client)) return TrustFinding.Unasked;
        var listings = await blockLists.AskAsync(transaction, cancellationToken);
        return settings.Trust.Enabled ? await JudgeAsync(transaction, message, mail, listings, cancellationToken) : Unjudged(listings);
    }

    private async Task<TrustFinding> JudgeAsync(SmtpTransaction transaction, MimeMessage message, MessageSpool mail, IReadOnlyList<BlockListing> listings, CancellationToken cancellationToken)
    {
        var found = await authenticator.EvaluateAsync(
            new AuthenticationRequest
            {
                Client = Networks.Plain(transaction.Client),
                Helo = transaction.ClientName,
                MailFrom = ReturnPath(transaction),
                HeaderFrom = Authors(transaction, message),
                OpenMessage = _ => new ValueTask<Stream>(mail.OpenRead()),
            },
            cancellationToken);
        var (refusal, treatment) = _policy.Decide(found);
        bool verified = found.Dmarc.Result == DmarcResult.Pass;
        if (verified && refusal is null) await greylist.RememberAsync(transaction, cancellationToken);
        var results = found.ToResults(settings.HostName);
        return new TrustFinding(
            refusal, Line(results with { Results = [.. results.Results, .. listings.Select(Result)] }), TrustFinding.Summarize(found, listings.Count > 0 ? Quarantine : treatment), verified);
    }

    // RFC 8601 §2.7.4: who signed in here is who he says, and sends as nobody else.
    private AuthenticationResults SignedIn(string identity) => new(settings.HostName, [new MethodResult("auth", "pass", null, [new("smtp", "auth", identity)])]);

    // RFC 8601 §2.2: that nobody looked is said too; it marks what others wrote in our name as theirs.
    private TrustFinding Unjudged(IReadOnlyList<BlockListing> listings) => new(
        null, Line(new AuthenticationResults(settings.HostName, [.. listings.Select(Result)])), listings.Count > 0 ? new AuthenticationSummary("none", "none", "none", "none", Quarantine) : null, Verified: false);

    private static MethodResult Result(BlockListing listing) => new("x-dnsbl", "fail", listing.Reason, [new("policy", "zone", listing.Zone), new("policy", "ip", listing.Client.ToString())]);

    // Everybody who may be shown as the author: every From, and where that names nobody, whom the mapping takes instead.
    private static List<string> Authors(SmtpTransaction transaction, MimeMessage message)
    {
        List<string> authors = [.. message.From.Mailboxes.Select(static mailbox => mailbox.Address).Where(static address => address.Contains('@', StringComparison.Ordinal))];
        if (authors.Count == 0 && message.Sender is { } sender) authors.Add(sender.Address);
        if (authors.Count == 0 && !transaction.Sender.IsNull) authors.Add(ReturnPath(transaction));
        return authors;
    }

    private static string Line(AuthenticationResults results) => $"{AuthenticationResults.HeaderName}: {results}\r\n";
}
