using System.Net;

namespace Smxp.Mail.Smtp.Limits;

/// <summary>How much one client (an IPv4 address, or an IPv6 /64) may do in a minute, evenly or at once; 0 for no limit.</summary>
public sealed record RateLimits
{
    /// <summary>Connections.</summary>
    public int ConnectionsPerMinute { get; init; }

    /// <summary>Mails begun.</summary>
    public int MailsPerMinute { get; init; }

    /// <summary>Recipients named.</summary>
    public int RecipientsPerMinute { get; init; }

    /// <summary>Clients without such limits.</summary>
    public IReadOnlyList<IPNetwork> Exempt { get; init; } = [];
}
