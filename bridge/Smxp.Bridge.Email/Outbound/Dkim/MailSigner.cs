using System.Text;
using Smxp.Bridge.Email.Inbound;
using Smxp.Mail.Authentication.Dkim;

namespace Smxp.Bridge.Email.Outbound.Dkim;

/// <summary>
/// Puts DKIM signatures on mail that is born here (RFC 6376): composed messages, notices, what users submit; not on mail passed on, which bears its author's.
/// The mail's octets stay as they are; the signatures go in front.
/// </summary>
internal sealed class MailSigner(SigningKeys keys, bool isOn, TimeProvider time)
{
    /// <summary>The mail, signed by its author's domain; as it is, where that is not served here.</summary>
    /// <param name="mail">A finished mail.</param>
    /// <param name="domain">The domain of its From, in A-labels.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public async Task<OutgoingMail> SignAsync(OutgoingMail mail, string domain, CancellationToken cancellationToken)
    {
        if (!isOn || await keys.FindAsync(domain.ToLowerInvariant(), cancellationToken) is not { } generation) return mail;
        await using var stream = mail.Open();
        var fields = await new DkimSigner(domain.ToLowerInvariant(), generation.Keys, time).SignAsync(stream, cancellationToken);
        byte[] signatures = Encoding.UTF8.GetBytes(string.Concat(fields.Select(static field => $"{field}\r\n")));
        return mail with { Size = mail.Size + signatures.Length, Open = () => new PrefixedStream(signatures, mail.Open()) };
    }
}
