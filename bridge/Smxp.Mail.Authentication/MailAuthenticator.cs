using System.Net;
using System.Security.Cryptography;
using Smxp.Mail.Authentication.Arc;
using Smxp.Mail.Authentication.Dkim;
using Smxp.Mail.Authentication.Dmarc;
using Smxp.Mail.Authentication.Dns;
using Smxp.Mail.Authentication.Messages;
using Smxp.Mail.Authentication.PublicSuffix;
using Smxp.Mail.Authentication.Spf;

namespace Smxp.Mail.Authentication;

/// <summary>Finds out where a mail comes from: SPF, DKIM, DMARC and ARC in one evaluation, with one deadline and no question asked twice.
/// It judges and changes nothing; the server decides what to do. Serves any number of mails at a time.</summary>
public sealed class MailAuthenticator
{
    private readonly IMailDns _dns;
    private readonly AuthenticationOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<PublicSuffixList> _suffixes;
    private readonly Func<int, int> _random;

    /// <summary>An authenticator over a resolver.</summary>
    /// <param name="dns">The resolver.</param>
    /// <param name="options">What the server decides.</param>
    /// <param name="time">The clock.</param>
    /// <param name="suffixes">Gives the Public Suffix List to use; asked for each mail, so that it may be replaced. The shipped one where null.</param>
    /// <param name="random">Draws a number from 0 below its argument, for DMARC's sampling; the system's random numbers where null.</param>
    public MailAuthenticator(IMailDns dns, AuthenticationOptions options, TimeProvider time, Func<PublicSuffixList>? suffixes = null, Func<int, int>? random = null)
    {
        _dns = dns;
        _options = options;
        _time = time;
        _suffixes = suffixes ?? (static () => PublicSuffixList.Shipped);
        _random = random ?? RandomNumberGenerator.GetInt32;
    }

    /// <summary>Evaluates a mail. DNS that does not answer is a temporary error in the results; only a message that cannot be read throws.</summary>
    public async Task<MailAuthentication> EvaluateAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.DnsTimeout, _time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var dns = new EvaluationDns(_dns, deadline.Token, cancellationToken);

        var spfCheck = SpfCheck.RunAsync(dns, new SpfRequest(request.Client, request.Helo, request.MailFrom, _options.AuthservId), _time, cancellationToken);
        var messageCheck = CheckMessageAsync(dns, request, cancellationToken);
        await Task.WhenAll(spfCheck, messageCheck).ConfigureAwait(false);
        var spf = await spfCheck.ConfigureAwait(false);
        var (dkim, arc, fields) = await messageCheck.ConfigureAwait(false);

        string[] authors = [.. request.HeaderFrom.Select(static address => address[(address.LastIndexOf('@') + 1)..])];
        var dmarc = await new DmarcCheck(dns, _suffixes(), _random).RunAsync(authors, fields, spf, dkim, cancellationToken).ConfigureAwait(false);
        return new MailAuthentication(spf, dkim, new TrustedSealers(_options.TrustedSealers).Override(dmarc, arc), arc, request);
    }

    /// <summary>Whether a client may send for a return path (SPF), before there is a message; <paramref name="mailFrom"/> is empty for the null path.</summary>
    public async Task<SpfVerdict> CheckSenderAsync(IPAddress client, string helo, string mailFrom, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.DnsTimeout, _time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        return await SpfCheck.RunAsync(new EvaluationDns(_dns, deadline.Token, cancellationToken), new SpfRequest(client, helo, mailFrom, _options.AuthservId), _time, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(IReadOnlyList<DkimVerdict> Dkim, ArcVerdict Arc, int FromFields)> CheckMessageAsync(IMailDns dns, AuthenticationRequest request, CancellationToken cancellationToken)
    {
        var stream = await request.OpenMessage(cancellationToken).ConfigureAwait(false);
        await using var _ = stream.ConfigureAwait(false);
        if (await RawMessage.ReadAsync(stream, cancellationToken).ConfigureAwait(false) is not { } message)
            return ([new DkimVerdict(DkimResult.Policy, "", "", "", "", "", Reason: "the header is too long")], ArcVerdict.None, 1);

        var dkim = new DkimVerifier(dns, _time, _options.MaxSignatures);
        var signatures = dkim.Read(message);
        var sets = ArcSet.Read(message, _time.GetUtcNow(), out string? fault);
        var keys = signatures.Select(signature => dkim.FindKeyAsync(signature, cancellationToken)).ToArray();

        using var hashes = new BodyHashes();
        foreach (var signature in signatures.Where(static signature => signature.Fault is null)) hashes.Want(signature);
        if (sets.Count > 0 && sets[^1].MessageSignature.Fault is null) hashes.Want(sets[^1].MessageSignature);
        await hashes.ReadAsync(message, cancellationToken).ConfigureAwait(false);

        var chain = new ArcVerifier(dns).DecideAsync(sets, fault, message, hashes, cancellationToken);
        var verdicts = await Task.WhenAll(signatures.Select((signature, i) => DkimVerifier.DecideAsync(signature, message, hashes, keys[i]))).ConfigureAwait(false);
        return (verdicts, await chain.ConfigureAwait(false), message.Headers.Count(static header => header.Is("From")));
    }
}
