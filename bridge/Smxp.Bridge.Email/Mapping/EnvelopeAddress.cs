using Smxp.Mail.Smtp.Paths;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>From SMTP paths to SMXP addresses.</summary>
internal static class EnvelopeAddress
{
    /// <summary>The address a path means; null where it can be none here (a null path, an address literal, a domain no name server knows).</summary>
    public static Address? From(MailPath path, string hostName)
    {
        if (path.IsNull || path.IsLiteral) return null;
        // RFC 5321 §4.5.1: postmaster without a domain is this server's own.
        string domain = path.IsPostmaster && path.Domain.Length == 0 ? hostName : path.Domain;
        return Address.TryParse($"{path.Local}@{domain}", out var address) ? address : null;
    }
}
