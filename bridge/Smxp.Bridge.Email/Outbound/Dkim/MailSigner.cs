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
    /// <summary>The mail, to be signed by its author's domain once the form is known in which it leaves; as it is, where that is not served here.</summary>
    /// <param name="mail">A finished mail.</param>
    /// <param name="domain">The domain of its From, in A-labels.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public async Task<OutgoingMail> SignAsync(OutgoingMail mail, string domain, CancellationToken cancellationToken)
    {
        string name = domain.ToLowerInvariant();
        if (!isOn || await keys.FindAsync(name, cancellationToken) is not { } generation) return mail;
        return mail with { Sign = (form, cancel) => SignAsync(form, new DkimSigner(name, generation.Keys, new SigningTime(mail.WrittenAt ?? time.GetUtcNow(), time)), cancel) };
    }

    private static async Task<OutgoingMail> SignAsync(OutgoingMail mail, DkimSigner signer, CancellationToken cancellationToken)
    {
        await using var stream = mail.Open();
        var fields = await signer.SignAsync(stream, cancellationToken);
        byte[] signatures = Encoding.UTF8.GetBytes(string.Concat(fields.Select(static field => $"{field}\r\n")));
        return mail with { Size = mail.Size + signatures.Length, Open = () => new PrefixedStream(signatures, mail.Open()) };
    }

    // The same mail to several, or at a later attempt, is the same to the octet. A signature from the future would be refused (RFC 6376 §3.5, t=).
    private sealed class SigningTime(DateTimeOffset written, TimeProvider clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() is var now && written < now ? written : now;
    }
}
