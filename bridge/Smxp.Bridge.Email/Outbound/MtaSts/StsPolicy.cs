namespace Smxp.Bridge.Email.Outbound.MtaSts;

/// <summary>A domain's MTA-STS policy (RFC 8461 §3.2).</summary>
/// <param name="Mode">How it is to be taken.</param>
/// <param name="Servers">The patterns of its mail servers' names, lower-case.</param>
/// <param name="MaxAge">How long it may be kept.</param>
internal sealed record StsPolicy(StsMode Mode, IReadOnlyList<string> Servers, TimeSpan MaxAge)
{
    /// <summary>Whether a mail server is one of those named: RFC 8461 §4.1, where "*." stands for exactly one label.</summary>
    public bool Covers(string server)
    {
        server = server.TrimEnd('.').ToLowerInvariant();
        int dot = server.IndexOf('.', StringComparison.Ordinal);
        return Servers.Any(pattern => pattern.StartsWith("*.", StringComparison.Ordinal) ? dot > 0 && server.AsSpan(dot).SequenceEqual(pattern.AsSpan(1)) : pattern == server);
    }
}

/// <summary>How a policy is to be taken (RFC 8461 §5).</summary>
internal enum StsMode
{
    /// <summary>There is no policy any more.</summary>
    None,

    /// <summary>Failures are counted and do no harm.</summary>
    Testing,

    /// <summary>Nothing goes to a server that does not fit.</summary>
    Enforce,
}
