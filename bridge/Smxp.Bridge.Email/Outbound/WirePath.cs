using Smxp.Mail.Smtp.Paths;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>Paths as <see cref="OutgoingMail"/> has them: quoted where they must be, without brackets; empty for the null path.</summary>
internal static class WirePath
{
    public static string Of(MailPath path) => path.ToString()[1..^1];
}
